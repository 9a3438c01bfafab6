"""The legs of a call: answering, calling, conferring, waiting and ending. Times are in seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY
from typing import Any, TypeAlias

from tropo.parts import Action, Part, option, part, plain
from tropo.speech import Prompt, Signals, as_prompt

Headers: TypeAlias = Mapping[str, str]
Numbers: TypeAlias = str | Sequence[str]
"""A number, a SIP address or a text address; of several, the first that answers."""


@part
class Answer(Action):
    """Answers an incoming call, which the first prompt would do as well."""

    headers: Headers | None = None


@part
class Reject(Action):
    """Turns an incoming call away before it is answered."""


@part
class Redirect(Action):
    """Sends an incoming call to another SIP address before it is answered."""

    to: str = option(old="id")
    name: str | None = None
    _: KW_ONLY
    required: bool | None = None


@part
class Hangup(Action):
    """Ends the call."""

    _: KW_ONLY
    headers: Headers | None = None


@part
class Wait(Action):
    """Does nothing for a time, which is in milliseconds."""

    milliseconds: int
    _: KW_ONLY
    allow_signals: Signals | None = None


@part
class GeneralLogSecurity(Action):
    """Keeps what follows out of the platform's log (`suppress`), from document to document, until `none`."""

    state: str

    def body(self) -> Any:
        return self.state


@part
class MachineDetection(Part):
    """Words said while the platform listens whether a person or a machine has answered."""

    introduction: str
    _: KW_ONLY
    voice: str | None = None


@part
class Call(Action):
    """Calls somebody, in a session that has no call yet."""

    to: Numbers
    _: KW_ONLY
    from_: str | None = None
    name: str | None = None
    channel: str | None = None
    network: str | None = None
    timeout: float | None = None
    answer_on_media: bool | None = None
    headers: Headers | None = None
    machine_detection: bool | MachineDetection | None = None
    voice: str | None = None
    callback_url: str | None = None
    label: str | None = None
    recording: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    required: bool | None = None
    allow_signals: Signals | None = None
    prompt_log_security: str | None = None


def _within(value: Any) -> Any:
    """The prompt of a message may come as `Say(...).obj`."""
    return plain(value.get("say", value)) if isinstance(value, dict) else as_prompt(value)


@part
class Message(Action):
    """Calls or texts somebody, says something and hangs up, beside the call that goes on."""

    say: Prompt = option(write=_within, old="say_obj")
    to: Numbers
    _: KW_ONLY
    from_: str | None = None
    name: str | None = None
    channel: str | None = None
    network: str | None = None
    timeout: float | None = None
    answer_on_media: bool | None = None
    headers: Headers | None = None
    voice: str | None = None
    required: bool | None = None
    prompt_log_security: str | None = None


@part
class JoinPrompt(Part):
    """What a conference hears when somebody joins."""

    value: str
    _: KW_ONLY
    voice: str | None = None


@part
class LeavePrompt(Part):
    """What a conference hears when somebody leaves."""

    value: str
    _: KW_ONLY
    voice: str | None = None


@part
class Conference(Action):
    """Joins the caller to a conference; a `join_prompt` or `leave_prompt` that is True is a beep."""

    id: str
    _: KW_ONLY
    name: str | None = None
    mute: bool | None = None
    play_tones: bool | None = None
    terminator: str | None = None
    interdigit_timeout: float | None = None
    join_prompt: bool | JoinPrompt | None = None
    leave_prompt: bool | LeavePrompt | None = None
    required: bool | None = None
    allow_signals: Signals | None = None
    prompt_log_security: str | None = None
