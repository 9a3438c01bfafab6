"""Any server answers any turn, and a deploy in mid-call loses nobody: state, tokens, what is gone."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.signing import Signer
from pytest_django import Settings

from calls import versions
from calls.models import Event, Run, Turn
from flows import Flow, Next, ask, say, served, sound
from flows import languages as spoken_languages
from flows.flow import registry
from flows.grammars import Digits, Options, Phrases
from phone.events import Post, Reply
from phone.testing import Caller
from tests.leaks import spoken
from tests.webhook import APOLOGY, keyed, next_of, post, result, session

pytestmark = [pytest.mark.django_db, pytest.mark.once]

CHANGED = "We have just changed this service. Let us begin anew."


class Journey(Flow):
    """Has something of everything that a state remembers."""

    @ask("First?", Options(go="1", sub="2"))
    def start(self, answer: str) -> Next:
        self.data["seen"] = ["start"]
        self.milestone("began")
        return self.call(Detour, then=self.after) if answer == "sub" else self.city

    def cities(self) -> Phrases:
        return Phrases(["Springfield", "Springdale", *self.data["seen"]])

    @ask("Which city?", cities, confirm="Was that {value}?")
    def city(self, answer: str) -> Next:
        return self.after

    @ask("Which number?", Digits(2, 4))
    def after(self, answer: str) -> Next:
        self.say("{answers.start}, {answers.city}, {answers.after}, {data.seen}.")
        self.outcome = "arrived"
        return None


class Detour(Flow):
    """A part of the journey."""

    @ask("Left or right?", Options(left="1", right="2"))
    def start(self, answer: str) -> Next:
        self.data["seen"] = [*self.data["seen"], answer]
        return self.here

    @ask("Here?", Options(yes="1"))
    def here(self, answer: str) -> Next:
        return None


class Newcomer(Flow):
    """What answers when a flow is gone."""

    @ask("Welcome, newcomer?", Options(yes="1", no="2"))
    def start(self, answer: str) -> Next:
        return self.last

    @say("That is all.")
    def last(self) -> Next:
        return None


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    before = dict(registry)
    yield
    registry.clear()
    registry.update(before)


@pytest.fixture(autouse=True)
def default(settings: Settings) -> None:
    settings.DEFAULT_FLOW = "newcomer"


def begins(flow: str = "journey") -> Any:
    return post(session(), f"/tropo/?flow={flow}")


def presses(asked: Any, step: str, keys: str, **fields: Any) -> Any:
    response = post(result(keyed(step, keys, **fields)), next_of(asked))
    assert response.status_code == 200
    return response


def forgets_everything() -> None:
    """What a server that has just started does not have."""
    versions.forget()
    served._shared.clear()
    served._of_runs.clear()
    sound._path.cache_clear()
    spoken_languages._language.cache_clear()


@pytest.mark.parametrize("fresh", [False, True])
def test_a_server_that_knows_nothing_goes_on_where_another_was(
    fresh: bool, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fresh:
        transport = caller._transport
        post_of = transport.post

        def to_a_new_server(need: Post) -> Reply:
            forgets_everything()
            return post_of(need)

        monkeypatch.setattr(transport, "post", to_a_new_server)
    caller.dials("journey").presses("2").hears("Left or right?").stays_silent().hears("Left or right?")
    caller.presses("2").hears("Here?").presses("1").hears("Which number?").says("help").hears("say repeat")
    caller.says("repeat").hears("Which number?").presses("12#").hears("right, , 1 2,").hears_hang_up()
    caller.dials("journey").presses("1").hears("Which city?").says("back").hears("First?").presses("1")
    caller.says("springfield", confidence=50).hears("Was that Springfield?").presses("1")
    caller.hears("Which number?").presses("12#").hears("go, Springfield, 1 2,").hears_hang_up()
    results = list(Turn.objects.order_by("id").values_list("step", "result"))
    assert results == [
        ("start", "answered"),
        ("start", "no input"),
        ("start", "answered"),
        ("here", "answered"),
        ("after", "command"),
        ("after", "command"),
        ("after", "answered"),
        ("start", "answered"),
        ("city", "command"),
        ("start", "answered"),
        ("city", "unsure"),
        ("city", "answered"),
        ("after", "answered"),
    ]


def without(flow: type[Flow], step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next version of a flow lacks a step."""
    monkeypatch.setattr(flow, "steps", {name: known for name, known in flow.steps.items() if name != step})


def test_a_step_that_is_gone_begins_the_flow_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = presses(begins(), "start", "1")
    without(Journey, "city", monkeypatch)
    again = presses(asked, "city", "7774")
    assert spoken(again) == f"{CHANGED} / First?"
    turn = Turn.objects.get(step="city")
    assert (turn.result, turn.interpretation) == ("error", "7774")
    run = Run.objects.get()
    assert (run.step, run.state["answers"], run.milestones) == ("start", [["start", "go", "go"]], ["began"])
    assert presses(asked, "city", "7774").content == again.content
    assert "Left or right?" in spoken(presses(again, "start", "2"))


@pytest.mark.parametrize(("flow", "keys"), [("journey", "1"), ("journey", "2")])
def test_a_flow_that_is_gone_goes_to_the_default_flow(flow: str, keys: str) -> None:
    asked = begins()
    del registry["journey"]
    again = presses(asked, "start", keys)
    assert spoken(again) == f"{CHANGED} / Welcome, newcomer?", "the answer was to another question"
    assert "That is all." in spoken(presses(again, "start", "1"))
    assert Turn.objects.filter(step="start", result="error", interpretation=keys).exists()
    post(result(state="DISCONNECTED"), next_of(again, "hangup"))
    assert Run.objects.get().ended_at is not None


def test_a_sub_flow_that_is_gone_begins_the_whole_anew() -> None:
    asked = presses(begins(), "start", "2")
    del registry["detour"]
    assert spoken(presses(asked, "start", "1")) == f"{CHANGED} / First?"


def test_a_step_of_a_sub_flow_that_is_gone_begins_the_whole_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = presses(presses(begins(), "start", "2"), "start", "1")
    without(Detour, "here", monkeypatch)
    assert spoken(presses(asked, "here", "1")) == f"{CHANGED} / First?"
    assert Run.objects.get().state.get("stack", []) == []


def test_a_caller_who_comes_back_to_a_step_that_is_gone_begins_that_flow_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = presses(presses(begins(), "start", "2"), "start", "1")
    without(Journey, "after", monkeypatch)
    assert spoken(presses(asked, "here", "1")) == f"{CHANGED} / First?"


def test_a_caller_who_comes_back_to_a_flow_that_is_gone_hears_goodbye() -> None:
    asked = presses(presses(begins(), "start", "2"), "start", "1")
    del registry["journey"]
    assert spoken(presses(asked, "here", "1")) == "Goodbye."


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"form": 0},
        {"form": 99, "flow": "journey", "invented": {"by": ["a", "newer", "version"]}},
        {"form": 1, "flow": "journey", "rung": "", "visit": 0, "visits": {}},
        {"form": 1, "flow": "journey", "rung": "shouted", "offered": ["Oz"], "attempt": 7},
        {"form": 1, "flow": "journey", "rung": "choice", "offered": []},
        {"form": 1, "flow": "journey", "rung": "confirmation", "offered": []},
        {"form": 1, "flow": "journey", "answers": [["city", "Oz"], ["city", "Oz", "Oz", "now"]]},
        {"form": 1, "flow": "journey", "stack": [["journey"], ["gone", "step", "more"]], "trail": ["gone"]},
        {"form": 1, "flow": "journey", "language": "tlh", "data": None, "answers": None, "visits": None},
    ],
)
@pytest.mark.parametrize("keys", ["12", "back", ""])
def test_a_state_of_another_version_goes_on(stored: dict[str, Any], keys: str) -> None:
    asked = presses(begins(), "start", "1")
    Run.objects.update(step="after", state=stored)
    mode = {"xml": '<input mode="speech">'} if keys == "back" else {}
    said = spoken(presses(asked, "after", keys, **mode))
    assert said
    assert APOLOGY not in said
    assert not Event.objects.exists()


def test_a_token_of_another_version_is_not_refused() -> None:
    asked = begins()
    address = next_of(asked)
    signer = Signer(salt="calls.turn")
    words = signer.unsign(parse_qs(urlsplit(address).query)["t"][0]).split(".")
    words[5] = "deadbeef"
    old = f"/tropo/?t={signer.sign('.'.join(words))}"
    assert spoken(post(result(keyed("start", "1")), old)) == "Which city?"
    assert not Event.objects.exists()


def test_the_secret_key_is_rotated_in_mid_call(settings: Settings) -> None:
    asked = begins()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    second = presses(asked, "start", "1")
    assert spoken(second) == "Which city?"
    settings.SECRET_KEY_FALLBACKS = []
    assert spoken(presses(second, "city", "", value="springfield")) == "Which number?"
    assert spoken(presses(asked, "start", "1")) == APOLOGY, "signed with a key that is gone"
    assert list(Event.objects.values_list("kind", flat=True)) == ["forged"]
