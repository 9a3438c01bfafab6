"""Constants of the owner's code, as text that is the same in every process and every Python."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from re import Pattern
from typing import Any

from django.utils.functional import Promise

from flows.prompts import message_id

_PLAIN = (
    str,
    bytes,
    bool,
    int,
    float,
    complex,
    type(None),
    type(...),
    Decimal,
    date,
    datetime,
    time,
    timedelta,
)
_GROUPS = (list, tuple, set, frozenset)


def is_constant(thing: Any) -> bool:
    """Whether something is a value that can be told from its text."""
    if isinstance(thing, dict):
        return all(is_constant(part) for pair in thing.items() for part in pair)
    if isinstance(thing, _GROUPS):
        return all(map(is_constant, thing))
    if is_dataclass(thing) and not isinstance(thing, type):
        return all(is_constant(getattr(thing, field.name)) for field in fields(thing))
    return isinstance(thing, (*_PLAIN, Enum, Pattern, Promise))


def text_of(constant: Any) -> str:
    """The text of a constant, in ASCII: Pythons differ in which other letters they print."""
    match constant:
        case Enum():
            return f"{type(constant).__qualname__}.{constant.name}"
        case Pattern():
            return f"{constant.pattern!a}/{constant.flags}"
        case Promise():
            return ascii(message_id(constant))
        case dict():
            return _group(f"{text_of(key)}:{text_of(value)}" for key, value in constant.items())
        case set() | frozenset():
            return _group(sorted(map(text_of, constant)))
        case list() | tuple():
            return _group(map(text_of, constant))
    if is_dataclass(constant):
        values = (f"{field.name}={text_of(getattr(constant, field.name))}" for field in fields(constant))
        return type(constant).__qualname__ + _group(values)
    return ascii(constant)


def _group(texts: Iterable[str]) -> str:
    return f"({','.join(texts)})"
