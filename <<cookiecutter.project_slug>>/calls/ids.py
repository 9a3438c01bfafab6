"""Keys for new rows: UUIDs that begin with the time, so that an index grows at its end.

The layout is version 7 of RFC 9562, section 5.7: 48 bits of milliseconds, then chance.
Python has it from 3.14 as `uuid.uuid7`.
"""

import secrets
import time
import uuid

_VERSION = 7 << 76
_VARIANT = 2 << 62
_RANDOM_A = (1 << 12) - 1
_RANDOM_B = (1 << 62) - 1


def new_id() -> uuid.UUID:
    """A new key; later ones sort behind earlier ones, to the millisecond."""
    chance = secrets.randbits(74)
    milliseconds = time.time_ns() // 1_000_000
    return uuid.UUID(
        int=milliseconds << 80 | _VERSION | (chance >> 62 & _RANDOM_A) << 64 | _VARIANT | chance & _RANDOM_B
    )
