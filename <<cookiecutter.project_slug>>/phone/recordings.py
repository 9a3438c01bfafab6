"""The steps that record, as values. Times are in seconds."""

from dataclasses import dataclass

from phone.prompt import Prompt, Signals


@dataclass(frozen=True)
class Destination:
    """Where a recording is uploaded to."""

    url: str
    method: str = "POST"
    username: str = ""
    password: str = ""


@dataclass(frozen=True)
class Transcription:
    """Where the words of a recording are posted to, and the name they are to have."""

    url: str
    id: str | None = None


@dataclass(frozen=True)
class Record:
    """A message to be left. `terminator` is "" when no key ends it."""

    name: str
    required: bool
    prompts: tuple[Prompt, ...]
    to: tuple[Destination, ...]
    bargein: bool
    beep: bool
    terminator: str
    attempts: int
    timeout: float
    max_silence: float
    max_time: float
    async_upload: bool
    transcription: Transcription | None
    signals: Signals


@dataclass(frozen=True)
class StartRecording:
    to: tuple[Destination, ...]
    transcription: Transcription | None


@dataclass(frozen=True)
class StopRecording:
    pass
