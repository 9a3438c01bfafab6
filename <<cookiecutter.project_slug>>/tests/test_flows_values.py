"""Grammars of values: what is listened for, and what callers' words, keys and messages mean."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.grammars import (
    Address,
    Amount,
    Date,
    Digits,
    Grammar,
    Hearing,
    Listening,
    Number,
    Phone,
    Text,
    Time,
    YesNo,
)
from flows.grammars.base import command_in
from flows.languages import language
from phone.srgs import read_grammar
from tropo import Recognition

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
"""A Monday."""


def a_month_ahead(today: date) -> date:
    return today + timedelta(days=30)


ZIP, RANGE, LONG = Digits(5), Digits(1, 10), Digits(4, 30)
COUNT, SIGNED, AMOUNT, SMALL = Number(0, 999_999), Number(-10, 10), Amount(0, 50_000), Amount("0.50", 100)
DAY, TIME, PHONE = Date(), Time(), Phone("US")
BUSINESS = Time(time(8), time(17))
COMING = Date(lambda today: today, a_month_ahead)
BIRTH = Date(latest=lambda today: today)
COMMANDS = {"help": ("help", "*"), "person": ("a person", "0")}
ALL: list[Grammar[Any]] = [
    ZIP,
    RANGE,
    LONG,
    COUNT,
    SIGNED,
    AMOUNT,
    SMALL,
    DAY,
    TIME,
    PHONE,
    BUSINESS,
    COMING,
    YesNo(),
]


def hearing(code: str = "en-us", channel: Any = "voice") -> Hearing:
    return Hearing(language(code), NOW, channel)


def said(words: str, mode: str = "speech") -> Recognition:
    return Recognition(disposition="SUCCESS", mode=mode, utterance=words, interpretation=words, value=words)


def listening(mode: Any = "any", code: str = "en", commands: Any = None) -> Listening:
    return Listening(hearing(code), mode, COMMANDS if commands is None else commands)


SPOKEN: list[tuple[str, Grammar[Any], str, str]] = [
    ("en", ZIP, "nine oh two one zero", "90210"),
    ("en", ZIP, "nine double two one zero", "92210"),
    ("en", ZIP, "triple seven forty two", "77742"),
    ("en", ZIP, "zero two one three four", "02134"),
    ("en", ZIP, "um it's ninety two one ten please", "92110"),
    ("en", RANGE, "twenty one", "21"),
    ("en", LONG, "one two three four five six seven eight nine oh one two three", "1234567890123"),
    ("en", COUNT, "twenty one", "21"),
    ("en", COUNT, "one hundred and five", "105"),
    ("en", COUNT, "two thousand five hundred", "2500"),
    ("en", COUNT, "twenty five hundred", "2500"),
    ("en", SIGNED, "minus five", "-5"),
    ("en", AMOUNT, "twelve dollars and fifty cents", "12.50"),
    ("en", AMOUNT, "a dollar fifty", "1.50"),
    ("en", AMOUNT, "fifty cents", "0.50"),
    ("en", AMOUNT, "two hundred fifty", "250.00"),
    ("en", AMOUNT, "twelve point five", "12.50"),
    ("en", SMALL, "seven oh seven", "7.07"),
    ("en", SMALL, "twelve fifty", "12.50"),
    ("en", DAY, "december twenty fourth", "2026-12-24"),
    ("en", DAY, "the twenty fourth of december", "2026-12-24"),
    ("en", DAY, "thursday december twenty four", "2026-12-24"),
    ("en", DAY, "december twenty four twenty twenty seven", "2027-12-24"),
    ("en", DAY, "november twenty third", "2026-11-23"),
    ("en", DAY, "november twenty second", "2027-11-22"),
    ("en", DAY, "february twenty ninth", "2028-02-29"),
    ("en", DAY, "july fourth nineteen eighty five", "1985-07-04"),
    ("en", DAY, "the first", "2026-12-01"),
    ("en", DAY, "thursday the twenty fourth", "2026-12-24"),
    ("en", DAY, "tomorrow", "2026-11-24"),
    ("en", DAY, "friday", "2026-11-27"),
    ("en", DAY, "next monday", "2026-11-30"),
    ("en", DAY, "in two weeks", "2026-12-07"),
    ("en", TIME, "half past six", "18:30"),
    ("en", TIME, "quarter to seven pm", "18:45"),
    ("en", TIME, "six thirty in the evening", "18:30"),
    ("en", TIME, "six thirty in the morning", "06:30"),
    ("en", TIME, "seven", "07:00"),
    ("en", TIME, "seven oh five", "07:05"),
    ("en", TIME, "six fifty nine", "18:59"),
    ("en", TIME, "twelve thirty", "12:30"),
    ("en", TIME, "twelve a.m.", "00:00"),
    ("en", TIME, "noon", "12:00"),
    ("en", TIME, "twelve at night", "00:00"),
    ("en", TIME, "two at night", "02:00"),
    ("en", TIME, "ten minutes to one", "12:50"),
    ("en", TIME, "eighteen hundred hours", "18:00"),
    ("en", BUSINESS, "seven", ""),
    ("en", BUSINESS, "five", "17:00"),
    ("en", PHONE, "two one two five five five oh one double oh", "+12125550100"),
    ("en", PHONE, "one two one two triple five zero one hundred", "+12125550100"),
    ("en", YesNo(), "yeah", "yes"),
    ("en", YesNo(), "not correct", "no"),
    ("es", ZIP, "doble nueve dos uno cero", "99210"),
    ("es", ZIP, "noventa y dos uno diez", "92110"),
    ("es", COUNT, "treinta y cinco mil doscientos", "35200"),
    ("es", AMOUNT, "doce dólares con cincuenta centavos", "12.50"),
    ("es", DAY, "el jueves veinticuatro de diciembre", "2026-12-24"),
    ("es", DAY, "primero de enero de dos mil veintisiete", "2027-01-01"),
    ("es", DAY, "mañana", "2026-11-24"),
    ("es", DAY, "pasado mañana", "2026-11-25"),
    ("es", DAY, "dentro de tres días", "2026-11-26"),
    ("es", TIME, "las seis y media", "18:30"),
    ("es", TIME, "siete menos cuarto de la tarde", "18:45"),
    ("es", TIME, "un cuarto para las siete", "18:45"),
    ("es", TIME, "las ocho de la noche", "20:00"),
    ("es", TIME, "doce de la noche", "00:00"),
    ("es", TIME, "las diez y cinco de la mañana", "10:05"),
    ("es", TIME, "a la una", "13:00"),
    ("es", YesNo(), "claro que sí", "yes"),
]


@pytest.mark.parametrize(("code", "grammar", "words", "stored"), SPOKEN)
def test_what_is_said_is_heard_by_the_file_and_then_read(
    code: str, grammar: Grammar[Any], words: str, stored: str
) -> None:
    file = read_grammar(grammar.rules(listening(code=code)).encode())
    heard = file.by_speech(words)
    assert heard is not None
    spoken = Recognition(
        disposition="SUCCESS",
        mode="speech",
        utterance=heard.utterance,
        interpretation=heard.interpretation,
        value=heard.value,
    )
    assert grammar.match(spoken, hearing(code)) == (stored or None)
    assert command_in(spoken, listening(code=code)) is None


@pytest.mark.parametrize(
    ("grammar", "keys", "stored"),
    [
        (ZIP, "02134", "02134"),
        (RANGE, "1", "1"),
        (COUNT, "42", "42"),
        (COUNT, "007", "7"),
        (AMOUNT, "1250", "12.50"),
        (AMOUNT, "5", "0.05"),
        (AMOUNT, "12*50", "12.50"),
        (AMOUNT, "12*5", "12.50"),
        (AMOUNT, "12*", "12.00"),
        (SMALL, "25", "25.00"),
        (DAY, "1224", "2026-12-24"),
        (DAY, "12242027", "2027-12-24"),
        (TIME, "0630", "18:30"),
        (TIME, "0730", "07:30"),
        (TIME, "1830", "18:30"),
        (TIME, "0015", "00:15"),
        (BUSINESS, "0430", "16:30"),
        (PHONE, "2125550100", "+12125550100"),
        (PHONE, "12125550100", "+12125550100"),
        (YesNo(), "1", "yes"),
        (YesNo(), "2", "no"),
    ],
)
def test_what_is_keyed_is_heard_by_the_file_and_then_read(
    grammar: Grammar[Any], keys: str, stored: str
) -> None:
    for mode in ("any", "dtmf"):
        file = read_grammar(grammar.rules(listening(mode, commands={"help": ("help",)})).encode())
        heard = file.by_keys(keys, "#")
        assert heard is not None
        keyed = Recognition(mode="keypad", utterance=heard.utterance, interpretation=heard.interpretation)
        assert grammar.match(keyed, hearing()) == stored
        tokens = " ".join(f"dtmf-{'star' if key == '*' else key}" for key in keys)
        assert grammar.match(Recognition(mode="keypad", interpretation=tokens), hearing()) == stored


WRITTEN: list[tuple[Grammar[Any], str, str | None]] = [
    (ZIP, "90210", "90210"),
    (ZIP, "my zip code is 90210.", "90210"),
    (ZIP, "9021", None),
    (ZIP, "90210-1234", None),
    (COUNT, "1,250", "1250"),
    (COUNT, "5 thousand", "5000"),
    (COUNT, "-5", None),
    (SIGNED, "-5", "-5"),
    (SIGNED, "11", None),
    (AMOUNT, "$1,250.00", "1250.00"),
    (AMOUNT, "12", "12.00"),
    (AMOUNT, "12.50 please", "12.50"),
    (AMOUNT, "12 dollars and 50 cents", "12.50"),
    (AMOUNT, "99999", None),
    (DAY, "24 dec", "2026-12-24"),
    (DAY, "Dec. 24, 2027", "2027-12-24"),
    (DAY, "december 24th", "2026-12-24"),
    (DAY, "12/24", "2026-12-24"),
    (DAY, "24/12", "2026-12-24"),
    (DAY, "12/24/27", "2027-12-24"),
    (DAY, "12/24/85", "1985-12-24"),
    (DAY, "2026-12-24", "2026-12-24"),
    (DAY, "1224", "2026-12-24"),
    (DAY, "february 30", None),
    (DAY, "99/99/9999", None),
    (DAY, "in 999999999 days", None),
    (COMING, "yesterday", None),
    (COMING, "march 1", None),
    (BIRTH, "7/4/1985", "1985-07-04"),
    (BIRTH, "7/4/2085", None),
    (TIME, "18:30", "18:30"),
    (TIME, "6.30pm", "18:30"),
    (TIME, "6:30", "18:30"),
    (TIME, "06:30", "06:30"),
    (TIME, "06:30 pm", "18:30"),
    (TIME, "630", "18:30"),
    (TIME, "7 a.m.", "07:00"),
    (TIME, "24:00", None),
    (TIME, "25:00", None),
    (TIME, "6:60", None),
    (TIME, "half past 6", "18:30"),
    (PHONE, "(212) 555-0100", "+12125550100"),
    (PHONE, "212.555.0100", "+12125550100"),
    (PHONE, "+44 20 7946 0958", "+442079460958"),
    (PHONE, "555-0100", None),
    (PHONE, "call me", None),
    (YesNo(), "Yes, please!", "yes"),
    (YesNo(), "y", "yes"),
    (YesNo(), "okay no", "no"),
    (YesNo(), "I am not sure", None),
    (YesNo(), "no I would rather hear the balance of my account", None),
    (Text(5), " hello\0 ", "hello"),
    (Text(5), "hello!", None),
    (Text(), "", None),
    (Address("https://x.test/g.grxml"), "a table", "a table"),
    (Address("https://x.test/g.grxml"), "", None),
]


@pytest.mark.parametrize(("grammar", "text", "stored"), WRITTEN)
def test_what_is_written_is_read(grammar: Grammar[Any], text: str, stored: str | None) -> None:
    assert grammar.match(said(text, "text"), hearing(channel="text")) == stored


@pytest.mark.parametrize(
    ("grammar", "words", "near"),
    [
        (DAY, "monday", ("2026-11-23", "2026-11-30")),
        (DAY, "next friday", ("2026-11-27", "2026-12-04")),
        (DAY, "thursday december twenty fifth", ("2026-12-25", "2026-12-24")),
        (AMOUNT, "two fifty", ("2.50", "250.00")),
    ],
)
def test_words_of_two_meanings_are_no_match_and_both_are_near(
    grammar: Grammar[Any], words: str, near: tuple[str, ...]
) -> None:
    assert grammar.match(said(words), hearing()) is None
    assert grammar.near(said(words), hearing())[:2] == near


@pytest.mark.parametrize(
    ("grammar", "heard", "near"),
    [
        (COUNT, said("fifteen"), ("15", "50", "16")),
        (TIME, said("six thirty"), ("18:30", "06:30", "18:13")),
        (DAY, said("decemebr 24", "text"), ("2026-12-24",)),
        (DAY, said("tomorow", "text"), ("2026-11-24",)),
        (AMOUNT, Recognition(mode="keypad", interpretation="1250"), ("12.50", "1250.00")),
        (ZIP, said("nine oh two one", "text"), ()),
    ],
)
def test_what_may_have_been_meant_is_near(
    grammar: Grammar[Any], heard: Recognition, near: tuple[str, ...]
) -> None:
    assert grammar.near(heard, hearing()) == near


@pytest.mark.parametrize(
    ("grammar", "mode", "commands", "value"),
    [
        (ZIP, "any", {}, "[5 DIGITS]"),
        (ZIP, "dtmf", {}, "[5 DIGITS]"),
        (ZIP, "any", {"person": ("0",)}, "[5 DIGITS]"),
        (ZIP, "any", COMMANDS, None),
        (ZIP, "dtmf", {"help": ("help",)}, "[5 DIGITS]"),
        (ZIP, "dtmf", COMMANDS, None),
        (Digits(1), "any", {}, "[1 DIGIT]"),
        (RANGE, "any", {}, "[1-10 DIGITS]"),
        (COUNT, "any", {}, None),
        (COUNT, "dtmf", {}, "[1-6 DIGITS]"),
        (DAY, "dtmf", {}, "[4-8 DIGITS]"),
        (TIME, "dtmf", {}, "[4 DIGITS]"),
        (AMOUNT, "dtmf", {}, "[1-7 DIGITS]"),
        (PHONE, "dtmf", {}, "[10-11 DIGITS]"),
        (YesNo(), "dtmf", {}, "yes(1), no(2)"),
        (YesNo(), "dtmf", {"back": ("2",)}, "yes(1), no(2)"),
        (Text(), "any", {}, None),
        (Address("https://x.test/g.grxml"), "any", COMMANDS, "https://x.test/g.grxml"),
    ],
)
def test_the_protocols_grammar_is_used_where_it_says_all(
    grammar: Grammar[Any], mode: str, commands: Any, value: str | None
) -> None:
    choices = grammar.simple(listening(mode, commands=commands))
    assert (choices and choices.value) == value
    assert choices is None or choices.mode == mode


@pytest.mark.parametrize("grammar", [*ALL, Text()])
def test_a_message_may_be_any_text(grammar: Grammar[Any]) -> None:
    choices = grammar.simple(Listening(hearing(channel="text"), commands=COMMANDS))
    assert choices is not None
    assert choices.value == "[ANY]"


@pytest.mark.parametrize("grammar", ALL)
@pytest.mark.parametrize("code", ["en", "es"])
def test_a_file_has_the_commands_and_listens_as_it_is_told(grammar: Grammar[Any], code: str) -> None:
    both, keys, words = (
        read_grammar(grammar.rules(listening(mode, code)).encode()) for mode in ("any", "dtmf", "speech")
    )
    for file in (both, keys):
        pressed = file.by_keys("*", "#")
        assert pressed is not None
        assert pressed.value == "#help"
    for file in (both, words):
        spoken = file.by_speech("a person")
        assert spoken is not None
        assert spoken.value == "#person"
    assert words.by_keys("*", "#") is None
    assert keys.by_speech("help") is None
    assert both.by_speech("the weather in chicago") is None


@pytest.mark.parametrize(
    ("grammar", "stored", "value", "words"),
    [
        (ZIP, "02134", "02134", ("0 2 1 3 4", "02134", "0 2 1 3 4")),
        (COUNT, "42", 42, ("42", "42", "42")),
        (AMOUNT, "1250.50", Decimal("1250.50"), ("$1,250.50", "$1,250.50", "$1,250.50")),
        (
            DAY,
            "2026-12-24",
            date(2026, 12, 24),
            ("Thursday, December 24", "Thursday, December 24", "jueves, 24 de diciembre"),
        ),
        (
            DAY,
            "2027-12-24",
            date(2027, 12, 24),
            ("Friday, December 24, 2027", "Friday, December 24, 2027", "viernes, 24 de diciembre de 2027"),
        ),
        (TIME, "18:30", time(18, 30), ("6:30 PM", "6:30 PM", "6:30 de la tarde")),
        (TIME, "00:05", time(0, 5), ("12:05 AM", "12:05 AM", "12:05 de la mañana")),
        (
            PHONE,
            "+12125550100",
            "+12125550100",
            ("2 1 2, 5 5 5, 0 1 0 0", "(212) 555-0100", "2 1 2, 5 5 5, 0 1 0 0"),
        ),
        (YesNo(), "yes", True, ("yes", "yes", "sí")),
        (YesNo(), "no", False, ("no", "no", "no")),
        (Text(), "hello", "hello", ("hello", "hello", "hello")),
    ],
)
def test_an_answer_has_its_value_and_is_said_back(
    grammar: Grammar[Any], stored: str, value: object, words: tuple[str, str, str]
) -> None:
    assert grammar.value(stored) == value
    back = (hearing(), hearing(channel="text"), hearing("es-us"))
    assert tuple(grammar.words(stored, place) for place in back) == words


def test_a_date_in_figures_is_in_the_order_of_its_country() -> None:
    assert DAY.match(said("3/4", "text"), hearing("en-us")) == "2027-03-04"
    assert DAY.match(said("3/4", "text"), hearing("en-gb")) == "2027-04-03"
    assert DAY.match(Recognition(mode="keypad", interpretation="0304"), hearing("en-gb")) == "2027-04-03"


def test_a_star_is_the_point_of_an_amount_only_where_it_is_no_command() -> None:
    assert read_grammar(AMOUNT.rules(listening(commands={})).encode()).by_keys("12*50", "#") is not None
    assert read_grammar(AMOUNT.rules(listening()).encode()).by_keys("12*50", "#") is None


def test_a_grammar_tells_what_it_is_without_its_data() -> None:
    assert Date(date(2026, 1, 1), a_month_ahead).spec() == {"date": ["2026-01-01", "a_month_ahead"]}
    assert Amount("0.50", 10).spec() == {"amount": ["0.50", "10.00"]}
    assert BUSINESS.spec() == {"time": ["08:00:00", "17:00:00"]}


@pytest.mark.parametrize(
    "make",
    [
        lambda: Digits(0),
        lambda: Digits(3, 2),
        lambda: Number(2, 1),
        lambda: Number(0, 10**9),
        lambda: Amount(5, 1),
        lambda: Amount("much", 1),
        lambda: Amount("NaN", 1),
        lambda: Time(time(9), time(8)),
        lambda: Phone("XX"),
        lambda: Text(0),
        lambda: Address("ftp://x.test"),
    ],
)
def test_a_grammar_that_nothing_fits_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match="needs"):
        make()


def test_a_file_that_cannot_be_is_refused() -> None:
    for grammar in (Text(), Address("https://x.test/g")):
        with pytest.raises(ValueError, match=r"messages|owner"):
            grammar.rules(listening())


VOCABULARY = st.sampled_from(
    [word for code in ("en", "es") for table in language(code).words.values() for word in table]
    + [
        "12",
        "24",
        "2026",
        "/",
        ":",
        "$",
        "-",
        "*",
        "#",
        "12/24",
        "00:00",
        "24:61",
        "9999-99-99",
        "next",
        "of",
        "to",
    ]
)
HOSTILE = (
    st.text() | st.lists(VOCABULARY, max_size=12).map(" ".join) | st.text("0123456789*#-/:.,$ ", max_size=12)
)


@given(HOSTILE, st.sampled_from(["speech", "keypad", "text", ""]), st.sampled_from(["en", "es", "en-gb"]))
def test_whatever_is_said_a_grammar_gives_an_answer_of_its_own_or_none(
    text: str, mode: str, code: str
) -> None:
    place = hearing(code, "text" if mode == "text" else "voice")
    for grammar in ALL:
        found = [grammar.match(said(text, mode), place), *grammar.near(said(text, mode), place)]
        assert len(found) <= 6
        for stored in filter(None, found):
            grammar.value(stored)
            assert grammar.words(stored, place)
