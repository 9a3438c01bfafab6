"""`record`, `message`, `wait` and `lookup`: something is done, and the flow goes on when it is over."""

from collections.abc import Callable, Sequence
from typing import Any

from flows.attempts import AttemptResult
from flows.heard import Found, Message, Sent, Waited
from flows.prompts import Prompt
from flows.steps.base import Back, Next, Outcome, Stand, Waiting, given, named
from tropo import Action, Recognition, Transcription
from tropo import Message as MessageAction
from tropo import Record as RecordAction
from tropo import Say as SayAction
from tropo import TransferOnChoices as Choices
from tropo import Wait as WaitAction


class Record(Waiting):
    """A message the caller leaves: sound in a call, the next text on the text channel."""

    kind = "record"

    def __init__(self, handler: Callable[..., Next], prompt: Prompt, **options: Any) -> None:
        super().__init__(handler, prompt)
        self.most_seconds: float = options["most_seconds"]
        self.silence: float = options["silence"]
        self.beep: bool = options["beep"]
        self.transcribe: bool = options["transcribe"]

    def actions(self, stand: Stand) -> list[Action] | None:
        addresses = stand.flow.scene.addresses
        address = addresses.recording(self.name, stand.visit)
        if address is None:
            return None
        sought = addresses.transcription(self.name, stand.visit) if self.transcribe else None
        return [
            RecordAction(
                address,
                name=self.name,
                beep=self.beep,
                max_time=self.most_seconds,
                max_silence=self.silence,
                choices=Choices(terminator="#"),
                transcription=None if sought is None else Transcription(sought[1], id=sought[0]),
            )
        ]

    def read(self, back: Back) -> Outcome:
        heard = back.heard
        if heard.mode == "text":
            return Outcome(AttemptResult.RECORDED, Message(bool(heard.utterance), text=heard.utterance))
        if not heard.matched:
            return self.refused()
        return Outcome(AttemptResult.RECORDED, Message(True, (heard.duration or 0) / 1000, heard.url))

    def refused(self) -> Outcome:
        return Outcome(AttemptResult.NOT_RECORDED, Message(False))

    def options(self) -> dict[str, Any]:
        names = ("most_seconds", "silence", "beep", "transcribe")
        return {name: getattr(self, name) for name in names}


class Send(Waiting):
    """A text message that is sent during a call."""

    kind = "message"

    def __init__(self, handler: Callable[..., Next], text: Prompt, **options: Any) -> None:
        super().__init__(handler)
        self.text = text
        self.to: str | Callable[[Any], str] | None = options["to"]

    def actions(self, stand: Stand) -> list[Action] | None:
        to = given(self.to, stand.flow) or stand.flow.caller
        if not to or not stand.flow.scene.addresses.may_text(to):
            return None
        sender = stand.flow.scene.rules.caller_id or None
        say = SayAction(stand.flow.words(self.text, written=True))
        return [MessageAction(say, to=to, name=self.name, channel="TEXT", network="SMS", from_=sender)]

    def read(self, back: Back) -> Outcome:
        ok = back.complete and not back.failed
        return Outcome(AttemptResult.SENT if ok else AttemptResult.NOT_SENT, Sent(ok))

    def refused(self) -> Outcome:
        return Outcome(AttemptResult.NOT_SENT, Sent(False))

    def prompts(self) -> dict[str, Prompt]:
        return {"text": self.text}

    def options(self) -> dict[str, Any]:
        return {"to": named(self.to)}


class Wait(Waiting):
    """A pause, which a signal can end. On the text channel there is none."""

    kind = "wait"
    voice_only = True

    def __init__(self, handler: Callable[..., Next], seconds: float, **options: Any) -> None:
        super().__init__(handler, options["prompt"])
        self.seconds = seconds
        self.signals = options["signals"]
        self.on_text = ""

    def actions(self, stand: Stand) -> list[Action] | None:
        return [WaitAction(round(self.seconds * 1000), allow_signals=list(self.signals) or "")]

    def read(self, back: Back) -> Outcome:
        return Outcome(AttemptResult.WAITED, Waited(back.event if back.event in self.signals else ""))

    def refused(self) -> Outcome:
        return Outcome(AttemptResult.WAITED, Waited())

    def options(self) -> dict[str, Any]:
        return {"seconds": self.seconds, "signals": list(self.signals)}


class Lookup(Waiting):
    """A question to another system, while the caller hears that it takes a moment."""

    kind = "lookup"

    def __init__(self, handler: Callable[..., Next], function: Callable[[Any], Any], **options: Any) -> None:
        super().__init__(handler, options["prompt"])
        self.function = function
        self.timeout: float = options["timeout"]

    def actions(self, stand: Stand) -> list[Action] | None:
        return []

    def read(self, back: Back) -> Outcome:
        found = back.found or Found(available=False)
        result = AttemptResult.LOOKED_UP if found.available else AttemptResult.NOT_LOOKED_UP
        return Outcome(result, found)

    def refused(self) -> Outcome:
        return self.read(Back(Recognition()))

    def options(self) -> dict[str, Any]:
        return {"function": named(self.function), "timeout": self.timeout}


def record(
    prompt: Prompt,
    *,
    most_seconds: float = 120,
    silence: float = 4,
    beep: bool = True,
    transcribe: bool = False,
) -> Callable[[Callable[[Any, Message], Next]], Record]:
    """Takes a message; the method gets the `Message`. On the text channel it is the next text.

    Args:
        prompt: said before the tone.
        most_seconds: the longest message.
        silence: the seconds of silence that end it; the key # does so at once.
        beep: whether there is a tone.
        transcribe: have the platform write down what was said: it is added to the recording later.
    """
    return lambda handler: Record(
        handler, prompt, most_seconds=most_seconds, silence=silence, beep=beep, transcribe=transcribe
    )


def message(
    text: Prompt, *, to: str | Callable[[Any], str] | None = None
) -> Callable[[Callable[[Any, Sent], Next]], Send]:
    """Sends a text message during the conversation; the method gets `Sent`.

    Nothing is sent to a number that wants no texts.

    Args:
        text: what is written.
        to: the number it goes to, or a function of the flow that gives it; without it, the caller's.
    """
    return lambda handler: Send(handler, text, to=to)


def wait(
    seconds: float, prompt: Prompt | None = None, *, signals: Sequence[str] = ()
) -> Callable[[Callable[[Any, Waited], Next]], Wait]:
    """Waits; the method gets `Waited`, with the signal that ended it if one did.

    Args:
        seconds: how long.
        prompt: said before.
        signals: the names of signals that end the wait (`tropo.rest.signal` sends them).
    """
    return lambda handler: Wait(handler, seconds, prompt=prompt, signals=tuple(signals))


def lookup(
    function: Callable[[Any], Any], prompt: Prompt | None = None, *, timeout: float = 3
) -> Callable[[Callable[[Any, Found], Next]], Lookup]:
    """Asks another system; the method gets what was `Found`.

    The function gets the flow as it stands. It runs outside the turn's transaction, it may run more than
    once for one call, and what it changes in the flow is forgotten.

    Args:
        function: asks the other system, and returns what it found.
        prompt: said while the caller waits.
        timeout: the seconds after which what it finds is no longer waited for.
    """
    return lambda handler: Lookup(handler, function, prompt=prompt, timeout=timeout)
