"""Languages as data: what their tables say, how an owner adds to them, and what is found wrong in them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.languages import Reading, codes, faults, language, tokens, use_folders
from flows.languages.patterns import Maybe, OneOf, Sequence, Slot, Words, parse_pattern


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder of an owner's languages."""
    use_folders([tmp_path])
    yield tmp_path
    use_folders([])


def read(code: str, rule: str, words: str) -> list[int]:
    return [sum(values.values()) for values in Reading(language(code), tokens(words)).all_of(rule)]


@pytest.mark.parametrize("code", codes())
def test_nothing_is_wrong_with_our_own_languages(code: str) -> None:
    assert faults(language(code)) == []


@pytest.mark.parametrize("code", ["en", "en-us", "EN_US", "fr-fr", "", "../../etc/passwd", "\0"])
def test_an_unknown_language_is_english(code: str) -> None:
    assert language(code).code == "en"
    assert language(code).prompts["goodbye"] == "Goodbye."


def test_a_country_has_only_what_is_different() -> None:
    assert language("en-gb").formats["order"] == "dmy"
    assert language("en-gb").rules == language("en").rules
    assert language("es-mx").prompts["goodbye"] == "Adiós."


def test_the_english_keywords_of_messages_work_in_every_language() -> None:
    assert {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "alto"} <= set(
        language("es").text["stop"]
    )
    assert {"help", "info", "ayuda"} <= set(language("es").text["help"])
    assert "yes" not in language("en").text["start"]


def test_an_owner_replaces_single_keys_and_keeps_the_rest(folder: Path) -> None:
    (folder / "en.toml").write_text(
        '[prompts]\ngoodbye = "Bye."\n[text]\nstop = ["enough"]', encoding="utf-8"
    )
    english = language("en-us")
    assert english.prompts["goodbye"] == "Bye."
    assert english.prompts["no_input"] == "Sorry, I did not hear you."
    assert {"enough", "stop"} <= set(english.text["stop"])


def test_an_owner_adds_a_language(folder: Path) -> None:
    (folder / "fr.toml").write_text(
        '[words]\nunit = { un = 1, deux = 2 }\nbig = { "quatre-vingt" = 80 }\n'
        '[rules]\nbelow_100 = ["<big> [<unit>]", "<unit>"]\nnumber = ["<below_100>"]\n',
        encoding="utf-8",
    )
    assert "fr" in codes()
    assert read("fr-fr", "number", "Quatre-vingt deux") == [82]
    found = faults(language("fr-fr"))
    assert "fr: prompts.goodbye is missing; what English has is used" in found
    assert "fr: rules.date is missing; what English has is used" in found
    assert not any("rules.number is missing" in fault for fault in found)


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("[prompts]\ngoodbye = 5", "prompts.goodbye: 5 is not text"),
        ('[commands]\nhelp = "help"', "commands.help: 'help' is not a list of texts"),
        (
            '[words]\nunit = { one = "1" }',
            "words.unit: {'one': '1'} is not a table of words with whole numbers",
        ),
        ('[rules]\ntime = ["<hour"]', "rules.time: the pattern '<hour' cannot be read from '<hour'"),
        ('[rules]\ntime = ["[<hour>"]', "rules.time: a pattern opens '[' and does not close it"),
        ('[rules]\ntime = ["<hour>]"]', "rules.time: the pattern '<hour>]' closes what it did not open"),
        ('[rules]\ntime = ["<hours>"]', "en: rules.time uses <hours>, which is neither a rule nor a table"),
        ('[rules]\nnumber = ["<below_100> <number>"]', "en: rules.number comes back to itself"),
        ('[prompts]\nconfirm = "Was that right?"', "en: prompts.confirm has no {value}"),
        ('[names]\nmonths = ["January"]', "en: names.months has 1 names; it must have 12"),
        ('[formats]\norder = "ydm"', "en: formats.order is 'ydm', none of mdy, dmy"),
        ('[day_parts]\nnoon = "PM"', "en: day_parts.noon is no hour"),
        ("[sentences]", "[sentences] is no section of a language"),
        ("prompts = 5", "[prompts] is no section of a language"),
        ("[prompts", "en.toml cannot be read"),
    ],
)
def test_a_wrong_table_is_told_and_no_call_suffers(folder: Path, table: str, fault: str) -> None:
    (folder / "en.toml").write_text(table, encoding="utf-8")
    assert any(fault in found for found in faults(language("en")))
    assert language("en").prompts["no_input"] == "Sorry, I did not hear you."


def test_a_file_of_other_bytes_is_told(folder: Path) -> None:
    (folder / "en.toml").write_bytes(b"\xff\xfe")
    assert any("cannot be read" in fault for fault in faults(language("en")))


def test_a_pattern_is_read_by_its_notation() -> None:
    assert parse_pattern("[the] <day:ordinal*2> (of|in) <month>") == Sequence(
        (
            Maybe(Sequence((Words("the"),))),
            Slot("day", "ordinal", 2),
            OneOf((Sequence((Words("of"),)), Sequence((Words("in"),)))),
            Slot("month", "month", 1),
        )
    )


@pytest.mark.parametrize("pattern", ["", " ", "<", "<a", "a>", "(", ")", "[a)", "(a", "a]", "|)", "<a*>"])
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        parse_pattern(pattern)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It's  Twenty-FOUR", ("its", "twenty", "four")),
        ("Sábado, 24th", ("sabado", "24", "th")),
        ("6.30pm", ("6.30", "pm")),
        ("$1,250.00", ("$", "1,250.00")),
        ("2026-12-24", ("2026-12-24",)),
        ("six p.m.", ("six", "p", "m")),
        ("-5", ("-", "5")),
        ("\uff15", ("5",)),
        ("a " * 41, ()),
        ("a" * 401, ()),
    ],
)
def test_words_are_compared_without_case_and_accents(text: str, said: tuple[str, ...]) -> None:
    assert tokens(text) == said


_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_UNOS = """cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis
    diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis
    veintisiete veintiocho veintinueve"""
_DIEZ = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_CIEN = """ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos
    novecientos"""


def english(number: int) -> str:
    if number >= 1000:
        return f"{english(number // 1000)} thousand {english(number % 1000) if number % 1000 else ''}"
    if number >= 100:
        return f"{english(number // 100)} hundred {f'and {english(number % 100)}' if number % 100 else ''}"
    if number >= 20:
        return f"{_TENS.split()[number // 10 - 2]}-{english(number % 10) if number % 10 else ''}"
    return _ONES.split()[number]


def spanish(number: int) -> str:
    if number >= 1000:
        before = "" if number < 2000 else spanish(number // 1000)
        return f"{before} mil {spanish(number % 1000) if number % 1000 else ''}"
    if number > 100:
        return f"{_CIEN.split()[number // 100 - 1]} {spanish(number % 100) if number % 100 else ''}"
    if 30 <= number < 100:
        return f"{_DIEZ.split()[number // 10 - 3]} {f'y {spanish(number % 10)}' if number % 10 else ''}"
    return "cien" if number == 100 else _UNOS.split()[number]


def test_every_kind_of_number_below_a_million_is_read() -> None:
    numbers = [*range(1_100), *range(1_100, 1_000_000, 7_919), 2_000, 21_000, 100_000, 101_001, 999_999]
    assert [number for number in numbers if number not in read("en", "number", english(number))] == []
    assert [number for number in numbers if number not in read("es", "number", spanish(number))] == []
