"""Sessions and results: those that platforms have sent, and one of each with every field that it may have."""

import json
from pathlib import Path
from typing import Any

from tropo import Recognition, Result, Session
from tropo.reader import Post, read

# Captured from the platform or printed in its documentation, 2010 to 2017; numbers are replaced.
PAYLOADS = Path(__file__).parent / "payloads"
SESSIONS: dict[str, Any] = json.loads((PAYLOADS / "sessions.json").read_bytes())
RESULTS: dict[str, Any] = json.loads((PAYLOADS / "results.json").read_bytes())

END: dict[str, Any] = {
    "id": "4075550142",
    "e164Id": "14075550142",
    "name": "caller",
    "channel": "VOICE",
    "network": "SIP",
}
MEDIA: dict[str, Any] = {
    "status": "failure",
    "media": "2.jpg",
    "text": "look",
    "disposition": "Failed to upload",
}
SESSION: dict[str, Any] = {
    "id": "cdfc037a569baf929161e92335ebf5e1",
    "accountId": "33932",
    "applicationId": "5048353",
    "timestamp": "2017-06-08T03:40:19.283Z",
    "userType": "HUMAN",
    "initialText": "hello",
    "callId": "c11617f3737dc78db86d95b5449200d6",
    "to": END,
    "from": END,
    "headers": {"x-sid": "1bfdb22333b4d9dc6a885df9be088d6f"},
    "parameters": {"action": "create"},
    "subject": "photographs",
    "initialMedia": [MEDIA],
}
ACTION: dict[str, Any] = {
    "name": "zip",
    "attempts": 2,
    "disposition": "SUCCESS",
    "confidence": 53,
    "interpretation": "94070",
    "utterance": "nine four zero seven zero",
    "concept": "zip code",
    "value": "94070",
    "xml": '<result><interpretation><input mode="speech">nine four</input></interpretation></result>',
    "duration": 6500,
    "connectedDuration": 145,
    "url": "https://example.com/recordings",
    "uploadStatus": "success",
    "timestamp": "2017-06-08T03:40:19.283Z",
    "calledid": "4075550100",
    "userType": "MACHINE",
}
RESULT: dict[str, Any] = {
    "sessionId": "cdfc037a569baf929161e92335ebf5e1",
    "callId": "c11617f3737dc78db86d95b5449200d6",
    "state": "ANSWERED",
    "callState": "ANSWERED",
    "sessionDuration": 36,
    "sequence": 1,
    "complete": True,
    "error": "bad grammar",
    "calledid": "4075550100",
    "userType": "HUMAN",
    "actions": ACTION,
}
TRANSCRIPTION: dict[str, Any] = {
    "transcription": "please call back",
    "guid": "7d0b3c1e",
    "identifier": "message-12",
}


def read_dict(kind: str, source: object) -> Post:
    return read(json.dumps({kind: source}).encode())


def read_session(source: object) -> Session:
    message = read_dict("session", source)
    assert isinstance(message, Session)
    return message


def read_result(source: object) -> Result:
    message = read_dict("result", source)
    assert isinstance(message, Result)
    return message


def read_action(**source: object) -> Recognition:
    (action,) = read_result({"sessionId": "a", "actions": source}).actions
    return action
