"""Grammars: what may be answered to a question, on the keypad and in speech.

A grammar gives the platform its `choices`, and reads what came back. The simple grammar of the
protocol has no escape, so a phrase must do without `, ( ) [ ]`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tropo import Choices, Recognition

_KEYS = frozenset("0123456789*#")
_UNSPEAKABLE = frozenset(",()[]")
_PAD = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
_FEWEST_LETTERS = 3

Synonyms = str | Iterable[str]


class Grammar(ABC):
    """What may be answered to a question."""

    @abstractmethod
    def choices(self, *, keypad_only: bool) -> Choices:
        """What the platform listens for."""

    @abstractmethod
    def match(self, recognition: Recognition) -> str | None:
        """The answer in what was recognised; None when it is none of this grammar."""

    @abstractmethod
    def spec(self) -> Mapping[str, Any]:
        """What the grammar is, for a flow's graph. The data behind it is not part of it."""


class Options(Grammar):
    """A menu: each answer by its name, its key, or other words.

    `Options(appointment=("1", "book"), person="0")` answers "appointment" to the key 1, to
    "appointment" and to "book". An underscore in a name is spoken as a blank.
    """

    def __init__(self, **options: Synonyms) -> None:
        if not options:
            raise ValueError("Options needs at least one option")
        self.options = {name: _phrases(name, synonyms) for name, synonyms in options.items()}
        self._answers = _index((phrase, name) for name, phrases in self.options.items() for phrase in phrases)

    def choices(self, *, keypad_only: bool) -> Choices:
        value = ", ".join(f"{name}({', '.join(phrases)})" for name, phrases in self.options.items())
        return Choices(value, mode="dtmf" if keypad_only else "any")

    def match(self, recognition: Recognition) -> str | None:
        if recognition.value in self.options:
            return recognition.value
        return _first(self._answers, recognition)

    def spec(self) -> Mapping[str, Any]:
        return {"options": {name: list(phrases) for name, phrases in self.options.items()}}


class Digits(Grammar):
    """A number of digits, or between two numbers of them. The answer is a string: 02134 keeps its zero."""

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least = least
        self.most = least if most is None else most
        if not 1 <= self.least <= self.most:
            raise ValueError(f"Digits needs 1 <= least <= most, not {self.least} and {self.most}")

    def choices(self, *, keypad_only: bool) -> Choices:
        count = f"{self.least}" if self.least == self.most else f"{self.least}-{self.most}"
        return Choices(f"[{count} DIGITS]", mode="dtmf" if keypad_only else "any", terminator="#")

    def match(self, recognition: Recognition) -> str | None:
        digits = recognition.digits
        fits = digits.isascii() and digits.isdigit() and self.least <= len(digits) <= self.most
        return digits if fits else None

    def spec(self) -> Mapping[str, Any]:
        return {"digits": [self.least, self.most]}


class Phrases(Grammar):
    """One of a list of names, such as cities. A function gives a list that may change.

    On the keypad a caller spells: the first letters of a name, at least three, as the keys spell them.
    """

    def __init__(self, source: Iterable[str] | Callable[[], Iterable[str]]) -> None:
        self.source = source if callable(source) else tuple(map(_speakable, source))
        if not self.source:
            raise ValueError("Phrases needs at least one phrase")

    def choices(self, *, keypad_only: bool) -> Choices:
        if keypad_only:
            return Choices(f"[{_FEWEST_LETTERS}-20 DIGITS]", mode="dtmf", terminator="#")
        return Choices(", ".join(self._names()), mode="speech")

    def match(self, recognition: Recognition) -> str | None:
        names = _index((name, name) for name in self._names())
        if recognition.mode == "keypad":
            return _spelled(recognition.digits, names.values())
        return _first(names, recognition)

    def spec(self) -> Mapping[str, Any]:
        return {"phrases": getattr(self.source, "__qualname__", "a list")}

    def _names(self) -> tuple[str, ...]:
        return tuple(map(_speakable, self.source())) if callable(self.source) else self.source


def normalise(phrase: str) -> str:
    """The phrase as answers are compared: without case, and with single blanks."""
    return " ".join(phrase.casefold().split())


def _phrases(name: str, synonyms: Synonyms) -> tuple[str, ...]:
    others = (synonyms,) if isinstance(synonyms, str) else tuple(synonyms)
    return tuple(map(_speakable, (name.replace("_", " "), *others)))


def _speakable(phrase: str) -> str:
    if not phrase.strip() or _UNSPEAKABLE & set(phrase):
        raise ValueError(f"{phrase!r} must not be empty or hold , ( ) [ ]: the simple grammar has no escape")
    return " ".join(phrase.split())


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Normalised phrase to answer; the first answer keeps a phrase that two of them claim."""
    found: dict[str, str] = {}
    for phrase, answer in pairs:
        found.setdefault(normalise(phrase), answer)
    return found


def _first(answers: Mapping[str, str], recognition: Recognition) -> str | None:
    heard = (recognition.value, recognition.interpretation, recognition.digits, recognition.utterance)
    return next((answers[normalise(words)] for words in heard if normalise(words) in answers), None)


def _spelled(keys: str, names: Iterable[str]) -> str | None:
    """The one name that begins with these keys; None when there is none, or more than one."""
    if len(keys) < _FEWEST_LETTERS:
        return None
    fitting = [name for name in names if _keys_of(name).startswith(keys)]
    exact = [name for name in fitting if _keys_of(name) == keys]
    found = exact or fitting
    return found[0] if len(found) == 1 else None


def _keys_of(name: str) -> str:
    return "".join(key for key in normalise(name).translate(_PAD) if key in _KEYS)
