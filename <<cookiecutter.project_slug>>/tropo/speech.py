"""Speaking and listening: the prompts, questions and grammars of a document.

Times are in seconds unless a name says otherwise, confidence is 0 to 100.
"""

from collections.abc import Sequence
from dataclasses import KW_ONLY
from typing import Any, ClassVar, TypeAlias

from tropo.parts import Action, Part, option, part, plain

Signals: TypeAlias = str | Sequence[str]
"""Which signals may interrupt: one name, several, or "" for none. Without it, any may."""


def as_prompt(value: Any) -> Any:
    """A prompt given as text is a say of that text."""
    return {"value": value} if isinstance(value, str) else plain(value)


def as_choices(value: Any) -> Any:
    """A grammar given as text is a choices of that value; `Choices(...).obj` loses its outer name."""
    if isinstance(value, dict):
        return value.get("choices", value)
    return {"value": value} if isinstance(value, str) else plain(value)


@part
class Choices(Part):
    """What a caller may answer: a grammar, how it may be given, and the key that ends variable input."""

    value: str
    _: KW_ONLY
    mode: str | None = None
    terminator: str | None = None


@part
class TransferOnChoices(Part):
    """The key that ends a recording or cancels a transfer: all that `choices` says there."""

    wire_name: ClassVar[str] = "choices"

    _: KW_ONLY
    terminator: str | None = None


@part
class Say(Action):
    """Speaks text, or plays the audio at an address; several texts are said one after the other.

    `event` holds it back until an attempt at a question ended so (`timeout`, `nomatch:2`); `media` are
    the attachments of an MMS.
    """

    value: str | Sequence[str] = option(old="message")
    _: KW_ONLY
    as_: str | None = None
    event: str | None = None
    voice: str | None = None
    name: str | None = None
    required: bool | None = None
    allow_signals: Signals | None = None
    prompt_log_security: str | None = None
    media: str | Sequence[str] | None = None

    def __post_init__(self) -> None:
        if isinstance(self.value, list):
            object.__setattr__(self, "value", tuple(self.value))

    def body(self) -> Any:
        one = Part.body(self)
        if not isinstance(self.value, tuple):
            return one
        several = [{**one, "value": text} for text in self.value]
        return several[0] if len(several) == 1 else several


Prompt: TypeAlias = str | Say | Sequence[Say]


@part
class Ask(Action):
    """Speaks, then listens for one answer."""

    choices: str | Choices = option(write=as_choices)
    say: Prompt | None = option(default=None, write=as_prompt)
    _: KW_ONLY
    name: str | None = None
    attempts: int | None = None
    bargein: bool | None = None
    interdigit_timeout: float | None = None
    min_confidence: int | None = None
    recognizer: str | None = None
    sensitivity: float | None = None
    speech_complete_timeout: float | None = None
    speech_incomplete_timeout: float | None = None
    timeout: float | None = None
    voice: str | None = None
    required: bool | None = None
    allow_signals: Signals | None = None
    asr_log_security: str | None = None
    mask_template: str | None = None
    prompt_log_security: str | None = None


def as_question(value: Any) -> Any:
    """A question given as text is an ask with that grammar."""
    return {"choices": {"value": value}} if isinstance(value, str) else plain(value)
