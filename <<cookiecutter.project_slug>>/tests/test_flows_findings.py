"""What is wrong with a flow as it is written is found, with its place and what to do."""

from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

from calls.models import FlowVersion, Turn
from flows import Flow, Leg, Next, ask, say, transfer
from flows.findings import Finding, Level, certain, everything
from flows.findings.live import callers_on_lost_steps, ways_unseen
from flows.findings.prompts import built_texts, unknown_places
from flows.findings.study import Study
from flows.flow import registry, twins
from flows.grammars import Digits, Options
from flows.graph import describe
from tests.rows import NOON, SECOND, a_call, a_run, a_turn

MENU = Options(yes="1", no="2")


class Keyless(Options):
    keyless = ("maybe",)


@pytest.fixture(autouse=True)
def registered(settings: Settings) -> Iterator[None]:
    """Only the flow of a test: what others do wrong is their tests' business."""
    settings.DEFAULT_FLOW = "reception"
    before = dict(registry)
    for name in before.keys() - {"reception"}:
        del registry[name]
    yield
    registry.clear()
    registry.update(before)
    twins.clear()


def of(flow: type[Flow], found: list[Finding] | None = None) -> list[tuple[str, str]]:
    """The ids and messages of the findings that name a flow."""
    known = certain() if found is None else found
    return [(one.id, one.message) for one in known if flow.__name__ in one.message]


def test_the_generated_flows_are_without_findings() -> None:
    assert certain() == []


def test_a_step_that_does_not_exist() -> None:
    class Misspelt(Flow):
        @ask("Where?", MENU, otherwise="city")
        def start(self, answer: str) -> Next:
            step: Next = self.cty  # type: ignore[attr-defined]  # the mistake
            return step

        @ask("Which city?", MENU)
        def city(self, answer: str) -> Next:
            self.outcome = "done"
            self.note = answer
            return None if self.note and self.caller else self.start

    (found,) = [one for one in certain() if "Misspelt" in one.message]
    line = Misspelt.steps["start"].place()[1] + 2
    assert (found.id, found.hint, found.line) == ("flows.E003", "Did you mean self.city?", line)
    assert found.message.endswith("names self.cty, and Misspelt has no such step or attribute.")
    assert found.file == __file__
    assert found.level is Level.ERROR


def test_places_that_nothing_fills() -> None:
    class Gaps(Flow):
        goodbye = "Bye {data.nobody}."

        @ask("From {answers.start} by {data.count}?", MENU, confirm="Was that {value}?")
        def start(self, answer: str) -> Next:
            self.data["count"] = 1
            self.say("To {answers.strat}, {data.cuont}, {answer} or {value}.")
            return None

    assert [(one.id, one.hint.partition(";")[0]) for one in certain() if "Gaps" in one.message] == [
        ("flows.W001", "Set it before it is said"),
        ("flows.E004", "Did you mean {answers.start}?"),
        ("flows.W001", "Set it before it is said"),
        ("flows.W002", "Places are {answers.<question>} and {data.<key>}, and {value} in confirm."),
        ("flows.W002", "Places are {answers.<question>} and {data.<key>}, and {value} in confirm."),
    ]


def test_a_text_that_is_put_together_of_values() -> None:
    class Builds(Flow):
        @say("Hello.")
        def start(self) -> Next:
            self.say(f"You are {self.caller}.")
            self.say("You are {who}.", who=self.caller)
            self.say("You are {}.".format(self.caller))  # noqa: UP032  the mistake
            return None

    found = list(built_texts(Study(Builds)))
    assert [one.id for one in found] == ["flows.W012", "flows.W012"]
    assert [one.line - found[0].line for one in found] == [0, 2]
    assert list(unknown_places(Study(Builds))) == []


def test_answers_and_data_of_a_calling_flow_are_known() -> None:
    class Inner(Flow):
        @say("You said {answers.place} and {data.count}.")
        def start(self) -> Next:
            return None

    class Outer(Flow):
        @ask("Where?", MENU)
        def start(self, answer: str) -> Next:
            return self.place

        @ask("Which place?", MENU)
        def place(self, answer: str) -> Next:
            self.data.update(count=1)
            follows: Next = self.call(Inner, then=self.start)
            return follows

    assert of(Inner) == of(Outer) == []
    del registry["outer"]
    assert [id_ for id_, _ in of(Inner)] == ["flows.E004", "flows.W001"]


def test_data_that_the_source_does_not_name_may_be_anything() -> None:
    class Vague(Flow):
        @say("{data.x}")
        def start(self) -> Next:
            self.data["a" + "b"] = 1
            return None

    assert of(Vague) == []


def test_dead_ends_and_steps_that_nobody_reaches() -> None:
    class Deserted(Flow):
        @ask("Go?", MENU)
        def start(self, answer: str) -> Next:
            return self.desk

        @transfer("+15550100")
        def desk(self, leg: Leg) -> Next:
            return None

        @say("Nobody hears this.")
        def island(self) -> Next:
            return self.start

    class Lively(Flow):
        @ask("Go?", MENU, otherwise="desk")
        def start(self, answer: str) -> Next:
            return self.finish(answer)

        def finish(self, answer: str) -> Next:
            self.outcome = answer
            return None

        @transfer("+15550100")
        def desk(self, leg: Leg) -> Next:
            self.say("Goodbye.")
            return None

    assert [(id_, message.split()[0]) for id_, message in of(Deserted)] == [
        ("flows.W003", "Deserted.desk"),
        ("flows.W004", "Deserted.island"),
    ]
    assert of(Lively) == []


def test_an_option_without_a_key() -> None:
    class Loud(Flow):
        @ask("Go?", Keyless(yes="1", maybe="perhaps"))
        def start(self, answer: str) -> Next:
            return self.start

    assert [id_ for id_, _ in of(Loud)] == ["flows.W005"]


def test_a_secret_that_is_kept() -> None:
    class Till(Flow):
        @ask("Your card?", Digits(16))
        def start(self, answer: str) -> Next:
            return self.card_number

        @ask("Your card?", Digits(16))
        def card_number(self, answer: str) -> Next:
            return self.pin

        @ask("Your pin?", Digits(4), sensitive=True)
        def pin(self, answer: object) -> Next:
            return self.shopping_pinboard

        @ask("And?", MENU)
        def shopping_pinboard(self, answer: str) -> Next:
            return self.start

    assert [(id_, message.split()[0]) for id_, message in of(Till)] == [("flows.E005", "Till.card_number")]


def test_a_flow_that_nobody_can_call() -> None:
    class Headless(Flow):
        @say("Hello.")
        def begin(self) -> Next:
            return None

    assert [id_ for id_, _ in of(Headless)] == ["flows.W006"]
    type("Head", (Headless,), {"__module__": __name__, "start": say("Go.")(lambda flow: flow.begin)})
    assert of(Headless) == []


def test_a_language_without_a_file(settings: Settings) -> None:
    settings.RECOGNIZER = "tlh-qo"
    assert [one.message for one in certain()] == [
        "RECOGNIZER is 'tlh-qo', and there is no flows/languages/tlh.toml: the engine speaks en."
    ]


def test_a_step_that_needs_our_address(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    class Recorded(Flow):
        @say("Speak.")
        def start(self) -> Next:
            return None

    monkeypatch.setattr(type(Recorded.steps["start"]), "kind", "record")
    settings.PUBLIC_URL = ""
    assert "flows.W009" in [id_ for id_, _ in of(Recorded, everything())]
    settings.PUBLIC_URL = "https://calls.example.com"
    assert "flows.W009" not in [id_ for id_, _ in of(Recorded, everything())]


class Road(Flow):
    """Three questions, with something said between the last two."""

    @ask("One?", MENU)
    def start(self, answer: str) -> Next:
        return self.second

    @ask("Two?", MENU)
    def second(self, answer: str) -> Next:
        return self.bridge

    @say("On we go.")
    def bridge(self) -> Next:
        return self.third

    @ask("Three?", MENU)
    def third(self, answer: str) -> Next:
        self.outcome = "there"
        return None


@pytest.mark.django_db
def test_callers_on_a_step_that_is_gone() -> None:
    for step in ("city", "town", "town"):
        a_run(step=step)
    a_run(flow="vanished", step="start")
    a_run(step="town", ended_at=NOON)
    a_run(step="")
    assert sorted(one.message.partition(",")[0] for one in callers_on_lost_steps()) == [
        "1 open on vanished.start",
        "2 open on reception.town",
    ]


@pytest.mark.django_db
def test_where_a_caller_stands_in_a_sub_flow_is_asked_of_that_flow(
    django_assert_num_queries: Callable[[int], object],
) -> None:
    registry["road"] = Road
    a_run(step="second", state={"flow": "road"})
    a_run(step="fourth", state={"flow": "road"})
    with django_assert_num_queries(1):  # type: ignore[attr-defined]  # a context manager
        found = list(callers_on_lost_steps())
    assert [one.message.partition(",")[0] for one in found] == ["1 open on road.fourth"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "then", "seen"),
    [
        ({"step": "start"}, {"step": "second"}, False),
        ({"step": "second"}, {"step": "third"}, False),
        ({"step": "start"}, {"step": "third"}, True),
        ({"step": "start", "result": "command"}, {"step": "third"}, False),
        ({"step": "start", "result": "no match"}, {"step": "start", "attempt": 2}, False),
        ({"step": "start"}, {"step": "start", "visit": 2}, True),
    ],
)
def test_a_way_that_the_graph_lacks(first: dict[str, object], then: dict[str, object], seen: bool) -> None:
    registry["road"] = Road
    version = FlowVersion.objects.create(name="road", hash=describe(Road).version)
    now = timezone.now() - 60 * SECOND
    call = a_call(run=a_run(flow="road", version=version), started_at=now)
    a_turn(call, 1, **first)
    a_turn(call, 2, **then)
    found = list(ways_unseen())
    assert bool(found) is seen
    assert Turn.objects.count() == 2
    if seen:
        assert found[0].id == "flows.W011"
        assert f"Road.start was followed by {then['step']} 1 times" in found[0].message
