"""Menus: what the platform is told to listen for, and what its words mean."""

from datetime import UTC, datetime
from typing import Literal

import pytest

from flows.grammars import Hearing, Listening, Options
from flows.languages import language
from phone.srgs import read_grammar
from tropo import Recognition

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
VOICE = Hearing(language("en-us"), NOW)
TEXT = Hearing(language("en-us"), NOW, "text")
COMMANDS = {"help": ("help", "*"), "person": ("operator", "0")}

MENU = Options(appointment=("1", "book"), front_desk="0")


def listening(mode: Literal["any", "dtmf", "speech"] = "any", /, **commands: tuple[str, ...]) -> Listening:
    return Listening(VOICE, mode, commands)


def keyed(keys: str) -> Recognition:
    return Recognition(disposition="SUCCESS", mode="keypad", interpretation=keys, utterance=" ".join(keys))


def spoken(words: str, value: str = "") -> Recognition:
    return Recognition(
        disposition="SUCCESS", mode="speech", interpretation=words, utterance=words, value=value
    )


def written(text: str) -> Recognition:
    return Recognition(disposition="SUCCESS", mode="text", interpretation=text, utterance=text, value=text)


@pytest.mark.parametrize(
    ("menu", "heard", "value", "mode"),
    [
        (MENU, listening(), "appointment(appointment, 1, book), front_desk(front desk, 0)", "any"),
        (MENU, listening("dtmf"), "appointment(appointment, 1, book), front_desk(front desk, 0)", "dtmf"),
        (Options(red=(), blue="2"), listening(), "red, blue(blue, 2)", "any"),
        (
            MENU,
            listening(**COMMANDS),
            "appointment(appointment, 1, book), front_desk(front desk, 0), help(help, *), person(operator)",
            "any",
        ),
        (Options(help="1"), listening(help=("help", "*")), "help(help, 1)", "any"),
        (Options(a="help"), listening(help=("help",)), "a(a, help)", "any"),
    ],
)
def test_the_simple_grammar_of_a_menu_and_the_commands(
    menu: Options, heard: Listening, value: str, mode: str
) -> None:
    choices = menu.simple(heard)
    assert choices is not None
    assert (choices.value, choices.mode) == (value, mode)


def test_a_phrase_that_the_simple_grammar_cannot_spell_asks_for_a_file() -> None:
    menu = Options(paris=("1", "Paris, Texas"), other="2")
    assert menu.simple(listening()) is None
    file = read_grammar(menu.rules(listening(help=("help (me)",))).encode())
    found = file.by_keys("1", "#")
    assert found is not None
    assert found.value == "paris"
    assert MENU.simple(listening(help=("help (me)",))) is None


@pytest.mark.parametrize(
    ("mode", "keys", "words", "value"),
    [
        ("any", "1", "", "appointment"),
        ("any", "", "front desk", "front_desk"),
        ("any", "*", "", "#help"),
        ("any", "", "operator", "#person"),
        ("any", "0", "", "front_desk"),
        ("dtmf", "1", "", "appointment"),
        ("dtmf", "", "book", None),
        ("speech", "", "book", "appointment"),
        ("speech", "1", "", None),
    ],
)
def test_the_file_of_a_menu_and_the_commands(
    mode: Literal["any", "dtmf", "speech"], keys: str, words: str, value: str | None
) -> None:
    file = read_grammar(MENU.rules(listening(mode, **COMMANDS)).encode())
    found = file.by_keys(keys, "#") if keys else file.by_speech(words)
    assert (found and found.value) == value


def test_a_menu_without_keys_has_a_file_of_keys_that_nothing_fits() -> None:
    file = read_grammar(Options(yes=(), no=()).rules(listening("dtmf")).encode())
    assert file.by_keys("1", "#") is None


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        (keyed("1"), "appointment"),
        (keyed("0"), "front_desk"),
        (keyed("9"), None),
        (spoken("book", value="appointment"), "appointment"),
        (spoken("Front  Desk"), "front_desk"),
        (spoken("a table"), None),
        (spoken("book please"), None),
    ],
)
def test_what_a_caller_means(heard: Recognition, answer: str | None) -> None:
    assert MENU.match(heard, VOICE) == answer


@pytest.mark.parametrize(
    ("text", "answer", "near"),
    [
        ("1", "appointment", ("appointment",)),
        ("1.", "appointment", ("appointment",)),
        ("APPOINTMENT!", "appointment", ("appointment",)),
        ("book please", "appointment", ("appointment",)),
        ("I'd like to book an appointment", "appointment", ("appointment",)),
        ("app", "appointment", ("appointment",)),
        ("apointment", "appointment", ("appointment",)),
        ("apoinment", None, ("appointment",)),
        ("book or front desk", None, ("appointment", "front_desk")),
        ("1 or 2 things", None, ()),
        ("a table", None, ()),
        ("", None, ()),
    ],
)
def test_what_a_message_means(text: str, answer: str | None, near: tuple[str, ...]) -> None:
    assert MENU.match(written(text), TEXT) == answer
    assert MENU.near(written(text), TEXT) == near


def test_a_wrong_key_is_near_nothing() -> None:
    assert MENU.near(keyed("9"), VOICE) == ()


def test_an_option_without_a_key_is_named() -> None:
    assert Options(yes="1", no=(), other="the others").keyless == ("no", "other")


def test_an_answer_is_said_in_words() -> None:
    assert MENU.words("front_desk", VOICE) == "front desk"
    assert MENU.value("front_desk") == "front_desk"
    assert MENU.spec() == {
        "options": {"appointment": ["appointment", "1", "book"], "front_desk": ["front desk", "0"]}
    }


def test_menus_without_anything_to_answer_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one option"):
        Options()
    with pytest.raises(ValueError, match="'yes' has an empty phrase"):
        Options(yes=("1", " "))
