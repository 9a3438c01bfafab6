"""What a tropo document says, as values: the steps in their order, and where the result goes afterwards."""

from dataclasses import dataclass, field
from typing import TypeAlias

from phone.grammar import Grammar


@dataclass(frozen=True)
class Prompt:
    """One thing to say; `events` are the ends of an attempt after which alone it is played ("nomatch:2")."""

    value: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Say:
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Ask:
    """A question. `timeout` and `interdigit_timeout` are seconds, `min_confidence` is percent."""

    name: str
    required: bool
    prompts: tuple[Prompt, ...]
    grammar: Grammar
    mode: str
    terminator: str
    attempts: int
    timeout: float
    interdigit_timeout: float
    min_confidence: float


@dataclass(frozen=True)
class Wait:
    seconds: float


@dataclass(frozen=True)
class Transfer:
    """`to` is dialled for at most `timeout` seconds; `ring` is played to the caller meanwhile."""

    name: str
    required: bool
    to: tuple[str, ...]
    timeout: float
    ring: tuple[Prompt, ...]


@dataclass(frozen=True)
class Message:
    """A text, or a call that says something, to somebody else."""

    to: tuple[str, ...]
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Answer:
    pass


@dataclass(frozen=True)
class Reject:
    pass


@dataclass(frozen=True)
class Hangup:
    pass


@dataclass(frozen=True)
class LogSecurity:
    """Says what the platform may log; nothing the caller or the application could notice."""


Step: TypeAlias = Say | Ask | Wait | Transfer | Message | Answer | Reject | Hangup | LogSecurity


@dataclass(frozen=True)
class Handler:
    """An `on`: what to say and where to post when its event has happened."""

    next: str
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Document:
    """The steps in their order, and the handlers by event; of two for one event the first counts."""

    steps: list[Step] = field(default_factory=list)
    handlers: dict[str, Handler] = field(default_factory=dict)
