"""What callers of this project live through, told as calls and texts."""

from typing import Any

import pytest
import time_machine
from django.core.management import call_command

from calls.models import Line, Run
from flows import dial
from phone.testing import Caller

from .flows import Reception, Reminder, Survey

OPEN, CLOSED = "2026-12-23 11:00", "2026-12-24 17:59"
CALLER, OURS = "+14075550142", "+14075550100"


@pytest.fixture
def spanish(db: None) -> str:
    """A number whose callers are spoken to in Spanish."""
    return Line.objects.create(number="+14075550199", flow="reception", language="es-us").number


def outcome() -> str:
    return Run.objects.get().outcome


class TestReception:
    def test_an_appointment_is_booked_by_keypad_and_speech(self, caller: Caller) -> None:
        caller.dials(Reception).hears("press 1").presses("1")
        caller.hears("Which city").says("chicago")
        caller.hears("your street").says("main street")
        caller.hears("number of the house").says("twelve")
        caller.hears("zip code").presses("90210")
        caller.hears("You live at 12 Main Street, Chicago, 9 0 2 1 0. Is that right?").says("yes")
        caller.hears("We will call you back with a time.").hears_hang_up()
        assert outcome() == "booked"

    def test_what_was_heard_with_doubt_is_confirmed(self, caller: Caller) -> None:
        caller.dials(Reception).says("appointment").hears("Which city").says("chicago", confidence=50)
        caller.hears("Was that Chicago?").says("no").hears("Sorry, which city was that?").says("boston")
        caller.hears("your street").says("main street", confidence=50)
        caller.hears("Was that Main Street?").says("yes").hears("number of the house")

    def test_a_city_can_be_spelled_on_the_keypad(self, caller: Caller) -> None:
        caller.dials(Reception).presses("1").hears("Which city").stays_silent()
        caller.hears("Sorry, which city was that?").says("gotham")
        caller.hears("Key in the first letters").presses("7774#")
        caller.hears("Did you mean Springdale, or Springfield?").presses("2").hears("your street")
        caller.stays_silent().stays_silent().hears("Key in the first letters").presses("62467#")
        caller.hears("number of the house")

    def test_a_wrong_address_is_asked_for_again(self, caller: Caller) -> None:
        caller.dials(Reception).presses("1").says("chicago").says("elm street").says("five").presses("90210")
        caller.hears("Is that right?").presses("2").hears("Which city")

    def test_the_caller_can_go_back_get_help_and_hear_it_again(self, caller: Caller) -> None:
        caller.dials(Reception).presses("1").says("chicago").hears("your street").says("go back")
        caller.hears("Which city").says("help").hears("Say the name of a city").presses("1")
        caller.hears("Which city")

    def test_a_person_is_fetched_while_somebody_is_there(self, caller: Caller) -> None:
        caller.dials(Reception, at=OPEN).presses("0").hears("One moment").hears_hang_up()
        assert outcome() == "spoke to a person"

    def test_a_message_is_left_when_nobody_answers(self, caller: Caller) -> None:
        caller.dials(Reception, at=OPEN, far_end="busy").presses("0").hears("Nobody is free right now.")
        caller.hears("leave a message").says("Please call me back").hears("Goodbye")
        assert outcome() == "left a message"

    def test_on_christmas_eve_the_desk_is_closed(self, caller: Caller) -> None:
        caller.dials(Reception, at=CLOSED).says("operator").hears("Our front desk is closed now.")
        caller.hears("leave a message").stays_silent().hears("Goodbye")
        assert outcome() == "nobody free"

    @pytest.mark.parametrize("answered", range(6))
    def test_three_silences_at_any_question_lead_to_a_person(self, caller: Caller, answered: int) -> None:
        caller.dials(Reception, at=OPEN)
        for answer in ["book", "chicago", "elm street", "twelve", "nine oh two one oh"][:answered]:
            caller.says(answer)
        caller.stays_silent().stays_silent().stays_silent().hears("One moment")

    def test_a_caller_who_hangs_up_leaves_the_question_open(self, caller: Caller) -> None:
        caller.dials(Reception).presses("1").hears("Which city").hangs_up()
        run = Run.objects.get()
        assert (run.step, run.outcome) == ("city", "")

    def test_an_appointment_is_booked_by_text(self, caller: Caller) -> None:
        caller.texts("Hello", Reception).hears("To book an appointment")
        caller.texts("book").hears("Which city").texts("Sprngfield").texts("Elm Street").hears("the house")
        caller.texts("12").hears("zip code").texts("90210")
        caller.hears("You live at 12 Elm Street, Springfield, 90210. Is that right?").texts("Yes!")
        caller.hears("We will call you back")
        assert outcome() == "booked"

    def test_a_text_that_wants_a_person_is_told_the_number(self, caller: Caller) -> None:
        caller.at(OPEN).texts("operator", Reception).hears("Our front desk answers at +15550100.")
        caller.hears("leave a message").texts("Call me at noon").hears("Goodbye")

    def test_it_speaks_spanish_on_a_spanish_number(self, caller: Caller, spanish: str) -> None:
        caller.dials(to=spanish, at=CLOSED).hears("Bienvenido").says("cita").hears("¿En qué ciudad vive?")
        caller.says("chicago", confidence=50).hears("¿Dijo Chicago?").says("sí")
        caller.hears("¿Cómo se llama su calle?").says("main street").hears("casa").says("doce")
        caller.hears("código postal").presses("90210").hears("Usted vive en 12 Main Street").says("sí")
        caller.hears("Gracias. Le llamaremos")


class TestSurvey:
    def test_a_happy_caller_may_recommend_us(self, caller: Caller) -> None:
        caller.dials(Survey).says("five").hears("recommend us?").presses("1").hears("Thank you")
        assert outcome() == "happy"

    def test_an_unhappy_caller_says_why(self, caller: Caller) -> None:
        caller.dials(Survey).presses("2").hears("do better?").says("answer sooner").hears("Thank you")
        assert outcome() == "unhappy"

    def test_it_works_by_text(self, caller: Caller) -> None:
        caller.texts("4", Survey).hears("Would you recommend us?").texts("sure").hears("Thank you")
        assert outcome() == "happy"

    def test_the_reason_is_a_text_on_text(self, caller: Caller) -> None:
        caller.texts("1", Survey).hears("do better?").texts("Nobody called me back.").hears("Thank you")
        assert outcome() == "unhappy"

    def test_it_speaks_spanish_too(self, caller: Caller) -> None:
        number = Line.objects.create(number="+14075550198", flow="survey", language="es-us").number
        caller.dials(to=number).hears("¿Cómo fue su visita?").says("cuatro").hears("¿Nos recomendaría?")
        caller.says("no").hears("Gracias por su tiempo.")


class TestReminder:
    def launch(self, day: str = "Monday", **options: Any) -> None:
        """Writes a call of ours, and makes it in calling hours."""
        with time_machine.travel(f"{OPEN} -05:00", tick=False):
            dial(Reminder, CALLER, data={"day": day, "time": "9:30"}, **options)
            call_command("dial", due=True, verbosity=0)

    def test_the_appointment_is_confirmed(self, caller: Caller) -> None:
        self.launch()
        caller.is_called().hears("on Monday at 9:30").presses("1").hears("seeing you on Monday")
        assert outcome() == "confirmed"

    def test_it_is_moved_to_a_day_that_is_open(self, caller: Caller) -> None:
        self.launch()
        caller.at(OPEN).is_called().says("move").hears("Which day").says("december twenty fifth")
        caller.hears("We are closed on that day.").says("december twenty eighth")
        caller.hears("call you back about Monday, December 28")
        assert outcome() == "to be moved"

    def test_a_machine_hears_what_it_is_about(self, caller: Caller) -> None:
        self.launch()
        caller.is_called(far_end="machine").hears("You have an appointment").hears_hang_up()
        assert outcome() == "left on a machine"

    def test_it_works_by_text(self, caller: Caller) -> None:
        self.launch(text=True, from_=OURS)
        caller.is_called().hears("on Monday at 9:30").at(OPEN).texts("move").hears("Which day")
        caller.texts("28 dec").hears("call you back about Monday, December 28")
        assert outcome() == "to be moved"

    def test_it_speaks_spanish_from_a_spanish_number(self, caller: Caller, spanish: str) -> None:
        self.launch("lunes", from_=spanish)
        caller.at(OPEN).is_called().hears("Tiene una cita con nosotros el lunes").says("cambiar").hears(
            "Qué día le conviene"
        )
        caller.says("veintiocho de diciembre").hears("Le llamaremos sobre el lunes, 28 de diciembre")
        assert outcome() == "to be moved"
