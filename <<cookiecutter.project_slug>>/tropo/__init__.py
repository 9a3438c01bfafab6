"""The Tropo WebAPI protocol: documents out, sessions and results in.

A platform POSTs a `Session` when a call begins and a `Result` for every document it has run;
the application answers each with a `Tropo` document. What was written for tropo-webapi-python
imports the same names from here.
"""

from tropo.documents import Tropo
from tropo.events import On, Transfer
from tropo.legs import (
    Answer,
    Call,
    Conference,
    GeneralLogSecurity,
    Hangup,
    JoinPrompt,
    LeavePrompt,
    MachineDetection,
    Message,
    Redirect,
    Reject,
    Wait,
)
from tropo.parts import Action
from tropo.recordings import Record, RecordUrlTuple, StartRecording, StopRecording, Transcription
from tropo.refusals import Reason, Refused
from tropo.results import Recognition, Result, TranscriptionResult
from tropo.sessions import Endpoint, InitialMedia, Session
from tropo.speech import Ask, Choices, Say, TransferOnChoices

__all__ = [
    "Action",
    "Answer",
    "Ask",
    "Call",
    "Choices",
    "Conference",
    "Endpoint",
    "GeneralLogSecurity",
    "Hangup",
    "InitialMedia",
    "JoinPrompt",
    "LeavePrompt",
    "MachineDetection",
    "Message",
    "On",
    "Reason",
    "Recognition",
    "Record",
    "RecordUrlTuple",
    "Redirect",
    "Refused",
    "Reject",
    "Result",
    "Say",
    "Session",
    "StartRecording",
    "StopRecording",
    "Transcription",
    "TranscriptionResult",
    "Transfer",
    "TransferOnChoices",
    "Tropo",
    "Wait",
]
