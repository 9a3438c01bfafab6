"""Lists of names, such as cities or streets: ten of them or a hundred thousand, out of any data."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeAlias

from flows.grammars import rules
from flows.grammars.base import Grammar, Hearing, Listening
from flows.grammars.fresh import Fresh
from flows.grammars.lists import KEYS, MOST_NEAR, simple_list
from flows.grammars.names import LANGUAGES, folded, spoken
from flows.grammars.nearness import Nearness
from flows.grammars.spelling import FEWEST, MOST, Spelling
from tropo import Choices, Recognition

MOST_INLINE = 200
MOST_INLINE_BYTES = 8_000

_SHORTEST_BEGINNING = 3
_LONGEST_NAME = 8
"""Words of the longest name that is looked for within a longer text."""

_KEYED = re.compile(r"[0-9*#]+")

Names: TypeAlias = Iterable[str] | Mapping[str, Iterable[str]]


class Index:
    """The names as they were read, and what finds one among them. Each goes by its number in the list."""

    def __init__(self, names: Names, origin: str) -> None:
        self.names: list[str] = []
        self.others: dict[int, tuple[str, ...]] = {}
        """The other spellings of names that have some."""
        self.exact: dict[str, int] = {}
        """Every name and spelling, folded. Of two names that fold alike the first is kept."""
        given = names.items() if isinstance(names, Mapping) else ((name, ()) for name in names)
        for name, spellings in given:
            self._add(_clean(name, origin), tuple(_clean(spelling, origin) for spelling in spellings))
        if not self.names:
            raise ValueError(f"Phrases needs at least one name, and {origin} gave none")

    @cached_property
    def spelling(self) -> Spelling:
        return Spelling(self._forms())

    @cached_property
    def nearness(self) -> Nearness:
        return Nearness(self.exact.items())

    def within(self, words: str) -> list[int]:
        """The longest names that stand in these folded words."""
        parts = words.split()
        for length in range(min(len(parts), _LONGEST_NAME), 0, -1):
            runs = (" ".join(parts[at : at + length]) for at in range(len(parts) - length + 1))
            found = [self.exact[run] for run in runs if run in self.exact and len(run) >= _SHORTEST_BEGINNING]
            if found:
                return list(dict.fromkeys(found))
        return []

    def _add(self, name: str, spellings: tuple[str, ...]) -> None:
        number = len(self.names)
        if not name or self.exact.setdefault(folded(name), number) != number:
            return
        self.names.append(name)
        for spelling in filter(None, spellings):
            self.exact.setdefault(folded(spelling), number)
        if spellings:
            self.others[number] = spellings

    def _forms(self) -> Iterator[tuple[str, int]]:
        """Every way a name may be spelled: as it is written, in short forms and written out."""
        yield from self.exact.items()
        for number, name in enumerate(self.names):
            yield name, number
            yield from ((out, number) for out in (spoken(name, code) for code in LANGUAGES) if out != name)


class Phrases(Grammar[str]):
    """One of a list of names.

    `source` is a list, a queryset of one column, or a function that gives either. A mapping has other
    spellings beside each name: `Phrases({"St. Louis": ("saint looey",)})`. What a function or a queryset
    gives is read once in each worker, and again after five minutes. Among near misses that are equally
    near, those that come first in it come first.

    Up to `inline` names go into the question itself; more, or names that the protocol's simple grammar
    cannot spell, are served as a file. On the keypad a caller spells the first letters, at least three.
    """

    def __init__(self, source: Names | Callable[[], Names], *, inline: int = MOST_INLINE) -> None:
        self.source = source
        self.inline = inline
        fixed = not callable(source) and not hasattr(source, "all")
        self._fresh = Fresh(self._read, math.inf) if fixed else Fresh(self._read)
        if fixed:
            self._fresh.get()

    @property
    def index(self) -> Index:
        return self._fresh.get()

    def simple(self, listening: Listening) -> Choices | None:
        if listening.mode == "dtmf":
            keyed = any(KEYS.intersection(phrases) for phrases in listening.commands.values())
            return None if keyed else Choices(f"[{FEWEST}-{MOST} DIGITS]", mode="dtmf", terminator="#")
        index = self.index
        if len(index.names) > self.inline:
            return None
        choices = simple_list(
            {index.names[number]: said for number, said in self._said(listening)}, listening
        )
        return choices if choices and len(choices.value.encode()) <= MOST_INLINE_BYTES else None

    def rules(self, listening: Listening) -> str:
        code = listening.hearing.language.code
        commands = rules.command_items(listening)
        if listening.mode == "dtmf":
            return rules.document(code, "answer", _spelled(commands))
        names = self.index.names
        items = [
            rules.item(words, None if words.casefold() == names[number].casefold() else _tag(names[number]))
            for number, said in self._said(listening)
            for words in said
        ]
        return rules.document(code, "answer", {"answer": rules.one_of([*items, *commands])})

    def match(self, heard: Recognition, hearing: Hearing) -> str | None:
        index = self.index
        keys = _keys(heard)
        if keys:
            return _named(index, index.spelling.one(keys))
        given = map(folded, (heard.value, heard.interpretation, heard.utterance))
        number = next((index.exact[words] for words in given if words in index.exact), None)
        if number is None and hearing.channel == "text":
            number = index.nearness.certain(folded(heard.utterance))
        return _named(index, number)

    def near(self, heard: Recognition, hearing: Hearing) -> tuple[str, ...]:
        index = self.index
        keys = _keys(heard)
        if keys:
            return tuple(index.names[number] for number in index.spelling.several(keys, MOST_NEAR))
        words = folded(heard.utterance or heard.value)
        found = [*index.within(words), *index.nearness.find(words, MOST_NEAR)]
        if len(words) >= _SHORTEST_BEGINNING:
            found += index.nearness.beginning(words, MOST_NEAR)
        return tuple(index.names[number] for number in list(dict.fromkeys(found))[:MOST_NEAR])

    def value(self, stored: str) -> str:
        return stored

    def spec(self) -> Mapping[str, Any]:
        return {"phrases": self._origin, "inline": self.inline}

    @property
    def _origin(self) -> str:
        """What the names come from; the names themselves, and so a queryset's repr, are left alone."""
        model = getattr(self.source, "model", None)
        return getattr(model or self.source, "__qualname__", "a list")

    def _read(self) -> Index:
        names = self.source() if callable(self.source) else self.source
        # A queryset keeps its rows; `all` is one that reads them anew.
        anew = getattr(names, "all", None)
        return Index(anew() if anew else names, self._origin)

    def _said(self, listening: Listening) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Each name's number, and every way it is said."""
        index, language = self.index, listening.hearing.language.code
        for number, name in enumerate(index.names):
            said = [spoken(form, language) for form in (name, *index.others.get(number, ()))]
            yield number, tuple(dict.fromkeys(said))


def _spelled(commands: list[str]) -> dict[str, str]:
    """The rules for spelled keys and the commands' own; the digits that no letter is on are free for those."""
    letters = f'<item repeat="{FEWEST}-{MOST}"><ruleref uri="#key"/><tag>out += rules.latest();</tag></item>'
    answer = '<item><ruleref uri="#letters"/><tag>out = rules.letters;</tag></item>'
    return {
        "answer": rules.one_of([answer, *commands]),
        "letters": f'<tag>out = "";</tag>{letters}',
        "key": rules.one_of([rules.key(key, key) for key in "23456789"]),
    }


def _keys(heard: Recognition) -> str:
    """The keys pressed, if they were keys; a platform may write them as `dtmf-2 dtmf-4`."""
    if heard.mode in ("speech", "text"):
        return ""
    given = (heard.interpretation, heard.value, heard.utterance)
    plain = ("".join(text.replace("dtmf-", "").split()) for text in given)
    return next((keys for keys in plain if _KEYED.fullmatch(keys)), "")


def _named(index: Index, number: int | None) -> str | None:
    return None if number is None else index.names[number]


def _tag(name: str) -> str:
    """The name as a string of a tag, where no quotation mark need be escaped: it is compared without any."""
    return name.replace('"', " ").replace("\\", " ")


def _clean(name: object, origin: str) -> str:
    """A name with single blanks, and without signs that neither JSON nor XML should carry."""
    if not isinstance(name, str):
        raise TypeError(f"{origin} gave {type(name).__name__}, not a name; with values_list use flat=True")
    if not name.isprintable():
        name = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(name.split())
