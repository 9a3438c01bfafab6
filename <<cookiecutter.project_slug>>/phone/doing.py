"""What everything on a line is made of: doings that take their time, and the ways in which one breaks off."""

from collections.abc import Callable, Generator
from typing import TypeAlias, TypeVar

from phone.actions import Action, Keys, Words
from phone.events import FarEnd, Fetch, Moment, Post, Reply
from phone.wav import Upload

_T = TypeVar("_T")
Doing: TypeAlias = Generator[Post | Fetch | Upload | Moment, Reply | Action, _T]
"""Something that takes its time: it yields what it needs and is sent the answer."""

FarEnds: TypeAlias = Callable[[str], FarEnd]
"""Who is at a number."""

Hears: TypeAlias = Callable[[Keys | Words], bool]
"""Whether somebody listens for this."""


class GoneError(Exception):
    """The leg went while a step ran; `Leg.gone_by` says by whom."""


class SignalError(Exception):
    """A signal interrupted a step."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class TroubleError(Exception):
    """A step could not be run at all: the `error` event, with this text."""
