"""What callers of this project live through, told as calls."""

from calls.models import Call, Run
from phone.testing import Caller


def test_an_appointment_is_booked_by_keypad_and_speech(caller: Caller) -> None:
    caller.dials("reception").hears("press 1").presses("1")
    caller.hears("Which city").says("chicago")
    caller.hears("zip code").presses("90210")
    caller.hears("call you back about Chicago, 90210").hears_hang_up()
    assert Run.objects.get().outcome == "booked"


def test_a_caller_who_is_not_understood_and_then_silent_still_gets_through(caller: Caller) -> None:
    caller.dials("reception").says("a table for two").hears("did not understand").presses("1")
    caller.hears("Which city").stays_silent().hears("Sorry, which city was that?")
    caller.says("gotham").hears("Key in the first four letters").presses("2442#")
    caller.hears("zip code").says("nine zero two one zero").hears("call you back about Chicago, 90210")
    results = list(
        Call.objects.get().turns.order_by("number").values_list("step", "visit", "attempt", "result")
    )
    assert results == [
        ("start", 1, 1, "no match"),
        ("start", 1, 2, "answered"),
        ("city", 1, 1, "no input"),
        ("city", 1, 2, "no match"),
        ("city", 1, 3, "answered"),
        ("zip_code", 1, 1, "answered"),
    ]


def test_a_caller_who_hangs_up_leaves_the_question_open(caller: Caller) -> None:
    caller.dials("reception").presses("1").hears("Which city").hangs_up()
    call = Call.objects.get()
    assert (call.state, call.ended_by) == ("ended", "caller")
    assert call.turns.order_by("number").last().result == "hung up"  # type: ignore[union-attr]
    assert call.run.outcome == ""


def test_a_person_is_fetched_at_once(caller: Caller) -> None:
    caller.dials("reception").presses("0").hears("One moment").hears_hang_up()
    assert Run.objects.get().outcome == "spoke to a person"


def test_three_silences_lead_to_a_person(caller: Caller) -> None:
    caller.dials("reception").stays_silent().stays_silent().stays_silent().hears("One moment")
