"""What a caller can do when the platform listens: press keys, speak, stay silent or hang up."""

from dataclasses import dataclass
from typing import TypeAlias

KEYPAD = frozenset("0123456789*#")

SPEECH_CONFIDENCE = 90
"""How sure the simulated recogniser is of words when nothing else was said, in percent."""


@dataclass(frozen=True)
class Keys:
    """DTMF: one or more of 0-9, * and #."""

    keys: str

    def __post_init__(self) -> None:
        if not self.keys or not KEYPAD.issuperset(self.keys):
            raise ValueError(f"not keys of a telephone: {self.keys!r}; they are 0-9, * and #")


@dataclass(frozen=True)
class Words:
    """Speech, and how sure the recogniser is of it (0-100). In a text session: a message, always certain."""

    words: str
    confidence: int = SPEECH_CONFIDENCE

    def __post_init__(self) -> None:
        if not 0 <= self.confidence <= 100:
            raise ValueError(f"confidence {self.confidence} is out of range; it goes from 0 to 100")


@dataclass(frozen=True)
class Silence:
    """The caller does nothing. Where the platform asks nothing, this is to listen on."""


@dataclass(frozen=True)
class HangUp:
    """The caller hangs up, at once."""


Action: TypeAlias = Keys | Words | Silence | HangUp
