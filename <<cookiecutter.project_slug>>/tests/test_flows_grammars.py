"""Grammars: what the platform is told to listen for, and what its words mean."""

import pytest

from flows.grammars import Digits, Grammar, Options, Phrases
from tropo import Recognition

MENU = Options(appointment=("1", "book"), front_desk="0")
CITIES = Phrases(["Chicago", "New York", "St. Louis", "Springfield", "Springdale"])


def keyed(keys: str) -> Recognition:
    return Recognition(disposition="SUCCESS", mode="keypad", interpretation=keys, utterance=" ".join(keys))


def spoken(words: str, value: str = "") -> Recognition:
    return Recognition(
        disposition="SUCCESS", mode="speech", interpretation=words, utterance=words, value=value
    )


@pytest.mark.parametrize(
    ("grammar", "keypad_only", "value", "mode"),
    [
        (MENU, False, "appointment(appointment, 1, book), front_desk(front desk, 0)", "any"),
        (MENU, True, "appointment(appointment, 1, book), front_desk(front desk, 0)", "dtmf"),
        (Digits(5), False, "[5 DIGITS]", "any"),
        (Digits(1, 3), True, "[1-3 DIGITS]", "dtmf"),
        (Phrases(["Chicago", " New  York "]), False, "Chicago, New York", "speech"),
        (Phrases(lambda: ["Chicago"]), False, "Chicago", "speech"),
        (CITIES, True, "[3-20 DIGITS]", "dtmf"),
    ],
)
def test_what_the_platform_listens_for(grammar: Grammar, keypad_only: bool, value: str, mode: str) -> None:
    choices = grammar.choices(keypad_only=keypad_only)
    assert (choices.value, choices.mode) == (value, mode)


@pytest.mark.parametrize(
    ("grammar", "heard", "answer"),
    [
        (MENU, keyed("1"), "appointment"),
        (MENU, spoken("book", value="appointment"), "appointment"),
        (MENU, spoken("Front  Desk"), "front_desk"),
        (MENU, spoken("a table"), None),
        (MENU, keyed("9"), None),
        (Digits(5), keyed("02134"), "02134"),
        (Digits(5), Recognition(interpretation="9 4 0 7 0", value="nine four zero seven zero"), "94070"),
        (Digits(5), Recognition(value="12345"), "12345"),
        (Digits(5), keyed("1234"), None),
        (Digits(5), spoken("nine four zero"), None),
        (Digits(2), Recognition(interpretation="²²"), None),
        (Digits(1, 3), keyed("12"), "12"),
        (CITIES, spoken("chicago"), "Chicago"),
        (CITIES, spoken("NEW YORK"), "New York"),
        (CITIES, spoken("gotham"), None),
        (CITIES, keyed("244"), "Chicago"),
        (CITIES, keyed("7856"), "St. Louis"),
        (CITIES, keyed("7774643"), None),
        (CITIES, keyed("77746434"), "Springfield"),
        (CITIES, keyed("24"), None),
    ],
)
def test_what_the_words_mean(grammar: Grammar, heard: Recognition, answer: str | None) -> None:
    assert grammar.match(heard) == answer


@pytest.mark.parametrize("phrase", ["", "  ", "Paris, Texas", "Bourg (Ain)", "[any]"])
def test_a_phrase_that_the_simple_grammar_cannot_spell_is_refused_at_once(phrase: str) -> None:
    with pytest.raises(ValueError, match="the simple grammar has no escape"):
        Phrases(["Chicago", phrase])


def test_grammars_without_anything_to_answer_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one option"):
        Options()
    with pytest.raises(ValueError, match="at least one phrase"):
        Phrases([])
    with pytest.raises(ValueError, match="1 <= least <= most"):
        Digits(3, 2)
