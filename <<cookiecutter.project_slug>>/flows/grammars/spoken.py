"""Values: what every grammar of digits, numbers, days and the like has in common.

Keys are read as keys. All else is read by the patterns of the language; first as it stands, then without
words that say nothing. An answer that may be two values is no match: both are near.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import ClassVar, TypeVar

from flows.grammars import rules, speech
from flows.grammars.base import Grammar, Hearing, Listening
from flows.languages import Language, Reading, tokens
from tropo import Choices, Recognition

V = TypeVar("V")

DIGITS = "0123456789"
MOST_NEAR = 5
ANY_TEXT = "[ANY]"

_KEYED = re.compile(r"[0-9*#]+")
_SHORTEST_SLIP = 4
_MOST_MENDED = 15
"""Words of the longest answer that slips are looked for in."""

_CLOSE = 0.75
"""How alike a word must be to one of the language to be taken for a slip of it, as difflib counts."""

Said = tuple[str, ...]


class Spoken(Grammar[V]):
    """A value that is keyed in digits and said in the words of a language."""

    lengths: tuple[tuple[int, int], ...]
    """How many keys an answer has, at least and at most; one pair for each way to key it."""

    figures_as_keys: ClassVar[bool] = True
    """Figures that were written or said, and mean nothing as such, are read as keys: 1224."""

    @abstractmethod
    def keyed(self, keys: str, hearing: Hearing) -> tuple[str, ...]:
        """The answers that these keys may be, as they are stored."""

    @abstractmethod
    def said(self, reading: Reading, hearing: Hearing) -> tuple[str, ...]:
        """The answers that these words may be."""

    @abstractmethod
    def speech(self, language: Language) -> dict[str, str]:
        """The rules of the grammar file for what is said; the first one is what an answer is."""

    def doubts(self, stored: str, heard: Recognition, hearing: Hearing) -> tuple[str, ...]:
        """What the same keys or words are taken for less often."""
        return ()

    def simple(self, listening: Listening) -> Choices | None:
        if listening.hearing.channel == "text":
            return Choices(ANY_TEXT)
        if listening.mode != "dtmf" or _commands(listening):
            return None
        return digits_choices(self.lengths[0][0], self.lengths[-1][1], "dtmf")

    def rules(self, listening: Listening) -> str:
        language = listening.hearing.language
        answers, used = [], dict[str, str]()
        if listening.mode != "dtmf":
            used = self.speech(language)
            answers.append(speech.spoken(next(iter(used))))
            used |= speech.rules_of(language)
        if listening.mode != "speech":
            answers += self.key_items(listening)
            used["key"] = rules.one_of(map(rules.key, DIGITS))
        answer = rules.one_of([*answers, *_commands(listening)])
        return rules.document(language.code, "answer", {"answer": answer, **used})

    def key_items(self, listening: Listening) -> list[str]:
        """The items of the grammar file for what is keyed."""
        return [speech.reference("key", f"{least}-{most}") for least, most in self.lengths]

    def match(self, heard: Recognition, hearing: Hearing) -> str | None:
        found = self._answers(heard, hearing)
        return found[0] if len(found) == 1 else None

    def near(self, heard: Recognition, hearing: Hearing) -> tuple[str, ...]:
        found = list(self._answers(heard, hearing))
        found += [doubt for stored in found for doubt in self.doubts(stored, heard, hearing)]
        if not keys_of(heard):
            for said in _slips(tokens(heard.utterance or heard.value), heard, hearing.language):
                found += self._read(said, hearing)
        return tuple(dict.fromkeys(found))[:MOST_NEAR]

    def _answers(self, heard: Recognition, hearing: Hearing) -> tuple[str, ...]:
        keys = keys_of(heard)
        if keys:
            return self.keyed(keys, hearing)
        given = (heard.utterance, heard.interpretation, heard.value)
        for text in dict.fromkeys(filter(None, given)):
            found = self._read(tokens(text), hearing) or self._figures(text, hearing)
            if found:
                return found
        return ()

    def _read(self, said: Said, hearing: Hearing) -> tuple[str, ...]:
        for words in dict.fromkeys((said, without_fillers(said, hearing.language))):
            found = self.said(Reading(hearing.language, words), hearing) if words else ()
            if found:
                return tuple(dict.fromkeys(found))
        return ()

    def _figures(self, text: str, hearing: Hearing) -> tuple[str, ...]:
        keys = "".join(text.split()) if self.figures_as_keys else ""
        return self.keyed(keys, hearing) if keys.isascii() and keys.isdigit() else ()


def digits_choices(least: int, most: int, mode: str) -> Choices:
    """The protocol's grammar of digits."""
    count = f"{least}" if least == most else f"{least}-{most}"
    unit = "DIGIT" if count == "1" else "DIGITS"
    return Choices(f"[{count} {unit}]", mode=mode, terminator="#")


def keys_of(heard: Recognition) -> str:
    """The keys that were pressed; "" when it was no keypad. A file's keys may come back as `dtmf-2`."""
    if heard.mode in ("speech", "text"):
        return ""
    given = (heard.interpretation, heard.value, heard.utterance)
    keys = ("".join(text.replace("dtmf-star", "*").replace("dtmf-", "").split()) for text in given)
    return next((pressed for pressed in keys if _KEYED.fullmatch(pressed)), "")


def without_fillers(said: Said, language: Language) -> Said:
    """What was said without the words that say nothing, the longest of them first."""
    kept = (parts for parts, known in divided(said, phrases(language, "fillers")) if not known)
    return tuple(word for parts in kept for word in parts)


def phrases(language: Language, *names: str) -> tuple[Said, ...]:
    """Lists of the language's answers by tokens, the longest phrase first."""
    key = f"answers {names}"
    if key not in language.cache:
        found = {tokens(words) for name in names for words in language.answers[name]}
        language.cache[key] = tuple(sorted(found - {()}, key=lambda phrase: (-len(phrase), phrase)))
    longest_first: tuple[Said, ...] = language.cache[key]
    return longest_first


def divided(said: Said, known: Iterable[Said]) -> Iterator[tuple[Said, bool]]:
    """What was said in parts: known phrases, and single words that are none."""
    by_first: dict[str, list[Said]] = {}
    for phrase in known:
        by_first.setdefault(phrase[0], []).append(phrase)
    at = 0
    while at < len(said):
        likely = by_first.get(said[at], [])
        phrase = next((words for words in likely if said[at : at + len(words)] == words), None)
        yield phrase or (said[at],), phrase is not None
        at += len(phrase or (0,))


def _slips(said: Said, heard: Recognition, language: Language) -> Iterator[Said]:
    """What may have been said instead: with slips of the pen mended, and words that sound alike."""
    if len(said) > _MOST_MENDED:
        return
    known = _vocabulary(language)
    mended = [
        word if word in known or len(word) < _SHORTEST_SLIP else next(_closest(word, known), word)
        for word in said
    ]
    if tuple(mended) != said:
        yield tuple(mended)
    if heard.mode == "text":
        return
    for at, word in enumerate(said):
        for other in language.sounds_like.get(word, ()):
            yield (*said[:at], *tokens(other), *said[at + 1 :])


def _closest(word: str, known: frozenset[str]) -> Iterator[str]:
    return iter(get_close_matches(word, sorted(known), 1, _CLOSE) if word.isalpha() else ())


def _vocabulary(language: Language) -> frozenset[str]:
    """Every word of the language's tables and fillers."""
    if "vocabulary" not in language.cache:
        tables = [words for table in language.words.values() for words in table]
        said = (*tables, *language.answers["fillers"])
        language.cache["vocabulary"] = frozenset(word for words in said for word in tokens(words))
    found: frozenset[str] = language.cache["vocabulary"]
    return found


def _commands(listening: Listening) -> list[str]:
    return rules.command_items(listening, taken=DIGITS)
