"""The language a flow is written in: its mistakes and its prompts."""

from collections.abc import Iterator

import pytest
from django.core.checks import run_checks
from django.core.management import call_command

from calls.models import Turn
from flows import Flow, Next, ask, say
from flows.attempts import AttemptResult, Rung
from flows.deciding import Decision
from flows.engine import begin, proceed
from flows.flow import FlowError, registry, twins
from flows.grammars import Digits, Options
from flows.graph import describe
from flows.prompts import fill
from flows.scene import Scene
from tropo import Ask, Recognition, Result, Say


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    before = dict(registry)
    yield
    registry.clear()
    registry.update(before)
    twins.clear()


def said(decision: Decision) -> list[str]:
    words: list[str] = []
    for action in decision.document.actions:
        if isinstance(action, Say):
            words.append(action.body()["value"])
        elif isinstance(action, Ask):
            words += [prompt["value"] for prompt in action.body()["say"]]
    return words


def answer(decision: Decision, flow: type[Flow], **heard: object) -> Decision:
    recognition = Recognition(name=decision.state.step, **heard)  # type: ignore[arg-type]  # by keyword
    return proceed(flow, Scene(), decision.state, Result(session_id="session", actions=(recognition,)))


class Tour(Flow):
    """Speaks on the way, loops, and keeps what it was told."""

    @say("Welcome to the tour.")
    def start(self) -> Next:
        self.data["seen"] = 0
        return self.item

    @ask("Which item? You have {data.seen}.", Options(more="1", enough="2"), reject_below=60, attempts=2)
    def item(self, answer: str) -> Next:
        self.data["seen"] += 1
        if answer == "more":
            return self.item
        self.say("You said {answers.item} last, and {} braces stay.")
        self.say(" ".join(self.answers.all("item")))
        return None


def test_a_say_step_is_spoken_in_the_document_of_the_question_behind_it() -> None:
    assert said(begin(Tour, Scene())) == ["Welcome to the tour.", "Which item? You have 0."]


def test_a_loop_makes_visits_and_keeps_every_answer() -> None:
    first = begin(Tour, Scene())
    second = answer(first, Tour, disposition="SUCCESS", mode="keypad", interpretation="1")
    last = answer(second, Tour, disposition="SUCCESS", mode="keypad", interpretation="2")
    assert [(decision.state.visit, decision.state.attempt) for decision in (first, second)] == [
        (1, 1),
        (2, 1),
    ]
    assert said(last) == ["You said enough last, and {} braces stay.", "more enough"]
    assert last.state.step == ""


@pytest.mark.parametrize(
    ("heard", "result"),
    [
        ({"disposition": "TIMEOUT"}, "no input"),
        ({}, "no input"),
        ({"disposition": "NOMATCH"}, "no match"),
        (
            {"disposition": "SUCCESS", "mode": "speech", "interpretation": "less", "confidence": 99},
            "no match",
        ),
        (
            {"disposition": "SUCCESS", "mode": "speech", "interpretation": "more", "confidence": 59},
            "low confidence",
        ),
        (
            {"disposition": "SUCCESS", "mode": "speech", "interpretation": "more", "confidence": 60},
            "answered",
        ),
        ({"disposition": "SUCCESS", "mode": "keypad", "interpretation": "1", "confidence": 0}, "answered"),
    ],
)
def test_how_an_attempt_ends(heard: dict[str, object], result: str) -> None:
    decision = answer(begin(Tour, Scene()), Tour, **heard)
    assert decision.attempt is not None
    assert decision.attempt.result == result


def test_after_the_last_attempt_without_otherwise_the_end_is_polite() -> None:
    second = answer(begin(Tour, Scene()), Tour, disposition="TIMEOUT")
    assert said(second) == ["Sorry, I did not hear you.", "Which item? You have 0."]
    assert said(answer(second, Tour, disposition="TIMEOUT")) == [
        "We are sorry that we could not understand you. Please call again later."
    ]


def test_the_words_of_the_engine_are_the_words_of_the_record() -> None:
    assert set(AttemptResult) == set(Turn.Result.values)
    assert set(Rung) == set(Turn.Rung.values)


def test_a_step_that_a_new_version_no_longer_has_begins_the_flow_anew() -> None:
    first = begin(Tour, Scene())
    gone = Decision(first.document, type(first.state)(step="gone", visit=4, attempt=1))
    assert said(answer(gone, Tour))[:2] == [
        "We have just changed this service. Let us begin anew.",
        "Welcome to the tour.",
    ]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Was that {answers.city}?", "Was that O&lt;Hare {data.x} {0.__class__}?"),
        ("You have {data.count} left.", "You have 3 left."),
        ("{answers.other}{data.none}", ""),
        (
            "{value} {answers} {} {{}} {answers.city.__class__}",
            "{value} {answers} {} {{}} {answers.city.__class__}",
        ),
        ("Was that {value}?", "Was that {value}?"),
        ("AT&T", "AT&amp;T"),
        (
            "<speak>Hi <break/> {answers.city}</speak>",
            "<speak>Hi <break/> O&lt;Hare {data.x} {0.__class__}</speak>",
        ),
    ],
)
def test_prompts_are_filled_in_one_pass(text: str, spoken: str) -> None:
    places = {"answers": {"city": "O<Hare {data.x} {0.__class__}"}, "data": {"count": 3}}
    assert fill(text, places) == spoken


def test_a_step_that_does_not_exist_is_seen_when_the_class_is_made() -> None:
    with pytest.raises(FlowError, match=r"Lost\.start: otherwise='desk' is no step of it \(start\)"):

        class Lost(Flow):
            @ask("Yes?", Digits(1), otherwise="desk")
            def start(self, answer: str) -> Next:
                return None


def test_two_flows_of_one_name_are_a_system_check() -> None:
    other = type("Reception", (Tour,), {"__module__": "elsewhere"})
    assert issubclass(other, Flow)
    found = [message for message in run_checks() if message.id == "flows.E001"]
    assert len(found) == 1
    assert "elsewhere.Reception" in found[0].msg


def test_the_command_lists_the_flows(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("flows")
    assert f"{describe(registry['reception']).version[:8]}" in capsys.readouterr().out
