"""Reading one field of a session or result: the right type, or nothing.

`tropo.reader` has made every text storable before it comes here.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from tropo.refusals import Reason, Refused

LONGEST_TEXT = 1000
LONGEST_WORD = 20
LONGEST_LIST = 100
LARGEST_INTEGER = 2**31 - 1
"""What an integer column holds on every database."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def text(source: Mapping[str, Any], name: str) -> str:
    """A string, cut at `LONGEST_TEXT` characters; empty when there is none."""
    value = source.get(name)
    return value[:LONGEST_TEXT] if isinstance(value, str) else ""


def word(source: Mapping[str, Any], name: str) -> str:
    """A word of the protocol such as ANSWERED, in capitals; empty when there is none, or it is no word."""
    value = source.get(name)
    if isinstance(value, str) and len(value) <= LONGEST_WORD and value.isascii() and value.isidentifier():
        return value.upper()
    return ""


def whole(source: Mapping[str, Any], name: str) -> int | None:
    """An integer from 0 to `LARGEST_INTEGER`; None when there is none."""
    value = source.get(name)
    return value if type(value) is int and 0 <= value <= LARGEST_INTEGER else None


def flag(source: Mapping[str, Any], name: str) -> bool | None:
    """True or false; None when there is neither."""
    value = source.get(name)
    return value if isinstance(value, bool) else None


def mapping(source: Mapping[str, Any], name: str) -> dict[str, str]:
    """An object of strings. Other values are written as strings, as the platform does; null is left out.

    Headers came as a list of objects with `key` and `value` in 2010: that is read as well.
    """
    value = source.get(name)
    if isinstance(value, list):
        pairs = [(item.get("key"), item.get("value")) for item in value if isinstance(item, dict)]
        value = {key: item for key, item in pairs if isinstance(key, str)}
    if not isinstance(value, dict):
        return {}
    return {
        key: (item if isinstance(item, str) else json.dumps(item))[:LONGEST_TEXT]
        for key, item in value.items()
        if item is not None
    }


def objects(source: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The first `LONGEST_LIST` objects of a list, or an object that stands alone."""
    value = source.get(name)
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, dict)][:LONGEST_LIST]


def optional_identifier(source: Mapping[str, Any], name: str) -> str:
    """An identifier; empty when there is none, or it holds other characters than the platform uses."""
    value = source.get(name)
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else ""


def identifier(source: Mapping[str, Any], name: str, where: str) -> str:
    """An identifier of the platform.

    Raises:
        Refused: it is missing, or holds other characters than the platform uses.
    """
    found = optional_identifier(source, name)
    if not found:
        raise Refused(Reason.IDENTIFIER, "must be 1 to 64 letters, digits or _ . : -", f"{where}.{name}")
    return found
