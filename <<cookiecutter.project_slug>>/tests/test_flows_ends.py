"""`ended()`: every flow that was under way hears of the end exactly once, the innermost first, by any end."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from calls.models import Call, Line, Run, Turn
from flows import Flow, Leg, Message, Next, ask, dial, hang_up, record, reject, say, transfer
from flows.grammars import Options
from phone.testing import Caller
from tests.webhook import keyed, next_of, post, result, session

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class Noting(Flow):
    """Writes a row when all is over."""

    def ended(self) -> None:
        Line.objects.create(number=f"end-{Line.objects.count()}", flow=self.name, label=self.outcome)


class Outer(Noting):
    """Every way out of a call."""

    @ask(
        "Where to?",
        Options(inner="1", ring="2", note="3", bye="4", raises="5", inner_then="6", other="7", talk="8"),
        attempts=1,
    )
    def start(self, answer: str) -> Next:
        match answer:
            case "raises":
                raise RuntimeError("the owner's own fault")
            case "inner":
                return self.call(Inner)
            case "inner_then":
                return self.call(Inner, then=self.bye)
            case "other":
                return Inner
        return {"ring": self.ring, "note": self.note, "talk": self.talk}.get(answer, self.bye)

    @transfer("+15550111")
    def ring(self, leg: Leg) -> Next:
        self.outcome = f"rang: {leg.outcome}"
        return None

    @record("Speak.")
    def note(self, message: Message) -> Next:
        self.outcome = "noted" if message.left else "not noted"
        return None

    @say("A long story.")
    def talk(self) -> Next:
        return self.start

    @hang_up("Bye.")
    def bye(self) -> None:
        self.outcome = "bye"


class Inner(Noting):
    """A part of other conversations."""

    @ask("Inside?", Options(deeper="1", out="2", bye="3", raises="4"), attempts=1)
    def start(self, answer: str) -> Next:
        match answer:
            case "raises":
                raise RuntimeError("the owner's own fault")
            case "deeper":
                return self.call(Innermost)
        return self.bye if answer == "bye" else None

    @hang_up("Bye from inside.")
    def bye(self) -> None:
        self.outcome = "bye inside"


class Innermost(Noting):
    """A part of a part."""

    @ask("Deep inside?", Options(out="2"), attempts=1)
    def start(self, answer: str) -> Next:
        return None


class Refusing(Noting):
    """Takes no calls."""

    @reject
    def start(self) -> None:
        self.outcome = "refused"


class Stubborn(Noting):
    """Fails at its end, in one of three ways."""

    @ask("Which way?", Options(raises="1", data="2", outcome="3", flow="4"))
    def start(self, answer: str) -> Next:
        return self.call(Inner) if answer == "flow" else self.start

    def ended(self) -> None:
        super().ended()
        match self.answers.all("start")[:1]:
            case ["raises"] | ["flow"]:
                raise RuntimeError("too late")
            case ["data"]:
                self.data["when"] = {1: "number"}
            case ["outcome"]:
                self.outcome = 7  # type: ignore[assignment]  # the mistake


class Nudging(Noting):
    """A call of ours."""

    @ask("Will you come?", Options(yes="1"))
    def start(self, answer: str) -> Next:
        self.outcome = "comes"
        return None


def told() -> list[str]:
    """The flows that heard of the end, in that order."""
    return list(Line.objects.filter(number__startswith="end-").order_by("id").values_list("flow", flat=True))


ENDS: dict[str, tuple[Callable[[Caller], Any], list[str]]] = {
    "at a question": (lambda caller: caller.hangs_up(), ["outer"]),
    "within a prompt": (lambda caller: caller.presses("8").hangs_up(after=0.5), ["outer"]),
    "given up": (lambda caller: caller.stays_silent().hears_hang_up(), ["outer"]),
    "by the application": (lambda caller: caller.presses("4").hears_hang_up(), ["outer"]),
    "after a transfer": (lambda caller: caller.presses("2").hears_hang_up(), ["outer"]),
    "after a handler failed": (lambda caller: caller.presses("5").hears_hang_up(), ["outer"]),
    "in another flow for good": (lambda caller: caller.presses("7").hangs_up(), ["inner"]),
    "in a sub-flow": (lambda caller: caller.presses("1").hangs_up(), ["inner", "outer"]),
    "three deep": (
        lambda caller: caller.presses("1").presses("1").hangs_up(),
        ["innermost", "inner", "outer"],
    ),
    "with a sub-flow": (lambda caller: caller.presses("1").presses("2").hears_hang_up(), ["inner", "outer"]),
    "all at once": (
        lambda caller: caller.presses("1").presses("1").presses("2").hears_hang_up(),
        ["innermost", "inner", "outer"],
    ),
    "hung up in a sub-flow": (
        lambda caller: caller.presses("1").presses("3").hears("Bye from inside.").hears_hang_up(),
        ["inner", "outer"],
    ),
    "failed in a sub-flow": (
        lambda caller: caller.presses("1").presses("4").hears_hang_up(),
        ["inner", "outer"],
    ),
    "back from a sub-flow": (
        lambda caller: caller.presses("6").presses("2").hears("Bye.").hears_hang_up(),
        ["outer"],
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_every_flow_hears_of_the_end_once(end: str, caller: Caller) -> None:
    act, expected = ENDS[end]
    act(caller.dials("outer"))
    assert told() == expected
    assert Call.objects.get().state == "ended"
    assert Run.objects.get().ended_at is not None


@pytest.mark.parametrize("step", ["ring", "note"])
@pytest.mark.parametrize("heard", [True, False])
def test_a_transfer_or_a_recording_cut_by_hanging_up_ends_once(step: str, heard: bool) -> None:
    first = post(session(), "/tropo/?flow=outer")
    second = post(result(keyed("start", "2" if step == "ring" else "3")), next_of(first))
    action = {"name": step, "disposition": "SUCCESS", "duration": 900} if heard else None
    for _ in range(2):
        post(result(action, state="DISCONNECTED"), next_of(second, "hangup"))
    assert told() == ["outer"]
    outcome = {"ring": "rang: success", "note": "noted"}[step] if heard else ""
    assert Line.objects.get().label == outcome


@pytest.mark.parametrize("keys", ["1", "4", "5"])
@pytest.mark.parametrize("order", ["answer first", "hang-up first"])
def test_an_answer_and_its_hang_up_end_once_in_either_order(order: str, keys: str) -> None:
    first = post(session(), "/tropo/?flow=outer")
    answer = (result(keyed("start", keys)), next_of(first))
    end = (result(state="DISCONNECTED"), next_of(first, "hangup"))
    for body, address in [answer, end] if order == "answer first" else [end, answer]:
        post(body, address)
        post(body, address)
    late = order == "hang-up first"
    assert told() == (["outer"] if late or keys != "1" else ["inner", "outer"])
    assert Turn.objects.filter(step="start", interpretation=keys).count() == 1
    assert Call.objects.get().state == "ended"


def test_a_last_document_that_could_not_be_run_is_one_end() -> None:
    response = post(result(keyed("start", "4")), next_of(post(session(), "/tropo/?flow=outer")))
    for event in ("error", "continue", "hangup"):
        post(result(error="there is no call"), next_of(response, event))
    post(result(state="DISCONNECTED"), next_of(response, "hangup"))
    assert told() == ["outer"]


def test_a_call_that_is_not_answered_is_an_end(caller: Caller) -> None:
    caller.dials("refusing")
    assert (told(), Run.objects.get().outcome) == (["refusing"], "refused")


@pytest.mark.parametrize("far_end", ["busy", "silent", "rejects", "fails", "machine"])
def test_a_call_of_ours_that_reached_nobody_is_an_end(far_end: str, caller: Caller) -> None:
    dial(Nudging, "+14075550142")
    call_command("dial", due=True, verbosity=0)
    caller.is_called(far_end=far_end)
    assert told() == ["nudging"]
    assert Call.objects.get().state == "ended"


def test_a_call_of_ours_that_reached_somebody_ends_once(caller: Caller) -> None:
    dial(Nudging, "+14075550142")
    call_command("dial", due=True, verbosity=0)
    caller.is_called().presses("1")
    assert (told(), Line.objects.get().label) == (["nudging"], "comes")


class TestTexts:
    def test_a_conversation_that_is_over(self, caller: Caller) -> None:
        caller.texts("bye", "outer").hears("Bye.")
        assert (told(), Line.objects.get().label) == (["outer"], "bye")

    def test_a_conversation_in_a_sub_flow_that_is_over(self, caller: Caller) -> None:
        caller.texts("inner", "outer").texts("out").hears("Goodbye.")
        assert told() == ["inner", "outer"]

    def test_a_conversation_that_is_stopped_in_a_sub_flow(self, caller: Caller) -> None:
        caller.texts("inner", "outer").texts("STOP")
        assert told() == ["inner", "outer"]

    def test_a_conversation_whose_handler_failed(self, caller: Caller) -> None:
        caller.texts("raises", "outer").hears("something went wrong")
        assert told() == ["outer"]

    def test_a_conversation_that_nothing_came_to(self, caller: Caller, settings: Settings) -> None:
        caller.texts("inner", "outer")
        settings.TEXT_MAX = 0
        caller.texts("inner", "outer")
        assert told() == ["inner", "outer"]

    @pytest.mark.parametrize("event", ["error", "continue", "incomplete", "hangup"])
    def test_a_last_text_that_could_not_be_sent_is_no_second_end(self, event: str) -> None:
        ends: Any = {
            "from": {"id": "14075550142", "channel": "TEXT"},
            "to": {"id": "4075550100", "channel": "TEXT"},
        }
        last = post(session(initialText="bye", **ends), "/tropo/?flow=outer")
        assert told() == ["outer"]
        ended_at = Run.objects.get().ended_at
        for state in ("ANSWERED", "DISCONNECTED"):
            post(result(error="not sent", state=state), next_of(last, event))
        assert told() == ["outer"]
        assert Run.objects.get().ended_at == ended_at


@pytest.mark.parametrize("way", ["1", "2", "3"])
def test_an_end_that_fails_stays_an_end(way: str, caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    caller.dials("stubborn").presses(way).hangs_up()
    call = Call.objects.get()
    assert (call.state, call.run.ended_at is not None, told()) == ("ended", True, [])
    assert [f"call {call.pk}: the flow stubborn raised at its end" in line for line in logged(caplog)] == [
        True
    ]


def test_an_end_that_fails_leaves_the_others_theirs(caller: Caller) -> None:
    caller.dials("stubborn").presses("4").hangs_up()
    assert told() == ["inner"]


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "flows"]


def test_what_the_end_wrote_is_there_when_the_call_is_over() -> None:
    first = post(session(), "/tropo/?flow=outer")
    response = post(result(state="DISCONNECTED"), next_of(first, "hangup"))
    assert json.loads(response.content) == {"tropo": []}
    assert Line.objects.get().label == ""
