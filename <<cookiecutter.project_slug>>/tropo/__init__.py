"""The Tropo WebAPI protocol: documents out, sessions and results in.

A platform POSTs a `Session` when a call begins and a `Result` for every document it has run;
the application answers each with a `Tropo` document.
"""

from tropo.documents import Action, Ask, Choices, Hangup, On, Say, Transfer, Tropo
from tropo.refusals import Reason, Refused
from tropo.results import Recognition, Result, Transcription
from tropo.sessions import Endpoint, InitialMedia, Session

__all__ = [
    "Action",
    "Ask",
    "Choices",
    "Endpoint",
    "Hangup",
    "InitialMedia",
    "On",
    "Reason",
    "Recognition",
    "Refused",
    "Result",
    "Say",
    "Session",
    "Transcription",
    "Transfer",
    "Tropo",
]
