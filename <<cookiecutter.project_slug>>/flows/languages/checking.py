"""What a system check says of a language: what is missing in its table, and which patterns lead nowhere."""

import re
from collections.abc import Iterator

from flows.languages.patterns import slots
from flows.languages.reading import WRITTEN
from flows.languages.tables import Language

_PLACES = {
    "confirm": {"value"},
    "choose": {"options"},
    "choose_key": {"option", "key"},
    "neither": {"key"},
}
"""What a prompt must have a place for, or the caller is asked about nothing."""

_LENGTHS = {"months": 12, "weekdays": 7}
_ORDERS = ("mdy", "dmy", "ymd")


def faults(language: Language) -> list[str]:
    """What is wrong with a language, a sentence each."""
    code = language.code
    found = [*language.faults, *_prompts(language), *_rules(language)]
    for name, length in _LENGTHS.items():
        if len(language.names[name]) != length:
            found.append(f"{code}: names.{name} has {len(language.names[name])} names; it must have {length}")
    if language.formats["order"] not in _ORDERS:
        found.append(f"{code}: formats.order is {language.formats['order']!r}, none of {', '.join(_ORDERS)}")
    hours = [
        hour for hour in language.day_parts if not (hour.isascii() and hour.isdigit() and int(hour) < 24)
    ]
    found += [f"{code}: day_parts.{hour} is no hour; its keys are 0 to 23" for hour in hours]
    return found


def _prompts(language: Language) -> Iterator[str]:
    for name, places in _PLACES.items():
        for place in sorted(places - set(re.findall(r"\{(\w+)\}", language.prompts[name]))):
            yield f"{language.code}: prompts.{name} has no {{{place}}}"


def _rules(language: Language) -> Iterator[str]:
    """The names that patterns use and nothing has, and the rules that come back to themselves."""
    named = {rule: frozenset[str]().union(*map(slots, patterns)) for rule, patterns in language.rules.items()}
    for rule, names in named.items():
        for name in sorted(names - named.keys() - language.words.keys() - WRITTEN.keys()):
            yield f"{language.code}: rules.{rule} uses <{name}>, which is neither a rule nor a table of words"
        reached, ahead = set[str](), set(names)
        while ahead:
            name = ahead.pop()
            reached.add(name)
            ahead |= named.get(name, frozenset()) - reached
        if rule in reached:
            yield f"{language.code}: rules.{rule} comes back to itself"
