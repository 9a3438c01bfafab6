"""The conversation, written as it is spoken: a flow is a class, a step is a decorated method.

class Reception(Flow):
    @ask("To book an appointment, press 1.", Options(appointment="1"), otherwise="front_desk")
    def start(self, answer: str) -> Next:
        return self.city
"""

from typing import TYPE_CHECKING, Any

from flows.flow import Flow
from flows.heard import Found, Leg, Message, Secret, Sent, Stay, Waited
from flows.hours import Hours
from flows.prompts import Audio
from flows.retries import Retries
from flows.steps import (
    Next,
    ask,
    conference,
    hang_up,
    lookup,
    message,
    record,
    reject,
    say,
    transfer,
    wait,
)

if TYPE_CHECKING:
    from flows.dialling import dial

__all__ = [
    "Audio",
    "Flow",
    "Found",
    "Hours",
    "Leg",
    "Message",
    "Next",
    "Retries",
    "Secret",
    "Sent",
    "Stay",
    "Waited",
    "ask",
    "conference",
    "dial",
    "hang_up",
    "lookup",
    "message",
    "record",
    "reject",
    "say",
    "transfer",
    "wait",
]


def __getattr__(name: str) -> Any:
    """`dial` writes a row, and this package is imported before Django knows its tables."""
    if name == "dial":
        from flows.dialling import dial

        return dial
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
