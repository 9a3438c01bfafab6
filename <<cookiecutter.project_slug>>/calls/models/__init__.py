"""The tables: what happened (`record`), who answers (`lines`), calls to be made (`outbound`), messages."""

from calls.models.lines import Channel, Line
from calls.models.outbound import Dial, OptOut
from calls.models.record import Call, Event, FlowVersion, Refusal, Run, Turn
from calls.models.recordings import Recording

__all__ = [
    "Call",
    "Channel",
    "Dial",
    "Event",
    "FlowVersion",
    "Line",
    "OptOut",
    "Recording",
    "Refusal",
    "Run",
    "Turn",
]
