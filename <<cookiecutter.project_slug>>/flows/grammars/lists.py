"""Menus: a few answers, each by its name, its key or other words."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from flows.grammars import rules
from flows.grammars.base import Grammar, Hearing, Listening, normalise
from flows.grammars.names import LONGEST, folded
from flows.grammars.nearness import Nearness
from tropo import Choices, Recognition

KEYS = frozenset("0123456789*#")
NOTHING = '<item><ruleref special="VOID"/></item>'
"""What can neither be said nor keyed, where a list of items must not be empty."""

_UNSPELLABLE = frozenset(",()[]")
"""What the protocol's simple grammar uses itself, and has no escape for."""

_SHORTEST_BEGINNING = 2
MOST_NEAR = 5

Synonyms = str | Iterable[str]


class Options(Grammar[str]):
    """A menu: each answer by its name, its key, or other words.

    `Options(appointment=("1", "book"), person="0")` answers "appointment" to the key 1, to "appointment"
    and to "book". An underscore in a name is spoken as a blank.
    """

    def __init__(self, **options: Synonyms) -> None:
        if not options:
            raise ValueError("Options needs at least one option")
        self.options = {name: _phrases(name, synonyms) for name, synonyms in options.items()}
        self.keyless = tuple(name for name, phrases in self.options.items() if not KEYS & set(phrases))
        """The options that no key reaches."""
        self._answers: dict[str, str] = {}
        for name, phrases in self.options.items():
            for words in filter(None, map(folded, phrases)):
                # Of two options that claim a phrase the first has it.
                self._answers.setdefault(words, name)

    def simple(self, listening: Listening) -> Choices | None:
        return simple_list(self.options, listening)

    def rules(self, listening: Listening) -> str:
        phrases = [(phrase, name) for name, phrases in self.options.items() for phrase in phrases]
        keys = [rules.key(key, name) for key, name in phrases if key in KEYS and listening.mode != "speech"]
        words = [rules.item(said, name) for said, name in phrases if said not in KEYS]
        if listening.mode == "dtmf":
            words.clear()
        commands = rules.command_items(listening, taken=[phrase for phrase, _ in phrases])
        code = listening.hearing.language.code
        return rules.document(code, "answer", {"answer": rules.one_of([*words, *keys, *commands] or [NOTHING])})

    def match(self, heard: Recognition, hearing: Hearing) -> str | None:
        if heard.value in self.options:
            return heard.value
        read = (heard.value, heard.interpretation, heard.digits, heard.utterance)
        given = [folded(words[:LONGEST]) for words in read]
        found = next((self._answers[words] for words in given if words in self._answers), None)
        return self._read(given[-1]) if found is None and hearing.channel == "text" else found

    def near(self, heard: Recognition, hearing: Hearing) -> tuple[str, ...]:
        if heard.mode == "keypad":
            return ()
        words = folded((heard.utterance or heard.value)[:LONGEST])
        found = [self.match(heard, hearing), *self._within(words)]
        numbers = (*self._nearness.beginning(words, MOST_NEAR), *self._nearness.find(words, MOST_NEAR))
        found += [self._names[number] for number in numbers if len(words) >= _SHORTEST_BEGINNING]
        return tuple(dict.fromkeys(name for name in found if name))[:MOST_NEAR]

    def value(self, stored: str) -> str:
        return stored

    def words(self, stored: str, hearing: Hearing) -> str:
        return stored.replace("_", " ")

    def spec(self) -> Mapping[str, Any]:
        return {"options": {name: list(phrases) for name, phrases in self.options.items()}}

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.options)

    @cached_property
    def _nearness(self) -> Nearness:
        number = {name: number for number, name in enumerate(self._names)}
        phrases = self._answers.items()
        return Nearness((phrase, number[name]) for phrase, name in phrases if phrase not in KEYS)

    def _read(self, words: str) -> str | None:
        """The option in what was written: a phrase within it, the beginning of one, or one with a slip."""
        within = self._within(words)
        if within:
            return within[0] if len(within) == 1 else None
        if len(words) >= _SHORTEST_BEGINNING:
            begun = self._nearness.beginning(words, 2)
            if len(begun) == 1:
                return self._names[begun[0]]
        sure = self._nearness.certain(words)
        return None if sure is None else self._names[sure]

    def _within(self, words: str) -> list[str]:
        """The options of which a phrase, but for a lone key, stands in these words."""
        around = f" {words} "
        phrases = ((phrase, name) for phrase, name in self._answers.items() if phrase not in KEYS)
        return list(dict.fromkeys(name for phrase, name in phrases if f" {phrase} " in around))


def simple_list(phrases: Mapping[str, Iterable[str]], listening: Listening) -> Choices | None:
    """Answers and commands as the protocol's list; None when a phrase cannot be spelled in it.

    An answer whose only phrase is its name stands alone. A command goes without what an answer has taken.
    """
    answers = {name: tuple(given) for name, given in phrases.items()}
    taken = {normalise(phrase) for name, given in answers.items() for phrase in (name, *given)}
    for name, given in listening.commands.items():
        free = tuple(phrase for phrase in given if normalise(phrase) not in taken)
        if free and name not in answers:
            answers[name] = free
    if any(not spellable(phrase) for name, given in answers.items() for phrase in (name, *given)):
        return None
    value = ", ".join(
        name if given == (name,) else f"{name}({', '.join(given)})" for name, given in answers.items()
    )
    return Choices(value, mode=listening.mode)


def spellable(phrase: str) -> bool:
    """Whether the simple grammar can hold a phrase."""
    return not _UNSPELLABLE & set(phrase)


def _phrases(name: str, synonyms: Synonyms) -> tuple[str, ...]:
    others = (synonyms,) if isinstance(synonyms, str) else tuple(synonyms)
    phrases = tuple(" ".join(phrase.split()) for phrase in (name.replace("_", " "), *others))
    if not all(phrases):
        raise ValueError(f"the option {name!r} has an empty phrase; leave it out")
    return phrases
