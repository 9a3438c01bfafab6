"""A flow for the tests of everything else: it stays as it is when the owner changes theirs."""

from flows import Flow, Leg, Next, ask, transfer
from flows.grammars import Digits, Options, Phrases


class Booking(Flow):
    """Books an appointment, or fetches a person."""

    commands = ()

    @ask(
        "Welcome. To book an appointment, say appointment or press 1. For a person, press 0.",
        Options(appointment=("1", "book"), person=("0", "operator")),
        otherwise="front_desk",
    )
    def start(self, answer: str) -> Next:
        return self.city if answer == "appointment" else self.front_desk

    @ask(
        "Which city do you live in?",
        Phrases(["Austin", "Boston", "Chicago", "New York", "Springfield", "St. Louis"]),
        retry="Sorry, which city was that?",
        keypad="Key in the first four letters of your city, then press pound.",
        otherwise="front_desk",
    )
    def city(self, answer: str) -> Next:
        self.milestone("city")
        return self.zip_code

    @ask("Say or key in your five digit zip code.", Digits(5), otherwise="front_desk")
    def zip_code(self, answer: str) -> Next:
        self.say("Thank you. We will call you back about {answers.city}, {answers.zip_code}. Goodbye.")
        self.outcome = "booked"
        return None

    @transfer("+15550100", "One moment, please.")
    def front_desk(self, leg: Leg) -> Next:
        if not leg.connected:
            self.say("Nobody is free right now. Please call again later. Goodbye.")
        self.outcome = "spoke to a person" if leg.connected else "nobody free"
        return None
