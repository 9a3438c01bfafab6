"""Digits: a string of them, such as a zip code or the number of an account."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from flows.grammars import rules, speech
from flows.grammars.base import Hearing, Listening
from flows.grammars.spoken import Spoken, digits_choices
from flows.languages import Language, Reading
from tropo import Choices

MOST_COUNTED = 20
"""The longest string whose length the grammar file counts; a longer one is counted by us alone."""

_GROUPS = (("digit", 1), ("pair", 2), ("three", 3))
"""The rules of a file that say digits, with how many."""


class Digits(Spoken[str]):
    """So many digits, or between two numbers of them. The answer is a string: 02134 keeps its zero.

    They may be said one by one, as numbers ("ninety two eleven") and with "double" and "triple".
    """

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least = least
        self.most = least if most is None else most
        if not 1 <= self.least <= self.most:
            raise ValueError(f"Digits needs 1 <= least <= most, not {self.least} and {self.most}")
        self.lengths = ((self.least, self.most),)

    def simple(self, listening: Listening) -> Choices | None:
        alone = not rules.command_items(listening, taken="0123456789")
        if alone and listening.hearing.channel == "voice":
            return digits_choices(self.least, self.most, listening.mode)
        return super().simple(listening)

    def speech(self, language: Language) -> dict[str, str]:
        return digit_rules(language, self.least, self.most)

    def keyed(self, keys: str, hearing: Hearing) -> tuple[str, ...]:
        return (keys,) if keys.isdigit() and self.least <= len(keys) <= self.most else ()

    def said(self, reading: Reading, hearing: Hearing) -> tuple[str, ...]:
        found = spoken_digits(reading, self.most)
        # "Twenty one" is 21, and 201 only where two digits are too few.
        return tuple(found[length] for length in sorted(found) if length >= self.least)[:1]

    def value(self, stored: str) -> str:
        return stored

    def words(self, stored: str, hearing: Hearing) -> str:
        return stored if hearing.channel == "text" else " ".join(stored)

    def spec(self) -> Mapping[str, Any]:
        return {"digits": [self.least, self.most]}


def spoken_digits(reading: Reading, most: int) -> dict[int, str]:
    """The digits that an answer says, by how many they are: "twenty one" has two, or three."""
    reached: list[dict[int, str]] = [{} for _ in range(len(reading.said) + 1)]
    reached[0][0] = ""
    for at, before in enumerate(reached[:-1]):
        for end, digits in _chunks(reading, at) if before else ():
            for length, so_far in before.items():
                if length + len(digits) <= most:
                    reached[end].setdefault(length + len(digits), so_far + digits)
    return {length: digits for length, digits in reached[-1].items() if length}


def _chunks(reading: Reading, at: int) -> Iterator[tuple[int, str]]:
    """Every way in which digits begin at a word: figures, a number, or a digit several times."""
    if reading.said[at][0].isdigit():
        yield at + 1, re.sub("[^0-9]", "", reading.said[at])
    for end, value in (*reading.values("number", at), *reading.values("digit", at)):
        yield end, str(value)
    for after, times in reading.values("repeat", at):
        for end, value in reading.values("digit", after):
            yield end, str(value) * times


def digit_rules(language: Language, least: int, most: int) -> dict[str, str]:
    """The rules for so many spoken digits. `left_3` says three more of them, in any way."""
    used = speech.rules_of(language, "digit", "two_digits", "three_digits")
    groups = {
        name: rules.one_of([_alike(language, count), speech.reference(number)])
        for name, count, number in (("pair", 2, "two_digits"), ("three", 3, "three_digits"))
    }
    if most > MOST_COUNTED:
        some = rules.one_of(speech.reference(name) for name, _ in _GROUPS)
        return {"digits": f'<item repeat="1-{most}">{some}</item>', **groups, **used}
    ways = [speech.reference(f"left_{count}") for count in range(least, most + 1)]
    left = {f"left_{count}": rules.one_of(_left(count)) for count in range(1, most + 1)}
    return {"digits": rules.one_of(ways), **left, **groups, **used}


def _left(count: int) -> Iterator[str]:
    for name, length in _GROUPS:
        if length == count:
            yield speech.reference(name)
        elif length < count:
            yield f"<item>{speech.reference(name)}{speech.reference(f'left_{count - length}')}</item>"


def _alike(language: Language, times: int) -> str:
    """An item that says a digit so many times, such as double five."""
    words = [word for word, value in language.words.get("repeat", {}).items() if value == times]
    so_often = rules.one_of(map(rules.item, words)) if words else '<ruleref special="VOID"/>'
    return f"<item>{so_often}{speech.reference('digit')}</item>"
