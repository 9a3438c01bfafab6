"""Handlers of events, and the transfer, which has handlers of its own. Times are in seconds."""

from collections.abc import Sequence
from dataclasses import KW_ONLY
from typing import Any

from tropo.legs import Headers, MachineDetection, Message, Numbers, Wait
from tropo.parts import Action, Part, option, part
from tropo.speech import Ask, Choices, Prompt, Signals, TransferOnChoices, as_prompt, as_question


@part
class On(Action):
    """What happens at an event: `continue`, `incomplete`, `error`, `hangup`, or a signal's name.

    `next` is where the result goes, which ends the document. Inside a transfer the events are `ring` and
    `connect`, and only `connect` has `ask`, `message`, `wait` and `post`. `voice` is for a `say` or `ask`
    that is given as text.
    """

    event: str
    _: KW_ONLY
    next: str | None = None
    say: Prompt | None = option(default=None, write=as_prompt)
    ask: str | Ask | None = option(default=None, write=as_question)
    message: Message | None = None
    wait: Wait | None = None
    post: str | None = None
    name: str | None = None
    required: bool | None = None
    voice: str | None = option(default=None, wire="")

    def body(self) -> Any:
        found = Part.body(self)
        if self.voice is not None:
            for name, given in (("say", self.say), ("ask", self.ask)):
                if isinstance(given, str):
                    found[name]["voice"] = self.voice
        return found


@part
class Transfer(Action):
    """Connects the caller with another number, and returns when one of the two hangs up."""

    to: Numbers
    _: KW_ONLY
    from_: str | None = None
    name: str | None = None
    timeout: float | None = None
    answer_on_media: bool | None = None
    ring_repeat: int | None = None
    play_tones: bool | None = None
    choices: Choices | TransferOnChoices | None = None
    on: On | Sequence[On] | None = None
    interdigit_timeout: float | None = None
    headers: Headers | None = None
    machine_detection: bool | MachineDetection | None = None
    voice: str | None = None
    callback_url: str | None = None
    label: str | None = None
    required: bool | None = None
    allow_signals: Signals | None = None
    prompt_log_security: str | None = None
