"""A conversation by text: one run over many sessions, each a message of its own."""

import pytest

from calls.models import Call, OptOut, Run
from flows import Flow, Found, Leg, Message, Next, ask, lookup, record, transfer
from flows.grammars import Digits, Options
from phone.testing import Caller
from tests.webhook import post, session

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ENDED: list[str] = []


class Chat(Flow):
    """Asks two things and looks one up, on either channel."""

    @ask("Size?", Options(small="1", large="2"))
    def start(self, answer: str) -> Next:
        return self.count

    @ask("How many?", Digits(1, 2), attempts=2)
    def count(self, answer: str) -> Next:
        return self.price if answer != "0" else self.desk

    def priced(self) -> int:
        return 3 * int(self.answers.count)

    @lookup(priced, "One moment.")
    def price(self, found: Found) -> Next:
        self.say("That is {price} dollars.", price=found.value)
        return self.note

    @record("Anything else?")
    def note(self, message: Message) -> Next:
        self.outcome = f"noted {message.text}"
        return None

    @transfer("+15550111")
    def desk(self, leg: Leg) -> Next:
        return None

    def ended(self) -> None:
        ENDED.append(self.outcome)


@pytest.fixture(autouse=True)
def ends() -> None:
    ENDED.clear()


def test_a_conversation_goes_on_over_several_messages(caller: Caller) -> None:
    caller.texts("hello", "chat").hears("Size?")
    caller.texts("large").hears("How many?")
    caller.texts("12").hears("One moment.").hears("That is 36 dollars.").hears("Anything else?")
    caller.texts("Ring twice").hears("Goodbye.")
    run = Run.objects.get()
    assert (run.outcome, run.step, run.ended_at is not None) == ("noted Ring twice", "", True)
    assert run.calls.count() == 4
    assert {call.state for call in run.calls.all()} == {"ended"}
    assert list(run.turns.order_by("number").values_list("step", "result", "mode")) == [
        ("start", "answered", "text"),
        ("count", "answered", "text"),
        ("price", "looked up", ""),
        ("note", "recorded", "text"),
    ]
    assert ENDED == ["noted Ring twice"]


def test_the_first_text_can_be_the_first_answer(caller: Caller) -> None:
    caller.texts("small", "chat").hears("How many?")
    assert Run.objects.get().turns.get().result == "answered"


def test_after_the_end_a_text_begins_anew(caller: Caller) -> None:
    caller.texts("small", "chat").texts("0").hears("Please call this number")
    caller.texts("hello", "chat").hears("Size?")
    assert Run.objects.count() == 2


def test_a_conversation_is_over_when_nothing_came_for_too_long(caller: Caller, settings: object) -> None:
    settings.TEXT_MAX = 0  # type: ignore[attr-defined]
    caller.texts("small", "chat").hears("How many?")
    caller.texts("small", "chat").hears("How many?")
    assert Run.objects.filter(ended_at=None).count() == 1
    assert ENDED == [""]


def test_a_text_that_is_not_understood_is_an_attempt(caller: Caller) -> None:
    caller.texts("large", "chat").texts("lots").hears("Sorry, I did not understand.").hears("How many?")
    caller.texts("heaps").hears("could not understand you")
    assert list(Run.objects.get().turns.order_by("number").values_list("result", flat=True)) == [
        "answered",
        "no match",
        "no match",
    ]


def test_stop_ends_it_and_start_takes_it_back(caller: Caller) -> None:
    caller.texts("large", "chat").texts("STOP").hears("You will get no more messages")
    assert OptOut.objects.get().channel == "text"
    assert (Run.objects.get().step, len(ENDED)) == ("", 1)
    caller.texts("start", "chat").hears("You will get our messages again.")
    assert not OptOut.objects.exists()


def test_help_says_what_to_do_and_asks_again(caller: Caller) -> None:
    caller.texts("large", "chat").texts("HELP").hears("Reply STOP").hears("How many?")
    assert Run.objects.get().step == "count"


def test_a_session_that_comes_twice_gets_the_question_the_conversation_stands_at() -> None:
    text = {"from": {"id": "14075550142", "channel": "TEXT", "network": "SMS"}}
    message = session("first", initialText="large", to={"id": "4075550100", "channel": "TEXT"}, **text)
    first = post(message, "/tropo/?flow=chat")
    assert post(message, "/tropo/?flow=chat").content == first.content
    assert (Call.objects.count(), Run.objects.get().turns.count()) == (1, 1)


def test_two_senders_have_two_conversations() -> None:
    for number in ("14075550142", "14075550143"):
        ends = {"from": {"id": number, "channel": "TEXT"}, "to": {"id": "4075550100", "channel": "TEXT"}}
        post(session(number, initialText="hi", **ends), "/tropo/?flow=chat")
    assert Run.objects.filter(channel="text", ended_at=None).count() == 2
