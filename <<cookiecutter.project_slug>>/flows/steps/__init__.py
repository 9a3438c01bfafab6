"""Steps: what a flow asks, says or does, each above the method that takes what comes back."""

from flows.steps.asking import COMMANDS, Ask, ask
from flows.steps.base import Again, Back, Next, Outcome, Stand, Step, SubFlow, Waiting
from flows.steps.connecting import Conference, Transfer, conference, transfer
from flows.steps.doing import Lookup, Record, Send, Wait, lookup, message, record, wait
from flows.steps.speaking import HangUp, Reject, Say, hang_up, reject, say

__all__ = [
    "COMMANDS",
    "Again",
    "Ask",
    "Back",
    "Conference",
    "HangUp",
    "Lookup",
    "Next",
    "Outcome",
    "Record",
    "Reject",
    "Say",
    "Send",
    "Stand",
    "Step",
    "SubFlow",
    "Transfer",
    "Wait",
    "Waiting",
    "ask",
    "conference",
    "hang_up",
    "lookup",
    "message",
    "record",
    "reject",
    "say",
    "transfer",
    "wait",
]
