"""The value objects a turn passes between the conversation and its record."""

from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from calls.models import Call


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call as it arrives, before anything is remembered of it. `caller` and `called` are the leg's ends."""

    platform: str
    session_id: str
    call_id: str
    direction: Call.Direction
    channel: Call.Channel
    network: str
    caller: str
    called: str
    language: str
    user_type: str
    parameters: dict[str, str]
    is_test: bool

    @property
    def remote(self) -> str:
        """The number at the other end, whoever dialled."""
        return self.caller if self.direction == Call.Direction.INBOUND else self.called

    @property
    def ours(self) -> str:
        return self.called if self.direction == Call.Direction.INBOUND else self.caller


@dataclass(frozen=True, slots=True)
class Dialled:
    """The line that was dialled: its flow, and how it is switched. Without a line everything is empty."""

    flow: str = ""
    announcement: str = ""
    is_closed: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands, read from its locked row.

    `caller` is the number at the other end and `called` ours, whoever dialled. `idle_seconds` is the time
    since the last document.
    """

    run: UUID
    call: UUID
    flow: str
    version_id: int
    step: str
    state: dict[str, Any]
    turn: int
    reply: str
    call_is_over: bool
    channel: str
    language: str
    caller: str
    called: str
    is_test: bool
    idle_seconds: float = 0.0


class Heard(Protocol):
    """What came back to one attempt at a question: the facts of a `Turn` row.

    `result`, `rung` and `mode` are words of `Turn.Result`, `Turn.Rung` and `Turn.Mode`.
    """

    @property
    def step(self) -> str: ...
    @property
    def visit(self) -> int: ...
    @property
    def attempt(self) -> int: ...
    @property
    def rung(self) -> str: ...
    @property
    def result(self) -> str: ...
    @property
    def prompt(self) -> str: ...
    @property
    def mode(self) -> str: ...
    @property
    def utterance(self) -> str: ...
    @property
    def interpretation(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def confidence(self) -> int | None: ...
    @property
    def leg_outcome(self) -> str: ...
    @property
    def connected_seconds(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Move:
    """What a decision changes: where the run stands now, and the reply that says so.

    `step` is empty when the conversation is over. `heard` is None for the first document.
    """

    flow: str
    version_id: int
    step: str
    state: dict[str, Any]
    reply: str
    heard: Heard | None = None
    outcome: str = ""
    milestones: tuple[str, ...] = ()


class Talk(Protocol):
    """The conversation, as the record sees it: it makes the moves."""

    def begin(self, run: UUID, dialled: Dialled) -> Move:
        """The first move of a run with that key."""

    def decide(self, standing: Standing) -> Move:
        """The next move of a run from where it stands."""

    def settle(self, standing: Standing, *, reached: bool) -> None:
        """Learns whether a text that opened a conversation reached anybody."""

    def close(self, standing: Standing) -> Move | None:
        """Tells the conversation that it is over. A move when that changed what is known of it."""
