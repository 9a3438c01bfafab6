"""Reading: what words mean by the patterns of a language. Nothing that is given to it can raise."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

from flows.languages.patterns import Maybe, Node, OneOf, Sequence, Slot, Words
from flows.languages.tables import Language

MOST_CHARACTERS = 400
MOST_TOKENS = 40
"""A longer answer is none of a value: no number, day or time takes so many words."""

PACK = 10_000
"""What the numbers of a written date are packed by: 12/24/2026 is one number, as every slot gives one."""

Values: TypeAlias = Mapping[str, int]

_TOKEN = re.compile(r"[0-9]+(?:[.,:/-][0-9]+)*|[^\W\d_]+|(?<!\S)-(?=[0-9]|\Z)|[$+*#/:]")
_NUMERAL = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2}")
_MONEY = re.compile(r"([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.([0-9]{2}))?")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})")
_FIGURES = re.compile(r"([0-9]{1,4})([/.-])([0-9]{1,2})(?:\2([0-9]{1,4}))?")


def tokens(text: str) -> tuple[str, ...]:
    """The words and figures of a text, without case, accents and apostrophes; none when it is too long."""
    if len(text) > MOST_CHARACTERS:
        return ()
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("\u2019", ""))
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    found = tuple(_TOKEN.findall(bare))
    return found if len(found) <= MOST_TOKENS else ()


def numeral(token: str) -> int | None:
    """A whole number in figures: 24, or 1,250."""
    return int(token.replace(",", "")) if _NUMERAL.fullmatch(token) else None


def _money(token: str) -> int | None:
    """Cents: of 12.50, 1,250.00 or 12."""
    found = _MONEY.fullmatch(token)
    return int(found[1].replace(",", "")) * 100 + int(found[2] or 0) if found else None


def _clock(token: str) -> int | None:
    """Minutes since midnight: of 6:30 or 6.30, which may be either half of the day."""
    found = _CLOCK.fullmatch(token)
    return int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else None


def _clock24(token: str) -> int | None:
    """Minutes since midnight: of 06:30 or 18:30, which say the half of the day."""
    minutes = _clock(token)
    plain = minutes is None or (token[0] != "0" and 60 <= minutes < 13 * 60)
    return None if plain else minutes


def _figures(token: str) -> int | None:
    """The numbers of 12/24 or 2026-12-24, packed; the last is 0 where there are two."""
    found = _FIGURES.fullmatch(token)
    return (int(found[1]) * PACK + int(found[3])) * PACK + int(found[4] or 0) if found else None


WRITTEN: Mapping[str, Callable[[str], int | None]] = {
    "numeral": numeral,
    "money": _money,
    "clock": _clock,
    "clock24": _clock24,
    "figures": _figures,
}
"""The rules that read figures; no table has them, and no grammar file."""


@dataclass
class Reading:
    """One answer, as its language reads it."""

    language: Language
    said: tuple[str, ...]
    _known: dict[tuple[str, int], list[tuple[int, int]]] = field(default_factory=dict)

    def all_of(self, rule: str) -> Iterator[Values]:
        """Every way in which the whole answer is of a rule, the first pattern first."""
        for pattern in self.language.rules.get(rule, ()):
            for end, values in self._node(pattern, 0, {}):
                if end == len(self.said):
                    yield values

    def values(self, rule: str, start: int) -> list[tuple[int, int]]:
        """Where a rule or a table can end that begins there, each with its value, the longest first."""
        if (rule, start) not in self._known:
            self._known[rule, start] = []
            found = dict.fromkeys(self._values(rule, start))
            self._known[rule, start] = sorted(found, key=lambda way: -way[0])
        return self._known[rule, start]

    def _values(self, rule: str, start: int) -> Iterator[tuple[int, int]]:
        if rule in WRITTEN:
            value = WRITTEN[rule](self.said[start]) if start < len(self.said) else None
            if value is not None:
                yield start + 1, value
        elif rule in self.language.rules:
            for pattern in self.language.rules[rule]:
                yield from ((end, sum(values.values())) for end, values in self._node(pattern, start, {}))
        else:
            table, longest = _table(self.language, rule)
            for end in range(start + 1, min(start + longest, len(self.said)) + 1):
                if self.said[start:end] in table:
                    yield end, table[self.said[start:end]]

    def _node(self, node: Node, start: int, values: Values) -> Iterator[tuple[int, Values]]:
        match node:
            case Words():
                words = _folded(node.said)
                if self.said[start : start + len(words)] == words:
                    yield start + len(words), values
            case Slot():
                for end, value in self.values(node.rule, start):
                    total = values.get(node.name, 0) + value * node.factor
                    yield end, {**values, node.name: total}
            case Maybe():
                yield from self._node(node.content, start, values)
                yield start, values
            case OneOf():
                for way in node.ways:
                    yield from self._node(way, start, values)
            case Sequence():
                yield from self._parts(node.parts, start, values)

    def _parts(self, parts: tuple[Node, ...], start: int, values: Values) -> Iterator[tuple[int, Values]]:
        if not parts:
            yield start, values
            return
        for end, so_far in self._node(parts[0], start, values):
            yield from self._parts(parts[1:], end, so_far)


@lru_cache(maxsize=4096)
def _folded(words: str) -> tuple[str, ...]:
    """The tokens of a pattern's words. What callers say goes through no cache."""
    return tokens(words)


def _table(language: Language, name: str) -> tuple[Mapping[tuple[str, ...], int], int]:
    """A table of words by their tokens, and how many tokens the longest entry has."""
    if name not in language.cache:
        table = {tokens(words): value for words, value in language.words.get(name, {}).items()}
        table.pop((), None)
        language.cache[name] = (table, max(map(len, table), default=0))
    found: tuple[Mapping[tuple[str, ...], int], int] = language.cache[name]
    return found
