"""What a tropo document says, as values: the steps in their order, and where the result goes afterwards.

Times are in seconds, confidence in percent. Options that nobody on the line could notice (voices,
recognisers, log masks) are read past.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from phone.grammar import Grammar
from phone.prompt import ANY_SIGNAL, Prompt, Signals
from phone.recordings import Record, StartRecording, StopRecording


@dataclass(frozen=True)
class Say:
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class GrammarFile:
    """A grammar that is to be fetched from `url`; `where` is its place in the document."""

    url: str
    where: str


@dataclass(frozen=True)
class Ask:
    """A question."""

    name: str
    required: bool
    prompts: tuple[Prompt, ...]
    grammar: Grammar | GrammarFile
    mode: str
    terminator: str
    attempts: int
    timeout: float
    interdigit_timeout: float
    min_confidence: float
    bargein: bool = True
    signals: Signals = ANY_SIGNAL


@dataclass(frozen=True)
class Wait:
    seconds: float
    signals: Signals = ANY_SIGNAL


@dataclass(frozen=True)
class MachineDetection:
    """To find out whether a person answered; `introduction` is played meanwhile, "" is silence."""

    introduction: str = ""


@dataclass(frozen=True)
class Call:
    """An outbound leg for a session that has none; `to` is dialled for at most `timeout` seconds."""

    name: str
    required: bool
    to: tuple[str, ...]
    channel: str
    timeout: float
    on_media: bool
    machine_detection: MachineDetection | None
    signals: Signals


@dataclass(frozen=True)
class Connect:
    """Something done on the called leg of a transfer before it is bridged: a step, or `post` to a URL."""

    step: "Say | Ask | Wait | Message | None"
    post: str = ""


@dataclass(frozen=True)
class Transfer:
    """`to` is dialled for at most `timeout` seconds; `ring` is played to the caller meanwhile."""

    name: str
    required: bool
    to: tuple[str, ...]
    timeout: float
    ring: tuple[Prompt, ...]
    connect: tuple[Connect, ...] = ()
    terminator: str = ""
    on_media: bool = False
    machine_detection: MachineDetection | None = None
    signals: Signals = ANY_SIGNAL


@dataclass(frozen=True)
class Conference:
    """`terminator` is the key that leaves, or "". A prompt is "" for none, "beep" for a tone."""

    name: str
    required: bool
    id: str
    terminator: str
    join_prompt: str
    leave_prompt: str
    signals: Signals


@dataclass(frozen=True)
class Message:
    """A text, or a call that says something, to somebody else."""

    required: bool
    to: tuple[str, ...]
    prompts: tuple[Prompt, ...]
    channel: str
    timeout: float
    on_media: bool


@dataclass(frozen=True)
class Answer:
    pass


@dataclass(frozen=True)
class Reject:
    pass


@dataclass(frozen=True)
class Redirect:
    to: str


@dataclass(frozen=True)
class Hangup:
    pass


@dataclass(frozen=True)
class LogSecurity:
    """Says what the platform may log; nothing the caller or the application could notice."""


Step: TypeAlias = (
    Say
    | Ask
    | Record
    | StartRecording
    | StopRecording
    | Wait
    | Call
    | Transfer
    | Conference
    | Message
    | Answer
    | Reject
    | Redirect
    | Hangup
    | LogSecurity
)


@dataclass(frozen=True)
class Handler:
    """An `on`: what to say and where to post when its event has happened."""

    next: str
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Document:
    """The steps in their order, and the handlers by event."""

    steps: list[Step] = field(default_factory=list)
    handlers: dict[str, Handler] = field(default_factory=dict)
