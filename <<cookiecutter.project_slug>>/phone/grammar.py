"""The simple grammar of `choices.value`: digits, lists of concepts with phrases, and any text.

    [5 DIGITS]   [4-5 DIGITS]   [DIGITS]      digits, by key or by word
    sales(1, sales), support(2, support)      concepts, which are phrases only when repeated inside
    red, blue                                 concepts that are their own phrases
    [ANY]                                     whatever was written; text sessions only

Matching ignores case and runs of blanks. An address of a file is read by `phone.srgs`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from phone.actions import KEYPAD

_DIGITS = re.compile(r"\[\s*(?:(\d{1,3})(?:\s*-\s*(\d{1,3}))?\s+)?digits?\s*\]", re.IGNORECASE)
_ANY = re.compile(r"\[\s*any\s*\]", re.IGNORECASE)
_ITEM = re.compile(r"([^(),\[\]]*)(?:\(([^()\[\]]*)\)\s*)?(?:,|\Z)")
_SPOKEN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
DIGIT_OF = {word: str(digit) for digit, word in enumerate(_SPOKEN)} | {"oh": "0"}


class GrammarError(ValueError):
    """A grammar the platform cannot read; the message says what is wrong and what to do."""


@dataclass(frozen=True)
class Match:
    """What a grammar made of an input: the four fields of a result. Only lists have a concept."""

    interpretation: str
    utterance: str
    value: str
    concept: str | None = None


class Grammar(Protocol):
    """What every kind of grammar answers; None is no match."""

    voice: bool
    """Whether it can be used in a call; without it only in a text session."""

    def by_keys(self, keys: str, terminator: str) -> Match | None:
        """Match keys; the terminator ends an input of variable length and is no part of it."""

    def by_speech(self, words: str) -> Match | None:
        """Match what was said."""

    def by_text(self, text: str) -> Match | None:
        """Match a message."""

    def ends_with(self, keys: str, terminator: str) -> bool:
        """Whether the input is over with its last key; else the platform waits for another."""


@dataclass(frozen=True)
class Digits:
    """So many digits; `most` is None when there may be any number.

    Keys beyond the longest input are dropped: the input was over before they were pressed.
    """

    least: int
    most: int | None
    voice = True

    def by_keys(self, keys: str, terminator: str) -> Match | None:
        digits = keys.partition(terminator)[0][: self.most]
        return self._match(digits, utterance=digits, value=digits)

    def by_speech(self, words: str) -> Match | None:
        digits = "".join(DIGIT_OF.get(word, word) for word in plain(words).split())
        # Captured payloads: spoken digits come back as words in `value`, as digits in `interpretation`.
        return self._match(digits, utterance=words, value=words)

    def by_text(self, text: str) -> Match | None:
        return self._match("".join(text.split()), utterance=text, value=text)

    def ends_with(self, keys: str, terminator: str) -> bool:
        return terminator in keys or (self.most is not None and len(keys) >= self.most)

    def _match(self, digits: str, *, utterance: str, value: str) -> Match | None:
        fits = self.least <= len(digits) <= (self.most or len(digits))
        return Match(digits, utterance, value) if fits and digits.isascii() and digits.isdigit() else None


@dataclass(frozen=True)
class Phrases:
    """A list of concepts: each accepted phrase, in lower case, with the concept it stands for."""

    concepts: dict[str, str]
    voice = True

    def by_keys(self, keys: str, terminator: str) -> Match | None:
        if keys not in self.concepts:
            keys = keys.removesuffix(terminator)
        return self._match(keys, utterance=keys)

    def by_speech(self, words: str) -> Match | None:
        said = plain(words)
        return self._match(said, utterance=said) or self._match(DIGIT_OF.get(said, said), utterance=said)

    def by_text(self, text: str) -> Match | None:
        return self._match(plain(text), utterance=text)

    def ends_with(self, keys: str, terminator: str) -> bool:
        longer = (phrase for phrase in self.concepts if phrase != keys and phrase.startswith(keys))
        return keys.endswith(terminator) or not any(KEYPAD.issuperset(phrase) for phrase in longer)

    def _match(self, phrase: str, *, utterance: str) -> Match | None:
        concept = self.concepts.get(phrase)
        return None if concept is None else Match(phrase, utterance, concept, concept)


@dataclass(frozen=True)
class AnyText:
    """Takes any message as it is."""

    voice = False

    def by_keys(self, keys: str, terminator: str) -> Match | None:
        return None

    def by_speech(self, words: str) -> Match | None:
        return None

    def by_text(self, text: str) -> Match | None:
        return Match(text, text, text)

    def ends_with(self, keys: str, terminator: str) -> bool:
        return True


def parse_grammar(value: str) -> Grammar:
    """Read `choices.value`. Raises GrammarError."""
    value = value.strip()
    if digits := _DIGITS.fullmatch(value):
        return _digits(digits[1], digits[2])
    if _ANY.fullmatch(value):
        return AnyText()
    concepts: dict[str, str] = {}
    for concept, phrase in _phrases(value):
        concepts.setdefault(plain(phrase), concept)
    if not concepts:
        raise GrammarError("holds nothing to match; list the phrases, or ask for [5 DIGITS]")
    return Phrases(concepts)


def _digits(least: str | None, most: str | None) -> Digits:
    if least is None:
        return Digits(1, None)
    low, high = int(least), int(most or least)
    if not 1 <= low <= high:
        raise GrammarError(f"no input has {low} to {high} digits; give the smaller number first, from 1")
    return Digits(low, high)


def _phrases(value: str) -> Iterator[tuple[str, str]]:
    """Give (concept, phrase) for each phrase of a list, in its order."""
    position = 0
    while position < len(value):
        item = _ITEM.match(value, position)
        if item is None:
            raise GrammarError(f"cannot be read from character {position + 1}: {value[position:][:30]!r}")
        concept, inside = item[1].strip(), item[2]
        if not concept and (inside is not None or item.end() < len(value)):
            raise GrammarError(f"no name at character {position + 1}; write name(phrase, phrase)")
        phrases = [concept] if inside is None else inside.split(",")
        yield from ((concept, phrase) for phrase in phrases if phrase.strip())
        position = item.end()


def plain(text: str) -> str:
    """Give words as they are compared: in lower case, with single blanks."""
    return " ".join(text.lower().split())
