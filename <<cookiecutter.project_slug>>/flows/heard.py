"""What handlers get: one small value for each kind of step."""

from dataclasses import dataclass, field
from typing import Any, Generic, NoReturn, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Leg:
    """What became of a transfer.

    `outcome` is the platform's word in lower case (success, timeout, busy, rejected, failed), or
    `voice only` on the text channel; `connected_seconds` is the time the two talked.
    """

    outcome: str
    connected_seconds: int = 0

    @property
    def connected(self) -> bool:
        return self.outcome == "success"


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a conference: how it ended (success, hangup, external_event, voice only), and its seconds."""

    outcome: str
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was left: `seconds` of sound at the address `url`, or the `text` of a text message."""

    left: bool
    seconds: float = 0
    url: str = field(default="", repr=False)
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a text message that was sent: `ok` says that the platform took it."""

    ok: bool


@dataclass(frozen=True, slots=True)
class Waited:
    """The end of a wait: the name of the signal that ended it, empty when the time went by."""

    signal: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a lookup found: its `value`; not `available` when it failed or took too long."""

    value: Any = None
    available: bool = True


class Secret(Generic[V]):
    """The answer to a sensitive question. It shows itself to `reveal` alone, and can be spoken by nothing."""

    __slots__ = ("_value",)

    def __init__(self, value: V) -> None:
        self._value = value

    def reveal(self) -> V:
        return self._value

    def __repr__(self) -> str:
        return "Secret(***)"

    def __str__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> NoReturn:
        raise TypeError("a sensitive answer cannot be formatted into a text; compare what reveal() gives")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sensitive answer cannot be stored or sent")
