"""Every kind of step: what the platform is told to do, and what the method gets of it."""

from dataclasses import replace
from typing import Any

import pytest

from flows import (
    Flow,
    Found,
    Leg,
    Message,
    Next,
    Secret,
    Sent,
    Stay,
    Waited,
    ask,
    conference,
    hang_up,
    lookup,
    message,
    record,
    reject,
    say,
    transfer,
    wait,
)
from flows.engine import FlowFailed, begin, ended, lookup_at
from flows.grammars import Digits, Options
from flows.scene import Addresses, Rules
from flows.state import LARGEST, State
from tests.talking import TEXT, VOICE, Talk, given
from tropo import Result

# The methods note what they get in a list of this module, so they must not be rehearsed.
pytestmark = pytest.mark.once

NOTES: list[Any] = []


@pytest.fixture(autouse=True)
def notes() -> None:
    NOTES.clear()


class Everything(Flow):
    """Each way leads to one kind of step, and from there to the end."""

    @ask(
        "Where to?",
        Options(desk="1", room="2", mail="3", note="4", pause="5", stock="6", off="7", sub="8", other="9"),
    )
    def start(self, answer: str) -> Next:
        way: dict[str, Next] = {
            "desk": self.desk,
            "room": self.room,
            "mail": self.mail,
            "note": self.note,
            "pause": self.pause,
            "stock": self.stock,
            "off": self.off,
            "sub": self.call(Address, then=self.after),
            "other": Address,
        }
        return way[answer]

    @transfer(lambda flow: "+15550111", "One moment.", on_text="Call +15550111.")
    def desk(self, leg: Leg) -> Next:
        NOTES.append(leg)
        return None

    @conference("team", "You join the team.", signals=("over",))
    def room(self, stay: Stay) -> Next:
        NOTES.append(stay)
        return None

    @record("Leave a message.", transcribe=True)
    def mail(self, message: Message) -> Next:
        NOTES.append(message)
        return None

    @message("We are at {answers.start}, 5 Main & First.")
    def note(self, sent: Sent) -> Next:
        NOTES.append(sent)
        return None

    @wait(2.5, "Please hold.", signals=("free",))
    def pause(self, waited: Waited) -> Next:
        NOTES.append(waited)
        return None

    def in_stock(self) -> int:
        return len(self.answers.start)

    @lookup(in_stock, "I will look it up.")
    def stock(self, found: Found) -> Next:
        NOTES.append(found)
        return None

    @hang_up("That is all.")
    def off(self) -> None:
        self.outcome = "hung up on"

    @say("Back again with {answers.street}.")
    def after(self) -> Next:
        return None


class Address(Flow):
    """A part of other conversations."""

    @ask("Which street?", Options(main="1", first="2"))
    def start(self, answer: str) -> Next:
        return self.street

    @ask("Once more?", Options(main="1", first="2"))
    def street(self, answer: str) -> Next:
        self.data["seen"] = [*self.data.get("seen", []), answer]
        return None

    def ended(self) -> None:
        self.outcome = "left in the address"


class Everywhere(Addresses):
    """A platform that finds everything."""

    def recording(self, step: str, visit: int) -> str | None:
        return f"https://clinic.test/recordings/{step}-{visit}"

    def transcription(self, step: str, visit: int) -> tuple[str, str] | None:
        return f"{step}-{visit}", "https://clinic.test/tropo/"


PUBLIC = replace(VOICE, addresses=Everywhere())


def kinds(talk: Talk) -> list[str]:
    return [next(iter(step)) for step in talk.document]


def test_a_transfer_may_be_a_function_of_the_flow() -> None:
    talk = Talk(Everything).presses("1")
    assert kinds(talk) == ["say", "transfer"]
    assert talk.document[1]["transfer"]["to"] == "+15550111"
    talk.hears(disposition="SUCCESS", connected_seconds=42)
    assert (NOTES, talk.results[-1], talk.said) == ([Leg("success", 42)], "transferred", "Goodbye.")


@pytest.mark.parametrize(
    ("disposition", "outcome"), [("BUSY", "busy"), ("TIMEOUT", "timeout"), ("", "failed")]
)
def test_a_transfer_that_failed_says_how(disposition: str, outcome: str) -> None:
    Talk(Everything).presses("1").hears(disposition=disposition)
    assert [Leg(outcome)] == NOTES


def test_a_conference_ends_by_key_or_signal() -> None:
    talk = Talk(Everything).presses("2")
    assert talk.document[1]["conference"] == {
        "id": "team",
        "name": "room",
        "mute": False,
        "terminator": "#",
        "allowSignals": ["over"],
    }
    assert talk.decision.signals == ("over",)
    talk.hears(disposition="EXTERNAL_EVENT", duration=28)
    assert (NOTES, talk.results[-1]) == ([Stay("external_event", 28)], "conferred")


def test_a_message_is_recorded_at_an_address_of_ours() -> None:
    talk = Talk(Everything, PUBLIC).presses("3")
    told = talk.document[1]["record"]
    assert told["url"] == "https://clinic.test/recordings/mail-1"
    assert told["transcription"] == {"id": "mail-1", "url": "https://clinic.test/tropo/"}
    talk.hears(disposition="SUCCESS", duration=6500, url=told["url"])
    assert (NOTES, talk.results[-1]) == ([Message(True, 6.5, told["url"])], "recorded")


def test_without_an_address_nothing_is_recorded_and_the_flow_hears_so() -> None:
    talk = Talk(Everything).presses("3")
    assert [Message(False)] == NOTES
    assert talk.said == "Goodbye."


def test_a_text_is_sent_in_mid_call() -> None:
    talk = Talk(Everything, replace(VOICE, rules=Rules(caller_id="+15550100"))).presses("4")
    told = talk.document[0]["message"]
    assert told["say"] == {"value": "We are at note, 5 Main & First."}
    assert (told["to"], told["from"], told["network"]) == ("+15550142", "+15550100", "SMS")
    talk.goes_on(Result(session_id="session", complete=True))
    assert (NOTES, talk.results[-1]) == ([Sent(True)], "sent")


class Quiet(Addresses):
    """Where nobody wants a text."""

    def may_text(self, number: str) -> bool:
        return False


def test_no_text_goes_to_who_wants_none() -> None:
    talk = Talk(Everything, replace(VOICE, addresses=Quiet())).presses("4")
    assert kinds(talk) == ["say", "hangup"]
    assert [Sent(False)] == NOTES


class Zip(Flow):
    """Sends back in writing what was said."""

    @ask("Zip code?", Digits(5))
    def start(self, answer: str) -> Next:
        return self.sent

    @message("Your zip code is {answers.start}.")
    def sent(self, sent: Sent) -> Next:
        return None


def test_a_text_in_mid_call_is_written_and_not_spelled() -> None:
    assert Talk(Zip).presses("02134").document[0]["message"]["say"]["value"] == "Your zip code is 02134."


def test_a_text_that_failed_is_told() -> None:
    talk = Talk(Everything).presses("4").goes_on(Result(session_id="session", complete=False))
    assert (NOTES, talk.results[-1]) == ([Sent(False)], "not sent")


@pytest.mark.parametrize(("event", "signal"), [("continue", ""), ("free", "free"), ("other", "")])
def test_a_signal_ends_a_wait(event: str, signal: str) -> None:
    talk = Talk(Everything).presses("5")
    assert talk.document[1]["wait"] == {"milliseconds": 2500, "allowSignals": ["free"]}
    talk.goes_on(Result(session_id="session"), event=event)
    assert [Waited(signal)] == NOTES


def test_a_lookup_is_made_between_two_documents() -> None:
    talk = Talk(Everything).presses("6")
    assert (talk.said, talk.decision.looks_up) == ("I will look it up.", True)
    work = lookup_at(Everything, VOICE, talk.state)
    assert work is not None
    assert (work[0](), work[1]) == (5, 3)
    talk.goes_on(Result(session_id="session"), found=Found(5))
    assert (NOTES, talk.results[-1]) == ([Found(5)], "looked up")


def test_a_lookup_that_nobody_made_is_unavailable() -> None:
    talk = Talk(Everything).presses("6").goes_on(Result(session_id="session"))
    assert (NOTES, talk.results[-1]) == ([Found(available=False)], "not looked up")


def test_hanging_up_says_its_prompt_and_notes_the_outcome() -> None:
    talk = Talk(Everything).presses("7")
    assert (kinds(talk), talk.said, talk.state.outcome) == (["say", "hangup"], "That is all.", "hung up on")


def test_a_sub_flow_comes_back_with_what_it_learned() -> None:
    talk = Talk(Everything).presses("8")
    assert (talk.said, talk.state.flow, talk.state.stack) == (
        "Which street?",
        "address",
        (("everything", "after"),),
    )
    talk.presses("1").presses("2")
    assert talk.said == "Back again with first."
    assert given(talk.decision) == [("start", "sub"), ("start", "main"), ("street", "first")]
    assert talk.state.data == {"seen": ["first"]}


def test_another_flow_may_follow_for_good() -> None:
    talk = Talk(Everything).presses("9")
    assert (talk.state.flow, talk.state.stack) == ("address", ())
    assert talk.presses("1").presses("1").said == "Goodbye."


def test_visits_of_two_flows_are_counted_apart() -> None:
    talk = Talk(Everything).presses("8")
    assert (talk.state.step, talk.state.visit) == ("start", 1)


def test_every_flow_hears_of_the_end() -> None:
    talk = Talk(Everything).presses("8")
    assert ended(Address, VOICE, talk.state).outcome == "left in the address"


def test_on_text_what_needs_a_telephone_is_refused_with_words_instead() -> None:
    talk = Talk(Everything, TEXT).texts("desk")
    assert (NOTES, talk.said) == ([Leg("voice only")], "Call +15550111.")
    other = Talk(Everything, TEXT).texts("room")
    assert other.said == "Please call this number: we can only help you by telephone."
    assert kinds(other) == ["say", "hangup"]


def test_on_text_a_message_is_the_next_text() -> None:
    talk = Talk(Everything, TEXT).texts("mail")
    assert (talk.said, kinds(talk)) == ("Leave a message.", ["say", "hangup"])
    talk.texts("Please call & ask for {me}")
    assert [Message(True, text="Please call & ask for {me}")] == NOTES
    assert talk.results[-1] == "recorded"


def test_on_text_a_lookup_goes_on_within_the_session() -> None:
    talk = Talk(Everything, TEXT).texts("stock")
    assert (kinds(talk), talk.decision.looks_up) == (["say"], True)


def test_the_first_text_may_be_the_first_answer() -> None:
    assert Talk(Everything, TEXT, text="mail").said == "Leave a message."
    assert Talk(Everything, TEXT, text="hello?").said == "Where to?"


def test_a_text_asks_for_help_with_the_word_of_the_networks() -> None:
    talk = Talk(Everything, TEXT, text="HELP")
    assert talk.said == "Answer the question as it is asked. Reply STOP to get no more messages.\nWhere to?"
    assert talk.texts("help").results == ["question command"]


class Closed(Flow):
    """Is not answered at all."""

    @say()
    def start(self) -> Next:
        return self.no

    @reject
    def no(self) -> None:
        self.outcome = "rejected"


def test_a_call_is_rejected_before_it_is_answered() -> None:
    talk = Talk(Closed)
    assert (kinds(talk), talk.state.outcome) == (["reject"], "rejected")


class Private(Flow):
    """Asks for what nobody else may know."""

    @ask("Your PIN?", Digits(4), sensitive=True)
    def start(self, answer: Secret[str]) -> Next:
        NOTES.append(answer)
        if answer.reveal() == "0000":
            raise ValueError(f"the pin {answer.reveal()} is too simple")
        self.say(f"Thank you. {answer}" if answer.reveal() == "9999" else "Thank you.")
        return None


def test_a_sensitive_answer_is_known_to_the_method_alone() -> None:
    talk = Talk(Private).presses("4711")
    assert NOTES[0].reveal() == "4711"
    assert "4711" not in f"{talk.decision!r}{talk.state.to_dict()}{talk.decision.document.to_json()}{NOTES}"
    assert Talk(Private).document[0]["ask"]["asrLogSecurity"] == "suppress"


def test_a_sensitive_answer_cannot_be_spoken() -> None:
    with pytest.raises(FlowFailed) as caught:
        Talk(Private).presses("9999")
    assert caught.value.sensitive
    assert isinstance(caught.value.__cause__, TypeError)


class Told(Flow):
    """Says what it was told in places with names."""

    @ask("Name?", Options(pin="1", name="2"))
    def start(self, answer: str) -> Next:
        if answer == "pin":
            return self.again("Not {word}.", word=Secret("4711"))
        return self.again("{who} has {count} <left>, {other}.", who="{data.x} <b>", count=3)


def test_values_are_said_in_places_with_names() -> None:
    assert Talk(Told).presses("2").said == "{data.x} &lt;b&gt; has 3 &lt;left&gt;, {other}. / Name?"


def test_a_secret_is_said_in_no_place() -> None:
    with pytest.raises(FlowFailed):
        Talk(Told).presses("1")


def test_a_sensitive_question_cannot_be_confirmed() -> None:
    with pytest.raises(ValueError, match="cannot be said back"):
        ask("PIN?", Digits(4), sensitive=True, confirm="Was that {value}?")  # type: ignore[call-overload]


def test_a_state_survives_storage_and_an_earlier_form() -> None:
    talk = Talk(Everything).presses("8").presses("1")
    assert State.from_dict(talk.state.step, talk.state.to_dict()) == talk.state
    assert State.from_dict("start", {}) == State(step="start")


def test_a_state_has_a_largest_size() -> None:
    with pytest.raises(TypeError, match=f"{LARGEST} are stored"):
        State(data={"words": "x" * LARGEST}).to_dict()


class Loose(Flow):
    """Returns what is no step."""

    @say("Hello.")
    def start(self) -> Next:
        return "city"  # type: ignore[return-value]  # the mistake


def test_what_a_method_returns_must_be_a_step() -> None:
    with pytest.raises(FlowFailed) as caught:
        begin(Loose, VOICE)
    assert str(caught.value.__cause__) == "start must return a step, a flow or None, not str"
