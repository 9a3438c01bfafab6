"""`transfer` and `conference`: the caller talks to somebody else, and comes back."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from flows.attempts import AttemptResult
from flows.heard import Leg, Stay
from flows.prompts import Prompt
from flows.steps.base import Back, Next, Outcome, Stand, Waiting, given, named
from tropo import Action
from tropo import Conference as ConferenceAction
from tropo import Transfer as TransferAction
from tropo import TransferOnChoices as Choices

Number: TypeAlias = "str | Sequence[str] | Callable[[Any], str | Sequence[str]]"
"""A number in E.164 or a SIP address, several that ring together, or a function of the flow."""


class Transfer(Waiting):
    """The caller is connected with a number, and comes back when that call is over."""

    kind = "transfer"
    voice_only = True

    def __init__(self, handler: Callable[..., Next], to: Number, **options: Any) -> None:
        super().__init__(handler, options["prompt"])
        self.to = to
        self.timeout: float = options["timeout"]
        self.terminator: str | None = options["terminator"]
        self.on_text = options["on_text"]

    def actions(self, stand: Stand) -> list[Action] | None:
        to = given(self.to, stand.flow)
        choices = Choices(terminator=self.terminator) if self.terminator else None
        return [TransferAction(to, name=self.name, timeout=self.timeout, choices=choices)]

    def read(self, back: Back) -> Outcome:
        leg = Leg(back.heard.disposition.lower() or "failed", back.heard.connected_seconds or 0)
        result = AttemptResult.TRANSFERRED if leg.connected else AttemptResult.NOT_TRANSFERRED
        return Outcome(result, leg, leg.outcome)

    def refused(self) -> Outcome:
        return Outcome(AttemptResult.NOT_TRANSFERRED, Leg("voice only"), "voice only")

    def options(self) -> dict[str, Any]:
        to = named(self.to)
        listed = to if isinstance(to, str) else list(to)
        return {"to": listed, "timeout": self.timeout, "terminator": self.terminator}


class Conference(Waiting):
    """The caller joins a conference, until they leave it or it is over."""

    kind = "conference"
    voice_only = True

    def __init__(
        self, handler: Callable[..., Next], room: str | Callable[[Any], str], **options: Any
    ) -> None:
        super().__init__(handler, options["prompt"])
        self.room = room
        self.mute: bool = options["mute"]
        self.terminator: str = options["terminator"]
        self.signals = options["signals"]
        self.on_text = options["on_text"]

    def actions(self, stand: Stand) -> list[Action] | None:
        return [
            ConferenceAction(
                given(self.room, stand.flow),
                name=self.name,
                mute=self.mute,
                terminator=self.terminator,
                allow_signals=list(self.signals) or "",
            )
        ]

    def read(self, back: Back) -> Outcome:
        # A signal may come while the prompt before it is still said.
        cut = "external_event" if back.event in self.signals else "failed"
        outcome = back.heard.disposition.lower() or cut
        return Outcome(AttemptResult.CONFERRED, Stay(outcome, back.heard.duration or 0), outcome)

    def refused(self) -> Outcome:
        return Outcome(AttemptResult.CONFERRED, Stay("voice only"), "voice only")

    def options(self) -> dict[str, Any]:
        return {
            "room": named(self.room),
            "mute": self.mute,
            "terminator": self.terminator,
            "signals": list(self.signals),
        }


def transfer(
    to: Number,
    prompt: Prompt | None = None,
    *,
    timeout: float = 30,
    terminator: str | None = None,
    on_text: Prompt | None = None,
) -> Callable[[Callable[[Any, Leg], Next]], Transfer]:
    """Connects the caller with a number; the method gets the `Leg` when that call is over.

    Args:
        to: the number, several that ring together, or a function of the flow that gives them.
        prompt: said before it rings.
        timeout: how long it rings, in seconds.
        terminator: the key with which the caller comes back.
        on_text: sent on the text channel, where nobody can be connected: the leg's outcome is `voice only`.
    """
    return lambda handler: Transfer(
        handler, to, prompt=prompt, timeout=timeout, terminator=terminator, on_text=on_text
    )


def conference(
    room: str | Callable[[Any], str],
    prompt: Prompt | None = None,
    *,
    mute: bool = False,
    terminator: str = "#",
    signals: Sequence[str] = (),
    on_text: Prompt | None = None,
) -> Callable[[Callable[[Any, Stay], Next]], Conference]:
    """Joins a conference; the method gets the `Stay` when the caller has left it.

    Args:
        room: the name of the conference, or a function of the flow that gives it.
        prompt: said before.
        mute: the caller only listens.
        terminator: the key with which the caller leaves.
        signals: the names of signals that end the stay.
        on_text: sent on the text channel, where there is no conference.
    """
    return lambda handler: Conference(
        handler,
        room,
        prompt=prompt,
        mute=mute,
        terminator=terminator,
        signals=tuple(signals),
        on_text=on_text,
    )
