"""Lists of names, such as cities or streets: ten of them or a hundred thousand, out of any data."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from flows.grammars import rules
from flows.grammars.base import Grammar, Hearing, Listening
from flows.grammars.fresh import Fresh
from flows.grammars.index import Index, Names
from flows.grammars.lists import KEYS, MOST_NEAR, simple_list
from flows.grammars.names import LONGEST, folded, spoken
from flows.grammars.spelling import FEWEST, MOST
from flows.languages import Language
from tropo import Choices, Recognition

MOST_INLINE = 200
MOST_INLINE_BYTES = 8_000

_SHORTEST_BEGINNING = 3
_KEYED = re.compile(r"[0-9*#]+")


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
        given = [folded(words[:LONGEST]) for words in (heard.value, heard.interpretation, heard.utterance)]
        number = next((index.exact[words] for words in given if words in index.exact), None)
        if number is None and hearing.channel == "text":
            number = _read(index, given[-1], hearing.language)
        return _named(index, number)

    def near(self, heard: Recognition, hearing: Hearing) -> tuple[str, ...]:
        index = self.index
        keys = _keys(heard)
        if keys:
            return tuple(index.names[number] for number in index.spelling.several(keys, MOST_NEAR))
        words = folded((heard.utterance or heard.value)[:LONGEST])
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
    """The rules for spelled keys and for the commands. No letter is on the keys 0 and 1: those are free."""
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


def _read(index: Index, words: str, language: Language) -> int | None:
    """The name in what was written: alone but for words that say nothing, or with one slip in it."""
    within = index.within(words)
    alone = [number for number, others in within.items() if _fillers(language).fullmatch(others)]
    return alone[0] if len(within) == len(alone) == 1 else index.nearness.certain(words)


@cache
def _fillers(language: Language) -> re.Pattern[str]:
    words = "|".join(sorted(map(folded, language.answers["fillers"]), key=len, reverse=True))
    return re.compile(f"(?:(?:{words})(?: |$))*")


def _named(index: Index, number: int | None) -> str | None:
    return None if number is None else index.names[number]


def _tag(name: str) -> str:
    """The name as a string of a tag, where no quotation mark need be escaped: it is compared without any."""
    return name.replace('"', " ").replace("\\", " ")
