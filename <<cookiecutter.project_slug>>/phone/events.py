"""What a line exchanges with the world: what it needs, what it is told, and what can be noticed on it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from phone.actions import Action
from phone.document import Ask, Conference, Step
from phone.recordings import Record
from phone.wav import Upload


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
    """A document to be posted, as JSON, to an absolute URL.

    `aside` is a notice: its reply is not read, and when nobody takes it the session goes on.
    """

    url: str
    document: dict[str, object]
    aside: bool = False


@dataclass(frozen=True)
class Fetch:
    """A grammar file to be fetched from an absolute URL, by GET."""

    url: str


@dataclass(frozen=True)
class Reply:
    """The answer to a Post, a Fetch or an Upload."""

    status: int
    body: bytes = b""

    @property
    def good(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300


NO_REPLY = Reply(0)
"""The answer when nobody could be reached. (A Post that is not `aside` needs a real one.)"""


@dataclass(frozen=True)
class Moment:
    """A point at which the caller may act: the step that runs, and the seconds into the session.

    `going_on` means that the step has had its answer and waits for nothing more, as a recording does that
    has heard the first words.
    """

    at: float
    step: Step
    going_on: bool = False

    @property
    def question(self) -> Ask | Record | Conference | None:
        """The step that waits for the caller, or None when the platform only plays, waits or rings."""
        if self.going_on or not isinstance(self.step, Ask | Record | Conference):
            return None
        return self.step


@dataclass(frozen=True)
class Ended:
    """The session is over: `by` is "caller", "application" or "platform" (it had become too long)."""

    at: float
    by: str


Need: TypeAlias = Post | Fetch | Upload | Moment | Ended
"""Post, Fetch and Upload are answered with `Line.replied`, a Moment with `Line.acted`."""


@dataclass(frozen=True)
class FarEnd:
    """The other party of a transfer, call, message or conference.

    It rings `rings` seconds; then the dialling ends as `disposition` says: SUCCESS (it answers), BUSY,
    REJECTED, FAILED, or TIMEOUT (it never answers). TIMEOUT also comes by itself, when it rings longer than
    it is given. Having answered it talks `talks` seconds and hangs up; in a conference that is how long a
    silent caller is left alone. `machine` is an answering machine; `media` is sound of its own while it
    rings, which `answerOnMedia` takes for an answer; `acts` is what it does at the questions of a `connect`
    handler, in their order, and then stays silent.
    """

    disposition: str = "SUCCESS"
    rings: float = 2.0
    talks: float = 60.0
    machine: bool = False
    media: bool = False
    acts: tuple[Action, ...] = ()
