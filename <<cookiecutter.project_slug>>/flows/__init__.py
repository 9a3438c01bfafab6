"""The conversation, written as it is spoken: a flow is a class, a step is a decorated method.

class Reception(Flow):
    @ask("To book an appointment, press 1.", Options(appointment="1"), otherwise="front_desk")
    def start(self, answer: str) -> Next:
        return self.city
"""

from flows.dialling import dial
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
