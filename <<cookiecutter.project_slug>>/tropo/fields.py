"""Reading one field of a session or result: the right type and a storable text, or nothing."""

import re
from collections.abc import Mapping
from typing import Any

from tropo.refusals import Reason, Refused

LONGEST_TEXT = 1000
# PostgreSQL stores no NUL, and no database stores half of a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def text(source: Mapping[str, Any], name: str) -> str:
    """A string, storable and cut at `LONGEST_TEXT` characters; empty when there is none."""
    value = source.get(name)
    return _UNSTORABLE.sub("\ufffd", value[:LONGEST_TEXT]) if isinstance(value, str) else ""


def whole(source: Mapping[str, Any], name: str) -> int | None:
    """An integer that is not negative; None when there is none."""
    value = source.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def mapping(source: Mapping[str, Any], name: str) -> dict[str, str]:
    """An object of strings; other values are written as strings, as the platform does."""
    value = source.get(name)
    if not isinstance(value, dict):
        return {}
    return {_UNSTORABLE.sub("\ufffd", key): text({"": str(item)}, "") for key, item in value.items()}


def identifier(source: Mapping[str, Any], name: str, where: str) -> str:
    """An identifier of the platform.

    Raises:
        Refused: it is missing, or holds other characters than the platform uses.
    """
    value = source.get(name)
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise Refused(Reason.IDENTIFIER, "must be 1 to 64 letters, digits or _ . : -", f"{where}.{name}")
    return value
