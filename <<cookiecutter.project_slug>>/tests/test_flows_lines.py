"""A line's own words and language, a lookup and a signal: each from the platform's POST to its reply."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connections
from pytest_django import Settings

from calls import store
from calls.models import Call, Line, Run, Turn
from flows import Flow, Found, Next, Stay, Waited, ask, conference, lookup, wait
from flows.grammars import Options
from phone.actions import Keys
from phone.testing import Caller
from tests.leaks import spoken
from tests.webhook import next_of, post, result, session

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NUMBER = "+14075550100"


class Helpdesk(Flow):
    """Asks another system, and waits for a signal."""

    @ask("What is it?", Options(stock="1", hold="2", meet="3"))
    def start(self, answer: str) -> Next:
        return {"stock": self.stock, "hold": self.hold, "meet": self.meet}[answer]

    def count(self) -> object:
        SYSTEM.asked.append(self.answers.start)
        self.data["changed"] = "within the lookup"
        return SYSTEM.answers()

    @lookup(count, "One moment.", timeout=0.5)
    def stock(self, found: Found) -> Next:
        SYSTEM.told.append(found)
        self.say("There are {count}." if found.available else "We cannot say now.", count=found.value)
        return None

    @wait(5, "Please hold.", signals=("agent.free & ready", "closed"))
    def hold(self, waited: Waited) -> Next:
        self.say("Signal: {name}.", name=waited.signal or "none")
        return None

    @conference("team", "You join the team.", signals=("over",))
    def meet(self, stay: Stay) -> Next:
        self.say("You were there until {outcome}.", outcome=stay.outcome)
        return None


class System:
    """Another system: what it was asked, and what the handler was told of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.told: list[Found] = []
        self.hangs = threading.Event()

    def answers(self) -> object:
        return 42

    def raises(self) -> object:
        raise ConnectionError("the other system is away")

    def waits(self) -> object:
        self.hangs.wait(10)
        return 42


SYSTEM = System()


@pytest.fixture(autouse=True)
def system() -> Iterator[System]:
    SYSTEM.__init__()  # type: ignore[misc]  # the flow above knows this one
    yield SYSTEM
    SYSTEM.hangs.set()
    vars(SYSTEM).pop("answers", None)


class TestLine:
    def test_its_announcement_comes_first(self, caller: Caller) -> None:
        Line.objects.create(number=NUMBER, flow="helpdesk", announcement="We moved.")
        caller.dials().hears("We moved. What is it?").presses("2").does_not_hear("We moved.")

    def test_its_announcement_is_words_and_not_a_pattern(self) -> None:
        words = "Rates {} {0.__class__} {answers.start}: 5 < 7 & {value}."
        Line.objects.create(number=NUMBER, flow="helpdesk", announcement=words)
        said = spoken(post(session(), "/tropo/"))
        assert said == "Rates {} {0.__class__} : 5 &lt; 7 &amp; {value}. / What is it?"

    @pytest.mark.parametrize("words", ["", "Closed until {data.day}, <b>sorry</b>."])
    def test_one_that_is_closed_says_so_and_hangs_up(self, words: str) -> None:
        Line.objects.create(number=NUMBER, flow="helpdesk", announcement=words, is_closed=True)
        response = post(session(), "/tropo/")
        kinds = [next(iter(step)) for step in json.loads(response.content)["tropo"]]
        assert kinds[:3] == ["say", "hangup", "on"]
        expected = "Closed until , &lt;b&gt;sorry&lt;/b&gt;." if words else "We are closed now."
        assert expected in spoken(response)
        post(result(state="DISCONNECTED"), next_of(response, "hangup"))
        call = Call.objects.get()
        assert (call.state, call.ended_by, call.run.step) == ("ended", "application", "")

    def test_one_that_is_closed_answers_a_text_with_words(self, caller: Caller) -> None:
        Line.objects.create(number=NUMBER, flow="helpdesk", is_closed=True)
        caller.texts("stock").hears("We are closed now.")
        assert Run.objects.get().ended_at is not None

    def test_its_language_is_that_of_the_call(self, caller: Caller) -> None:
        Line.objects.create(number=NUMBER, flow="helpdesk", language="es-us")
        caller.dials().stays_silent().hears("Perdón, no le escuché. What is it?")
        assert Call.objects.get().language == "es-us"

    def test_what_changes_on_it_is_there_for_the_next_call(self, caller: Caller) -> None:
        line = Line.objects.create(number=NUMBER, flow="helpdesk")
        caller.dials().hears("What is it?").hangs_up()
        line.flow = "booking"
        line.save()
        caller.dials().hears("To book an appointment")


class TestLookup:
    def test_its_value_is_told(self, caller: Caller, system: System) -> None:
        caller.dials("helpdesk").presses("1").hears("One moment.").hears("There are 42.").hears_hang_up()
        assert (system.asked, system.told) == (["stock"], [Found(42)])
        assert Run.objects.get().state.get("data") is None, "what it changed in the flow is forgotten"
        assert Turn.objects.get(step="stock").result == "looked up"

    def test_a_text_waits_for_it(self, caller: Caller, system: System) -> None:
        caller.texts("stock", "helpdesk").hears("One moment.").hears("There are 42.")
        assert system.told == [Found(42)]

    def test_one_that_raises_is_unavailable(
        self, caller: Caller, system: System, caplog: pytest.LogCaptureFixture
    ) -> None:
        vars(system)["answers"] = system.raises
        caller.dials("helpdesk").presses("1").hears("We cannot say now.")
        assert system.told == [Found(available=False)]
        assert Turn.objects.get(step="stock").result == "not looked up"
        assert "a lookup raised ConnectionError" in caplog.text

    @pytest.mark.parametrize("budget", [4, 1.2])
    def test_one_that_hangs_is_unavailable_within_the_turn_budget(
        self, budget: float, caller: Caller, system: System, settings: Settings
    ) -> None:
        settings.TURN_BUDGET = budget
        vars(system)["answers"] = system.waits
        began = time.monotonic()
        caller.dials("helpdesk").presses("1").hears("We cannot say now.")
        assert time.monotonic() - began < min(budget, 1.5)

    def test_a_duplicate_does_not_ask_again(self, system: System) -> None:
        first = post(session(), "/tropo/?flow=helpdesk")
        heard = {"name": "start", "disposition": "SUCCESS", "value": "1", "utterance": "1"}
        asked = post(result(heard), next_of(first))
        found, again = (post(result(), next_of(asked)) for _ in range(2))
        assert found.content == again.content
        assert (system.asked, system.told) == (["stock"], [Found(42)])

    def test_a_caller_who_hangs_up_meanwhile_asks_nothing(self, system: System) -> None:
        first = post(session(), "/tropo/?flow=helpdesk")
        heard = {"name": "start", "disposition": "SUCCESS", "value": "1", "utterance": "1"}
        asked = post(result(heard), next_of(first))
        post(result(state="DISCONNECTED"), next_of(asked, "hangup"))
        post(result(state="DISCONNECTED"), next_of(asked))
        assert (system.asked, system.told) == ([], [])
        assert Call.objects.get().state == "ended"

    @pytest.mark.django_db(transaction=True)
    def test_a_connection_that_was_lost_before_it_is_made_anew(
        self, caller: Caller, system: System, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        peek, faults = store.peek, [OperationalError("the server closed the connection")]

        def lost_once(*args: Any) -> Any:
            if faults:
                raise faults.pop()
            return peek(*args)

        monkeypatch.setattr(store, "peek", lost_once)
        caller.dials("helpdesk").presses("1").hears("There are 42.")
        assert (system.told, faults) == ([Found(42)], [])

    @pytest.mark.django_db(transaction=True)
    def test_it_runs_outside_of_the_transaction_in_a_thread_of_its_own(
        self, caller: Caller, system: System
    ) -> None:
        turns_connection, seen = connections["default"], []

        def looks() -> object:
            seen.append((turns_connection.in_atomic_block, threading.current_thread().daemon))
            return Line.objects.count()

        vars(system)["answers"] = looks
        caller.dials("helpdesk").presses("1").hears("There are 0.")
        assert seen == [(False, True)]


class TestSignals:
    @pytest.mark.parametrize("name", ["agent.free & ready", "closed"])
    def test_one_ends_a_wait(self, name: str) -> None:
        first = post(session(), "/tropo/?flow=helpdesk")
        heard: dict[str, Any] = {"name": "start", "disposition": "SUCCESS", "value": "2", "utterance": "2"}
        held = post(result(heard), next_of(first))
        assert held.json()["tropo"][1]["wait"]["allowSignals"] == ["agent.free & ready", "closed"]
        response = post(result(), next_of(held, name))
        assert spoken(response) == f"Signal: {name}.".replace("&", "&amp;")
        assert post(result(), next_of(held)).content == response.content, "its time is up as well"
        assert Turn.objects.get(step="hold").result == "waited"

    def test_one_ends_a_wait_of_a_caller(self, caller: Caller) -> None:
        held_by(caller.dials("helpdesk"), "2").gets_signal("closed").hears("Signal: closed.")

    def test_without_one_the_time_goes_by(self, caller: Caller) -> None:
        caller.dials("helpdesk").presses("2").hears("Please hold.").hears("Signal: none.")

    def test_one_ends_a_conference(self, caller: Caller) -> None:
        caller.dials("helpdesk").presses("3").hears("You join the team.").gets_signal("over")
        caller.hears("You were there until external_event.")
        turn = Turn.objects.get(step="meet")
        assert (turn.result, turn.leg_outcome) == ("conferred", "external_event")

    def test_one_that_comes_before_the_conference_ends_it_too(self, caller: Caller) -> None:
        held_by(caller.dials("helpdesk"), "3").gets_signal("over").hears("until external_event.")

    def test_without_one_a_conference_goes_on_until_the_caller_leaves(self, caller: Caller) -> None:
        caller.dials("helpdesk").presses("3").presses("#").hears("You were there until")


def held_by(caller: Caller, keys: str) -> Caller:
    """The caller at the first prompt behind a keyed answer, not yet at what follows it."""
    handset = caller._handset
    assert handset is not None
    handset.act(Keys(keys))
    return caller
