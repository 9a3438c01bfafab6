"""Values: what every grammar of digits, numbers, days and the like has in common.

Keys are read as keys. All else is read by the patterns of the language; first as it stands, then without
words that say nothing. An answer that may be two values is no match: both are near.
"""

import re
from abc import abstractmethod
from typing import ClassVar, TypeVar

from flows.grammars import rules, speech
from flows.grammars.base import Grammar, Hearing, Listening
from flows.languages import Language, Reading, tokens
from flows.languages.vocabulary import Said, slips, without_fillers
from tropo import Choices, Recognition

V = TypeVar("V")

DIGITS = "0123456789"
MOST_NEAR = 5
ANY_TEXT = "[ANY]"

_KEYED = re.compile(r"[0-9*#]+")


class Spoken(Grammar[V]):
    """A value that is keyed in digits and said in the words of a language."""

    taken = DIGITS

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
            keyed = self.key_rules(listening)
            answers += map(speech.valued, keyed)
            used |= keyed | speech.key_rules()
        answer = rules.one_of([*answers, *_commands(listening)])
        return rules.document(language.code, "answer", {"answer": answer, **used})

    def key_rules(self, listening: Listening) -> dict[str, str]:
        """The rules of the grammar file for what is keyed, each a way to key an answer."""
        return {
            f"keys_{least}": speech.collected((speech.KEY, f"{least}-{most}")) for least, most in self.lengths
        }

    def match(self, heard: Recognition, hearing: Hearing) -> str | None:
        found = self._answers(heard, hearing)
        return found[0] if len(found) == 1 else None

    def near(self, heard: Recognition, hearing: Hearing) -> tuple[str, ...]:
        found = list(self._answers(heard, hearing))
        found += [doubt for stored in found for doubt in self.doubts(stored, heard, hearing)]
        if not keys_of(heard):
            said = tokens(heard.utterance or heard.value)
            for other in slips(said, hearing.language, by_ear=heard.mode != "text"):
                found += self._read(other, hearing)
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
    """The keys that were pressed; "" when it was no keypad.

    The utterance has all of them; of a file, the rest may be what its tags make of them. A platform may
    write them as `dtmf-2 dtmf-4`.
    """
    if heard.mode in ("speech", "text"):
        return ""
    given = filter(None, (heard.utterance, heard.interpretation, heard.value))
    keys = ["".join(text.replace("dtmf-star", "*").replace("dtmf-", "").split()) for text in given]
    # Of an unknown mode, figures beside words are what a platform made of the words.
    likely = keys if heard.mode == "keypad" else keys[:1]
    return next((pressed for pressed in likely if _KEYED.fullmatch(pressed)), "")


def _commands(listening: Listening) -> list[str]:
    return rules.command_items(listening, DIGITS)
