"""What a caller can do: press keys, speak, stay silent or hang up, at once or so many seconds later.

What is done `after` some seconds is done whatever the platform does by then; nothing else is asked of the
caller until it has happened.
"""

from dataclasses import dataclass
from typing import TypeAlias

KEYPAD = frozenset("0123456789*#")

SPEECH_CONFIDENCE = 90
"""How sure the simulated recogniser is of words when nothing else was said, in percent."""


@dataclass(frozen=True)
class Keys:
    """DTMF: one or more of 0-9, * and #."""

    keys: str
    after: float = 0.0

    def __post_init__(self) -> None:
        _check(self.after)
        if not self.keys or not KEYPAD.issuperset(self.keys):
            raise ValueError(f"not keys of a telephone: {self.keys!r}; they are 0-9, * and #")


@dataclass(frozen=True)
class Words:
    """Speech, and how sure the recogniser is of it (0-100). In a text session: a message, always certain."""

    words: str
    confidence: int = SPEECH_CONFIDENCE
    after: float = 0.0

    def __post_init__(self) -> None:
        _check(self.after)
        if not 0 <= self.confidence <= 100:
            raise ValueError(f"confidence {self.confidence} is out of range; it goes from 0 to 100")


@dataclass(frozen=True)
class Silence:
    """The caller does nothing. Where the platform asks nothing, this is to listen on."""


@dataclass(frozen=True)
class HangUp:
    """The caller hangs up."""

    after: float = 0.0

    def __post_init__(self) -> None:
        _check(self.after)


Action: TypeAlias = Keys | Words | Silence | HangUp


def _check(after: float) -> None:
    if not 0 <= after < float("inf"):
        raise ValueError(f"{after} is no number of seconds to wait; give 0 or more")
