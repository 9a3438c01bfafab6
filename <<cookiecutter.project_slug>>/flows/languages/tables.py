"""What a language's table holds, and how it is read out of its files.

A file is TOML in sections; the en.toml beside this says what each is for. A section is filled key by key:
first from the folders that were added last. What a language lacks, or has of a wrong kind, English says,
and the language tells it among its faults.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.languages.patterns import Node, parse_pattern

ENGLISH = "en"

RULES = (
    *("below_100", "digit", "two_digits", "three_digits", "number", "number_written"),
    *("amount", "amount_short", "amount_written"),
    *("date", "date_written", "time", "time_written"),
)
"""The rules that grammars read by; a rule may use others, of any name."""

TABLES = ("zero", "unit", "repeat", "minus")
"""The tables of words that grammars use themselves."""

Section = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language: the engine's own words, and how answers are said in it."""

    code: str
    prompts: Mapping[str, str]
    """What the engine says itself, by name."""
    commands: Mapping[str, tuple[str, ...]]
    """The words of each command."""
    text: Mapping[str, tuple[str, ...]]
    """What ends, begins again or explains our messages: stop, start, help."""
    answers: Mapping[str, tuple[str, ...]]
    """yes, no, and the fillers that say nothing."""
    names: Mapping[str, tuple[str, ...]]
    """The twelve months and the seven days, Monday first, as they are said back."""
    formats: Mapping[str, str]
    """How values are said back, and the order of a date in figures."""
    day_parts: Mapping[str, str]
    """From an hour on (its key), what is said after a time."""
    words: Mapping[str, Mapping[str, int]]
    """Tables of words with the number that each says."""
    rules: Mapping[str, tuple[Node, ...]]
    """The patterns of each rule."""
    sounds_like: Mapping[str, tuple[str, ...]]
    """Words that a recogniser takes for each other."""
    faults: tuple[str, ...] = ()
    """What is wrong with the files, a sentence each."""
    cache: dict[str, Any] = field(default_factory=dict)
    """What readers make of the tables once."""


def load(code: str, files: Iterable[Path]) -> Language:
    """A language out of its files, the first to win, and English behind them."""
    faults: list[str] = []
    own = _merged([_read(path, faults) for path in files], faults)
    english = _merged([_read(Path(__file__).with_name(f"{ENGLISH}.toml"), faults)], faults)
    if code != ENGLISH and not faults:
        faults += _missing(code, own, english)
    filled = {name: english[name] | own[name] for name in _KINDS}
    # Another language's parts of the day, and its words that sound alike, are no help.
    filled |= {name: own[name] for name in ("day_parts", "sounds_like") if own[name]}
    filled["text"] = {
        name: tuple(dict.fromkeys((*filled["text"][name], *english["text"].get(name, ()))))
        for name in filled["text"]
    }
    return Language(code, **filled, faults=tuple(faults))


def _read(path: Path, faults: list[str]) -> Section:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        faults.append(f"{path} cannot be read: {error}")
        return {}


def _merged(layers: Iterable[Section], faults: list[str]) -> dict[str, Section]:
    """The sections of several files, each value checked; the first file to have a value gives it."""
    merged: dict[str, Section] = {name: {} for name in _KINDS}
    for layer in layers:
        for name, section in layer.items():
            if name not in _KINDS or not isinstance(section, dict):
                faults.append(f"[{name}] is no section of a language; the sections are {', '.join(_KINDS)}")
                continue
            for key, value in section.items():
                try:
                    merged[name].setdefault(key, _KINDS[name](value))
                except (TypeError, ValueError) as error:
                    faults.append(f"{name}.{key}: {error}")
    return merged


def _missing(code: str, own: Mapping[str, Section], english: Mapping[str, Section]) -> list[str]:
    needed = {name: tuple(english[name]) for name in ("prompts", "commands", "answers", "names", "formats")}
    needed |= {"words": TABLES, "rules": RULES}
    return [
        f"{code}: {name}.{key} is missing; what English has is used"
        for name, keys in needed.items()
        for key in keys
        if key not in own[name]
    ]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not text")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is not a list of texts")
    return tuple(map(_text, value))


def _numbers(value: object) -> dict[str, int]:
    if not isinstance(value, dict) or any(type(number) is not int for number in value.values()):
        raise TypeError(f"{value!r} is not a table of words with whole numbers")
    return value


def _patterns(value: object) -> tuple[Node, ...]:
    return tuple(map(parse_pattern, _texts(value)))


_KINDS: Mapping[str, Callable[[object], Any]] = {
    "prompts": _text,
    "commands": _texts,
    "text": _texts,
    "answers": _texts,
    "names": _texts,
    "formats": _text,
    "day_parts": _text,
    "words": _numbers,
    "rules": _patterns,
    "sounds_like": _texts,
}
