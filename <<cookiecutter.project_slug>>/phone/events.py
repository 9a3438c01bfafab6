"""What a line exchanges with the world: what it needs, what it is told, and what can be noticed on it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from phone.document import Ask, Step


class Kind(StrEnum):
    """Who did what: the second column of a transcript."""

    APP_SAYS = "app says"
    APP_TEXTS = "app texts"
    PRESSES = "caller presses"
    SAYS = "caller says"
    TEXTS = "caller texts"
    SILENT = "caller is silent"
    HANGS_UP = "caller hangs up"
    LINE = "line"


@dataclass(frozen=True)
class Event:
    """Something that could be noticed on the line, `at` so many seconds into the session."""

    at: float
    kind: Kind
    text: str = ""


@dataclass(frozen=True)
class Post:
    """A document to be posted, as JSON, to an absolute URL."""

    url: str
    document: dict[str, object]


@dataclass(frozen=True)
class Reply:
    """The application's answer to a post."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Moment:
    """A point at which the caller may act: the step that runs, and the seconds into the session."""

    at: float
    step: Step

    @property
    def question(self) -> Ask | None:
        """The question the platform waits on, or None when it only plays, waits or rings."""
        return self.step if isinstance(self.step, Ask) else None


@dataclass(frozen=True)
class Ended:
    """The session is over: `by` is "caller", "application" or "platform" (it had become too long)."""

    at: float
    by: str


Need: TypeAlias = Post | Moment | Ended


@dataclass(frozen=True)
class FarEnd:
    """The other party of a transfer.

    It rings `rings` seconds; then, when `disposition` is SUCCESS, it talks `talks` seconds and hangs up.
    BUSY, REJECTED and FAILED end the ringing; TIMEOUT comes by itself, when it rings longer than the transfer
    allows.
    """

    disposition: str = "SUCCESS"
    rings: float = 2.0
    talks: float = 60.0
