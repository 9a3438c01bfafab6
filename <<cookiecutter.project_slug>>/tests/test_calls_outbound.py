"""Calls and texts of ours, from the row to the end of the conversation."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from calls.models import Call, Dial, OptOut, Run
from flows import Flow, Next, Retries, ask, dial, hang_up
from flows.grammars import YesNo
from phone.testing import Caller
from tests.webhook import post

pytestmark = pytest.mark.django_db

NUMBER = "+14075550142"


class Nudge(Flow):
    """Reminds somebody of something."""

    retries = Retries(busy=(5,), no_answer=(60,), machine=(120,), failed=(), most=2)

    @ask("This is about {data.what}. Will you come?", YesNo())
    def start(self, answer: bool) -> Next:
        self.outcome = "comes" if answer else "stays away"
        return None


class Voicemail(Nudge):
    """Leaves word on a machine."""

    machine = "word"

    @hang_up("Please call us about {data.what}.")
    def word(self) -> None:
        self.outcome = "left word"


def launched(flow: type[Flow] = Nudge, **options: object) -> Dial:
    row = dial(flow, NUMBER, data={"what": "the tea"}, **options)  # type: ignore[arg-type]
    call_command("dial", due=True, verbosity=0)
    return row


def test_a_call_of_ours_is_made_and_told_like_any_other(caller: Caller) -> None:
    row = launched()
    caller.is_called().hears("This is about the tea. Will you come?").presses("1").hears("Goodbye")
    row.refresh_from_db()
    run = Run.objects.get()
    assert (row.state, row.run, run.outcome) == ("done", run, "comes")
    call = Call.objects.get()
    assert (call.direction, call.called, call.channel) == ("outbound", NUMBER, "voice")
    assert (run.caller, run.called) == (NUMBER, call.caller)
    assert list(run.turns.order_by("number").values_list("step", "result")) == [
        ("@call", "reached"),
        ("start", "answered"),
    ]


@pytest.mark.parametrize(
    ("far_end", "reason", "minutes"),
    [("busy", "no answer", 60), ("silent", "no answer", 60), ("machine", "machine", 120)],
)
def test_a_call_that_reached_nobody_is_made_again_by_the_plan(
    far_end: str, reason: str, minutes: int, caller: Caller
) -> None:
    row = launched()
    caller.is_called(far_end=far_end)
    row.refresh_from_db()
    assert (row.state, row.last_reason, row.attempts) == ("waiting", reason, 1)
    assert timedelta(0) <= timezone.now() + timedelta(minutes=minutes) - row.due_at < timedelta(minutes=1)
    turn = Run.objects.get().turns.get()
    assert (turn.step, turn.result, turn.leg_outcome) == ("@call", "not reached", reason)
    assert Call.objects.get().state == "ended"


def test_after_the_last_attempt_it_is_given_up(caller: Caller) -> None:
    row = launched()
    caller.is_called(far_end="silent")
    Dial.objects.update(due_at=timezone.now())
    call_command("dial", due=True, verbosity=0)
    caller.is_called(far_end="silent")
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("given up", 2)


def test_a_flow_may_have_words_for_a_machine(caller: Caller) -> None:
    row = launched(Voicemail)
    caller.is_called(far_end="machine").hears("Please call us about the tea.")
    row.refresh_from_db()
    assert Run.objects.get().outcome == "left word"
    assert row.state == "done"


def test_a_text_of_ours_opens_a_conversation(caller: Caller, settings: object) -> None:
    settings.CALLER_ID = "+14075550100"  # type: ignore[attr-defined]
    row = launched(text=True)
    caller.is_called().hears("This is about the tea. Will you come?")
    caller.texts("yes").hears("Goodbye")
    row.refresh_from_db()
    run = Run.objects.get()
    assert (row.state, run.outcome, run.calls.count()) == ("done", "comes", 2)


def test_who_said_stop_is_not_texted(caller: Caller) -> None:
    OptOut.objects.create(number=NUMBER, channel="text")
    row = launched(text=True, from_="+14075550100")
    row.refresh_from_db()
    assert row.state == "opted out"


def test_a_second_session_of_the_same_row_is_hung_up(caller: Caller) -> None:
    row = launched()
    caller.is_called().hears("Will you come?")
    parameters = {"dial": str(row.id), "attempt": "1", "token": "t", "action": "create"}
    second = {"id": "another", "userType": "NONE", "initialText": None, "parameters": parameters}
    document = json.loads(post({"session": second}, "/tropo/").content)
    assert [next(iter(step)) for step in document["tropo"]] == ["hangup"]
    assert Call.objects.count() == 1
    caller.presses("1").hears("Goodbye")


def test_a_text_of_ours_needs_a_number_that_it_is_answered_to() -> None:
    with pytest.raises(ValueError, match="set CALLER_ID, or give from_"):
        dial(Nudge, NUMBER, text=True)


class CallsBack(Flow):
    """Has the caller called again at its end."""

    @ask("Shall we call back?", YesNo())
    def start(self, answer: bool) -> Next:
        return None

    def ended(self) -> None:
        dial(Nudge, self.caller)


def test_what_a_test_call_dials_at_its_end_rings_no_real_telephone(caller: Caller) -> None:
    caller.dials(CallsBack).hangs_up()
    assert Dial.objects.get().is_test
