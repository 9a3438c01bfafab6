"""What callers hear: one class for each conversation."""

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from flows import Flow, Leg, Message, Next, Retries, ask, hang_up, record, say, transfer
from flows.grammars import Date, Digits, Number, Options, Phrases, YesNo

from .hours import CALLING, FRONT_DESK
from .names import CITIES, STREETS


class Reception(Flow):
    """Answers the main number: an appointment, or a person."""

    person = "front_desk"

    @ask(
        _("Welcome. To book an appointment, say appointment or press 1. For a person, press 0."),
        Options(appointment=("1", "book", "cita"), person=("0", "operator", "persona")),
    )
    def start(self, answer: str) -> Next:
        return self.city if answer == "appointment" else self.front_desk

    @ask(
        _("Which city do you live in?"),
        Phrases(CITIES),
        retry=_("Sorry, which city was that?"),
        keypad=_("Key in the first letters of your city, then press pound."),
        confirm=_("Was that {value}?"),
        help_text=_("Say the name of a city, such as Chicago."),
    )
    def city(self, answer: str) -> Next:
        self.milestone("city")
        return self.street

    @ask(
        _("What is the name of your street?"),
        Phrases(STREETS),
        keypad=_("Key in the first letters of your street, then press pound."),
        confirm=_("Was that {value}?"),
    )
    def street(self, answer: str) -> Next:
        return self.house_number

    @ask(_("And the number of the house?"), Number(1, 99_999))
    def house_number(self, answer: int) -> Next:
        return self.zip_code

    @ask(_("Say or key in your five digit zip code."), Digits(5))
    def zip_code(self, answer: str) -> Next:
        return self.check

    @ask(
        _(
            "You live at {answers.house_number} {answers.street}, {answers.city}, {answers.zip_code}."
            " Is that right?"
        ),
        YesNo(),
    )
    def check(self, answer: bool) -> Next:
        if not answer:
            return self.city
        self.say(_("Thank you. We will call you back with a time. Goodbye."))
        self.outcome = "booked"
        return None

    @say()
    def front_desk(self) -> Next:
        if FRONT_DESK.is_open(self.now):
            return self.ring
        self.say(_("Our front desk is closed now."))
        return self.voicemail

    @transfer("+15550100", _("One moment, please."), on_text=_("Our front desk answers at +15550100."))
    def ring(self, leg: Leg) -> Next:
        if leg.connected:
            self.outcome = "spoke to a person"
            return None
        if self.channel == "voice":
            self.say(_("Nobody is free right now."))
        return self.voicemail

    @record(_("Please leave a message, and how we can reach you."))
    def voicemail(self, message: Message) -> Next:
        self.outcome = "left a message" if message.left else "nobody free"
        return None


class Survey(Flow):
    """Asks how a visit was, by telephone or by text."""

    @ask(_("How was your visit? Answer from 1, very bad, to 5, very good."), Number(1, 5))
    def start(self, answer: int) -> Next:
        self.data["happy"] = answer >= 4
        return self.recommend if answer >= 4 else self.reason

    @ask(_("Would you recommend us?"), YesNo())
    def recommend(self, answer: bool) -> Next:
        return self.thanks

    @record(_("We are sorry. What should we do better?"))
    def reason(self, message: Message) -> Next:
        return self.thanks

    @hang_up(_("Thank you for your time. Goodbye."))
    def thanks(self) -> None:
        self.outcome = "happy" if self.data["happy"] else "unhappy"


class Reminder(Flow):
    """Calls before an appointment: `dial(Reminder, number, data={"day": "Monday", "time": "9:30"})`."""

    machine = "machine_answers"
    calling_hours = CALLING
    retries = Retries(busy=(5, 15), no_answer=(60, 240))

    @ask(
        _(
            "You have an appointment with us on {data.day} at {data.time}."
            " To confirm it, say yes or press 1. To move it, say move or press 2."
        ),
        Options(confirm=("1", "yes", "sí"), move=("2", "change", "cambiar")),
    )
    def start(self, answer: str) -> Next:
        return self.confirmed if answer == "confirm" else self.day

    @hang_up(_("Thank you. We look forward to seeing you on {data.day}. Goodbye."))
    def confirmed(self) -> None:
        self.outcome = "confirmed"

    @ask(_("Which day would suit you?"), Date(earliest=lambda today: today + timedelta(days=1)))
    def day(self, answer: date) -> Next:
        if not FRONT_DESK.opens_on(answer):
            return self.again(_("We are closed on that day."))
        return self.moved

    @hang_up(_("Thank you. We will call you back about {answers.day}. Goodbye."))
    def moved(self) -> None:
        self.outcome = "to be moved"

    @hang_up(_("You have an appointment with us on {data.day} at {data.time}. Goodbye."))
    def machine_answers(self) -> None:
        self.outcome = "left on a machine"
