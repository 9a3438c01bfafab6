"""The recovery ladder: what a question does with silence, noise, doubt and commands."""

from dataclasses import replace

import pytest

from flows import Flow, Next, ask, say
from flows.engine import FlowFailed
from flows.grammars import Digits, Options, Phrases
from flows.scene import Rules
from tests.talking import TEXT, VOICE, Talk, given

CITIES = ["Chicago", "Springfield", "Springdale", "Boston"]


class Cities(Flow):
    """Asks for a city, up to four times."""

    person = "desk"

    @ask("Ready?", Options(yes="1"))
    def start(self, answer: str) -> Next:
        return self.city

    @ask(
        "Which city?",
        Phrases(CITIES),
        retry="Sorry, which city was that?",
        keypad="Key in its first four letters.",
        confirm="Was that {value}?",
        no_match="That is no city of ours.",
        help_text="We have four cities.",
        otherwise="lost",
        attempts=4,
    )
    def city(self, answer: str) -> Next:
        if answer == "Boston":
            return self.again("We have just left Boston.")
        self.say("You live in {answers.city}.")
        return None

    @say("Nobody understood.")
    def lost(self) -> Next:
        return None

    @say("Here is a person.")
    def desk(self) -> Next:
        return None


def at_city() -> Talk:
    return Talk(Cities).presses("1")


def test_each_attempt_is_a_turn_and_a_rung_of_its_own() -> None:
    talk = at_city()
    assert talk.said == "Which city?"
    assert talk.choices["mode"] == "any"
    assert talk.stays_silent().said == "Sorry, which city was that?"
    assert talk.is_not_understood().said == "That is no city of ours. / Sorry, which city was that?"
    assert talk.stays_silent().said == "Sorry, I did not hear you. / Key in its first four letters."
    assert talk.choices["mode"] == "dtmf"
    assert talk.presses("9999").said == "Nobody understood."
    assert talk.results[1:] == [
        "question no input",
        "reworded no match",
        "reworded no input",
        "keypad no match",
    ]


def test_a_spelled_city_is_heard_at_the_keypad() -> None:
    talk = at_city().stays_silent().stays_silent().stays_silent().presses("2442")
    assert talk.said == "You live in Chicago."


def test_speech_in_the_middle_band_is_confirmed_within_the_same_attempt() -> None:
    talk = at_city().says("chicago", 55)
    assert talk.said == "Was that Chicago?"
    assert (talk.state.attempt, talk.state.rung) == (1, "confirmation")
    assert talk.says("yes").said == "You live in Chicago."
    assert given(talk.decision)[-1] == ("city", "Chicago")
    assert talk.results[1:] == ["question unsure", "confirmation answered"]


def test_speech_above_the_band_is_not_confirmed_and_below_it_not_taken() -> None:
    assert at_city().says("chicago", 65).said == "You live in Chicago."
    talk = at_city().says("chicago", 39)
    assert talk.said == "Sorry, which city was that?"
    assert talk.results[-1] == "question low confidence"


def test_a_denied_confirmation_offers_what_else_it_may_have_been() -> None:
    talk = at_city().says("springdale", 50).says("no")
    assert talk.said.startswith("Did you mean Springfield?")
    assert talk.results[-1] == "confirmation denied"
    assert talk.presses("1").said == "You live in Springfield."


def test_doubtful_speech_with_near_misses_is_a_choice() -> None:
    talk = at_city().says("springfield", 20)
    assert talk.said == (
        "Did you mean Springfield, or Springdale? For Springfield, press 1. For Springdale, press 2."
        " For none of these, press 3."
    )
    assert (talk.state.attempt, talk.state.rung) == (2, "choice")
    assert talk.says("springdale").said == "You live in Springdale."


def test_none_of_these_goes_on_up_the_ladder() -> None:
    talk = at_city().says("springfield", 20).presses("3")
    assert talk.said == "Sorry, which city was that?"
    assert talk.results[-1] == "choice denied"


def test_ambiguous_keys_are_a_choice_too() -> None:
    talk = at_city().stays_silent().stays_silent().presses("7774")
    assert talk.said.startswith("Did you mean Springfield, or Springdale?")


def test_a_handler_can_ask_again_and_the_answer_is_refused() -> None:
    talk = at_city().says("boston")
    assert talk.said == "We have just left Boston. / Which city?"
    assert given(talk.decision) == [("start", "yes")]
    assert talk.results[-1] == "question refused"


def test_the_caller_may_have_the_question_again_without_losing_an_attempt() -> None:
    talk = at_city().says("repeat")
    assert (talk.said, talk.state.attempt, talk.state.visit) == ("Which city?", 1, 1)
    assert talk.results[-1] == "question command"


def test_the_caller_may_go_back_and_answer_anew() -> None:
    talk = at_city().says("go back")
    assert talk.said == "Ready?"
    assert given(talk.decision) == []
    assert talk.presses("1").state.visit == 2


def test_the_caller_may_ask_for_help_by_key_and_then_for_a_person() -> None:
    talk = at_city().presses("*")
    assert talk.said.startswith("We have four cities. / To hear the question again")
    assert talk.presses("0").said == "Here is a person."
    assert talk.results[-1] == "help command"


def test_silence_at_the_help_menu_leads_back_to_the_question() -> None:
    assert at_city().says("help").stays_silent().said == "Which city?"


class Quiet(Flow):
    """Has no person, and no commands."""

    commands = ()

    @ask("Number?", Digits(3), attempts=1)
    def start(self, answer: str) -> Next:
        return None


def test_without_anybody_else_the_end_is_polite() -> None:
    talk = Talk(Quiet).is_not_understood()
    assert talk.said.startswith("We are sorry that we could not understand you.")
    assert [next(iter(step)) for step in talk.document] == ["say", "hangup"]


def test_the_fallback_number_stands_for_a_person() -> None:
    talk = Talk(Quiet, replace(VOICE, rules=Rules(fallback="+15550199"))).stays_silent()
    assert [next(iter(step)) for step in talk.document] == ["transfer", "hangup"]
    assert talk.document[0]["transfer"]["to"] == "+15550199"


def test_without_commands_digits_need_no_file() -> None:
    assert Talk(Quiet).choices["value"] == "[3 DIGITS]"


class Checked(Flow):
    """Refuses a number by a function of the flow."""

    def too_many(self, answer: str) -> str | None:
        return "We have no more than three." if int(answer) > 3 else None

    @ask("How many?", Digits(1), validate=too_many)
    def start(self, answer: str) -> Next:
        self.say("{answers.start} it is.")
        return None


def test_a_validator_refuses_with_its_reason() -> None:
    talk = Talk(Checked).presses("7")
    assert talk.said == "We have no more than three. / How many?"
    assert talk.results == ["question refused"]
    assert given(talk.decision) == []
    assert talk.presses("2").said.endswith("it is.")


class Circle(Flow):
    """Never comes to an end."""

    @ask("Again?", Options(yes="1"))
    def start(self, answer: str) -> Next:
        return self.start


def test_a_flow_that_goes_in_circles_is_cut_off() -> None:
    talk = Talk(Circle, replace(VOICE, rules=Rules(most_turns=10)))
    for _ in range(9):
        talk.presses("1")
    with pytest.raises(FlowFailed) as caught:
        talk.presses("1")
    assert "cut off after 10 turns" in str(caught.value.__cause__)
    assert caught.value.attempt is not None
    assert (caught.value.attempt.result, caught.value.attempt.interpretation) == ("error", "1")


def test_on_text_a_near_miss_is_offered_and_a_clear_one_is_taken() -> None:
    assert Talk(Cities, TEXT).texts("1").texts("chicagoo").said == "You live in Chicago."
    near = Talk(Cities, TEXT).texts("1").texts("spring")
    assert near.said.startswith("Did you mean Springdale, or Springfield?")
    assert near.texts("2").said == "You live in Springfield."
