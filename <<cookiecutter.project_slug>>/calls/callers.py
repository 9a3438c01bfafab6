"""Who called, without the number: a keyed hash that stays when the number is blanked.

`Call.caller_key` is a mark of the key and an HMAC of the number, so that a caller who calls again can be
counted for as long as the call is kept. Without the key nobody can try all numbers until one fits.
"""

from collections.abc import Sequence
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac

from calls.numbers import e164

MARK = 4
"""The hexadecimal digits that tell one key from another."""

_DIGITS = 32
_WITHHELD = {"", "anonymous", "private", "restricted", "unavailable", "unknown", "withheld"}


def keys() -> Sequence[str]:
    """The secrets: the first makes new hashes, the others are retired. SECRET_KEY is the default."""
    return settings.CALLER_HASH_KEYS or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def caller_key(number: str) -> str:
    """The hash of a number in E.164, or of a SIP user, under the present key; empty for a withheld one."""
    return _hash(keys()[0], number)


def caller_keys(number: str) -> list[str]:
    """The hashes of a number in any spelling, under the present and every retired key."""
    return [found for key in keys() if (found := _hash(key, e164(number)))]


def mark_of(key: str) -> str:
    """What the hashes under that key begin with."""
    return salted_hmac("calls.callers.mark", "", secret=key, algorithm="sha256").hexdigest()[:MARK]


def _hash(key: str, number: str) -> str:
    if number.partition("@")[0].casefold() in _WITHHELD:
        return ""
    digest = salted_hmac("calls.callers", number, secret=key, algorithm="sha256").hexdigest()
    return _mark(key) + digest[:_DIGITS]


_mark = lru_cache(maxsize=16)(mark_of)
