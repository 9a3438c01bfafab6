"""Yes or no, telephone numbers, free text, and an owner's own grammar file."""

from collections.abc import Mapping
from typing import Any, NoReturn

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, ValidationResult

from flows.grammars import rules
from flows.grammars.base import Grammar, Hearing, Listening, normalise
from flows.grammars.digits import digit_rules, spoken_digits
from flows.grammars.lists import simple_list
from flows.grammars.spoken import ANY_TEXT, Spoken, divided, keys_of, phrases, without_fillers
from flows.languages import Language, Reading, tokens
from tropo import Choices, Recognition

_KEY_OF = {"yes": "1", "no": "2"}
_MOST_OTHER_WORDS = 2
_LONGEST_TEXT = 1600
"""Characters of the longest text message that carriers put together from parts."""


class YesNo(Grammar[bool]):
    """Yes or no, in many words. The keys are 1 for yes and 2 for no."""

    def simple(self, listening: Listening) -> Choices | None:
        if listening.hearing.channel == "text":
            return Choices(ANY_TEXT)
        return simple_list(self._phrases(listening), listening)

    def rules(self, listening: Listening) -> str:
        answers = [(words, name) for name, said in self._phrases(listening).items() for words in said]
        items = [(rules.key if words in rules.KEYS else rules.item)(words, name) for words, name in answers]
        items += rules.command_items(listening, taken=[words for words, _ in answers])
        return rules.document(listening.hearing.language.code, "answer", {"answer": rules.one_of(items)})

    def match(self, heard: Recognition, hearing: Hearing) -> str | None:
        if heard.value in _KEY_OF:
            return heard.value
        keys = keys_of(heard)
        if keys:
            return next((name for name, key in _KEY_OF.items() if key == keys), None)
        given = (heard.utterance, heard.interpretation, heard.value)
        read = (_yes_or_no(tokens(text), hearing.language) for text in given)
        return next(filter(None, read), None)

    def value(self, stored: str) -> bool:
        return stored == "yes"

    def words(self, stored: str, hearing: Hearing) -> str:
        return hearing.language.formats.get(stored, stored)

    def spec(self) -> Mapping[str, Any]:
        return {"yes_no": dict(_KEY_OF)}

    def _phrases(self, listening: Listening) -> dict[str, tuple[str, ...]]:
        said = listening.hearing.language.answers if listening.mode != "dtmf" else {}
        commands = {normalise(words) for given in listening.commands.values() for words in given}
        return {
            name: tuple(words for words in said.get(name, ()) if normalise(words) not in commands)
            + ((key,) if listening.mode != "speech" else ())
            for name, key in _KEY_OF.items()
        }


class Phone(Spoken[str]):
    """A telephone number. The answer is in E.164; one without a country code is of the region."""

    def __init__(self, region: str) -> None:
        metadata = PhoneMetadata.metadata_for_region(region)
        if metadata is None or metadata.general_desc is None:
            raise ValueError(f"Phone needs a region such as US, not {region!r}")
        self.region = region
        possible = metadata.general_desc.possible_length
        # One more for the 1 or 0 that some dial before it.
        self.lengths = ((min(possible), max(possible) + 1),)

    def speech(self, language: Language) -> dict[str, str]:
        return digit_rules(language, *self.lengths[0])

    def keyed(self, keys: str, hearing: Hearing) -> tuple[str, ...]:
        return self._parsed(keys)

    def said(self, reading: Reading, hearing: Hearing) -> tuple[str, ...]:
        international = reading.said[:1] in (("plus",), ("+",))
        run = spoken_digits(Reading(reading.language, reading.said[international:]), 15)
        numbers = (self._parsed("+" * international + digits) for _, digits in sorted(run.items()))
        return next(filter(None, numbers), ())

    def value(self, stored: str) -> str:
        return stored

    def words(self, stored: str, hearing: Hearing) -> str:
        number = phonenumbers.parse(stored)
        home = number.country_code == phonenumbers.country_code_for_region(self.region)
        style = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
        written = phonenumbers.format_number(number, style)
        if hearing.channel == "text":
            return written
        groups = "".join(sign if sign.isdigit() else " " for sign in written).split()
        return ", ".join(map(" ".join, groups))

    def spec(self) -> Mapping[str, Any]:
        return {"phone": self.region}

    def _parsed(self, written: str) -> tuple[str, ...]:
        try:
            number = phonenumbers.parse(written, self.region)
        except phonenumbers.NumberParseException:
            return ()
        # Without its area code a number is possible too, and of no use.
        if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
            return ()
        return (phonenumbers.format_number(number, PhoneNumberFormat.E164),)


class Text(Grammar[str]):
    """What is written, up to `most` characters. On the telephone there is no grammar for it: record it."""

    keypad = False

    def __init__(self, most: int = _LONGEST_TEXT) -> None:
        if most < 1:
            raise ValueError(f"Text needs room for a character, not {most}")
        self.most = most

    def simple(self, listening: Listening) -> Choices | None:
        return Choices(ANY_TEXT) if listening.hearing.channel == "text" else None

    def rules(self, listening: Listening) -> NoReturn:
        raise ValueError("Text is for messages; on the telephone use @record")

    def match(self, heard: Recognition, hearing: Hearing) -> str | None:
        text = (heard.utterance or heard.value).replace("\0", "").strip()
        return text if 1 <= len(text) <= self.most else None

    def value(self, stored: str) -> str:
        return stored

    def spec(self) -> Mapping[str, Any]:
        return {"text": self.most}


class Address(Grammar[str]):
    """An owner's own grammar file, by its address. The answer is what its tags give, else what was said.

    Nothing can be added to such a file: it must take the words and keys of the commands itself.
    """

    def __init__(self, url: str, *, keypad: bool = True) -> None:
        if not url.startswith(("https://", "http://")):
            raise ValueError(f"Address needs the http(s) address of a grammar file, not {url!r}")
        self.url = url
        self.keypad = keypad

    def simple(self, listening: Listening) -> Choices | None:
        return Choices(self.url, mode=listening.mode)

    def rules(self, listening: Listening) -> NoReturn:
        raise ValueError(f"the file at {self.url} is its owner's; no other is made of it")

    def match(self, heard: Recognition, hearing: Hearing) -> str | None:
        return heard.value or heard.interpretation or heard.utterance or None

    def value(self, stored: str) -> str:
        return stored

    def spec(self) -> Mapping[str, Any]:
        return {"address": self.url}


def _yes_or_no(said: tuple[str, ...], language: Language) -> str | None:
    """What the words say; None when they say both, neither, or much else."""
    for words in (said, without_fillers(said, language)):
        answers = _answers(words, language)
        if len(answers) == 1:
            return answers.pop()
    return None


def _answers(said: tuple[str, ...], language: Language) -> set[str]:
    yes = set(phrases(language, "yes"))
    parts = list(divided(said, phrases(language, "yes", "no")))
    others = tuple(word for words, known in parts if not known for word in words)
    if len(without_fillers(others, language)) > _MOST_OTHER_WORDS:
        return set()
    return {"yes" if words in yes else "no" for words, known in parts if known}
