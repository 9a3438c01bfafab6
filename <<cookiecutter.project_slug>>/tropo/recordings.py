"""Recording: a message that a caller leaves, or a stretch of the call. Times are in seconds."""

from collections.abc import Sequence
from dataclasses import KW_ONLY
from typing import ClassVar, TypeAlias

from tropo.parts import Action, Part, option, part
from tropo.speech import Choices, Prompt, Signals, TransferOnChoices, as_prompt


@part
class RecordUrlTuple(Part):
    """Where a recording is sent to, and what opens it: HTTP Basic, FTP login or S3 keys."""

    wire_name: ClassVar[str] = "url"

    url: str
    _: KW_ONLY
    username: str | None = None
    password: str | None = None
    method: str | None = None


UploadUrl: TypeAlias = str | RecordUrlTuple | Sequence[RecordUrlTuple]


@part
class Transcription(Part):
    """Where the words of a recording are sent to: an address, or a `mailto:`."""

    url: str
    _: KW_ONLY
    id: str | None = None
    email_format: str | None = None
    language: str | None = None


@part
class Record(Action):
    """Speaks, then records what the caller says and uploads it."""

    url: UploadUrl | None = None
    say: Prompt | None = option(default=None, write=as_prompt)
    _: KW_ONLY
    name: str | None = None
    async_upload: bool | None = None
    attempts: int | None = None
    bargein: bool | None = None
    beep: bool | None = None
    choices: Choices | TransferOnChoices | None = None
    format: str | None = None
    interdigit_timeout: float | None = None
    max_silence: float | None = None
    max_time: float | None = None
    method: str | None = None
    min_confidence: int | None = None
    password: str | None = None
    sensitivity: float | None = None
    timeout: float | None = None
    transcription: Transcription | Sequence[Transcription] | None = None
    username: str | None = None
    voice: str | None = None
    required: bool | None = None
    allow_signals: Signals | None = None
    prompt_log_security: str | None = None


@part
class StartRecording(Action):
    """Records the call from here on, prompts included, and goes on at once."""

    url: UploadUrl
    _: KW_ONLY
    async_upload: bool | None = None
    format: str | None = None
    method: str | None = None
    username: str | None = None
    password: str | None = None
    transcription_id: str | None = option(default=None, wire="transcriptionID")
    transcription_email_format: str | None = None
    transcription_language: str | None = None
    transcription_out_uri: str | None = option(default=None, wire="transcriptionOutURI")


@part
class StopRecording(Action):
    """Ends what `StartRecording` began, and uploads it."""
