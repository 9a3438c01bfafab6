"""What a decision depends on besides the flow, its state and what was heard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from flows.grammars import Grammar, Hearing, Listening
from flows.languages import language

Channel = Literal["voice", "text"]


@dataclass(frozen=True, slots=True)
class Party:
    """Who talks, and how: the same through a whole call.

    `caller` is the one we talk to and `called` our number, in E.164 where they can be, whoever dialled;
    `language` is the recogniser's code, such as en-us; `opens_text` says that a text of ours opened the
    session, so that there is no text to reply to.
    """

    caller: str = ""
    called: str = ""
    channel: Channel = "voice"
    language: str = ""
    opens_text: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The house rules: what settings say about every flow.

    Speech below `reject_below` (0 to 100) counts as not understood, below `confirm_below` it is confirmed
    where the question has words for that. `silence_seconds` is how long a question waits, `most_turns`
    how long a conversation may go on, `fallback` the number of a person, `voices` the voice of each
    recogniser's code, `caller_id` the number we call from.
    """

    reject_below: int = 40
    confirm_below: int = 65
    silence_seconds: float = 8.0
    most_turns: int = 200
    fallback: str = ""
    voices: Mapping[str, str] = field(default_factory=dict)
    caller_id: str = ""


class Addresses:
    """What a document points at, and whom it may text. Without a public address nothing is found."""

    def grammar(
        self, flow: str, step: str, grammar: Grammar[Any], listening: Listening, *, of_run: bool
    ) -> str | None:
        """The address of a grammar file. `of_run` says that no other conversation has the same grammar."""
        return None

    def recording(self, step: str, visit: int) -> str | None:
        """Where a recording is uploaded to."""
        return None

    def transcription(self, step: str, visit: int) -> tuple[str, str] | None:
        """The identifier of a recording's transcription, and where it is posted to."""
        return None

    def may_text(self, number: str) -> bool:
        """Whether texts to that number are wanted."""
        return True

    def sound(self, file: str, language: str) -> str | None:
        """The address of an audio file of that language."""
        return None


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scene:
    """One turn's surroundings: who talks, when, and under which rules.

    `now` is the local time, `turn` the number of the document that is made, from 1.
    """

    party: Party = Party()
    now: datetime = _LONG_AGO
    rules: Rules = Rules()
    addresses: Addresses = field(default_factory=Addresses)
    turn: int = 1

    @property
    def is_text(self) -> bool:
        return self.party.channel == "text"

    def hearing(self, code: str) -> Hearing:
        return Hearing(language(code), self.now, self.party.channel)
