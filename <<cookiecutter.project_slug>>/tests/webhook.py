"""What the tests POST to the webhook: sessions and results as a platform writes them."""

import json
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from flows.languages import language
from phone.wire import authorization

APOLOGY = language("en-us").prompts["apology"]
ADDRESS = "/tropo/?flow=booking"
SESSION_ID = "cdfc037a569baf929161e92335ebf5e1"


def post(body: object, address: str = ADDRESS, **headers: str) -> Any:
    """POSTs a message, or bytes as they are, with the webhook token."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    known = {"authorization": authorization(settings.WEBHOOK_TOKENS[0])}
    return Client(headers=known | headers).post(address, content, content_type="application/json")


def session(session_id: str = SESSION_ID, **fields: Any) -> dict[str, Any]:
    ends: dict[str, Any] = {
        "from": {"id": "4075550142", "channel": "VOICE", "network": "SIP"},
        "to": {"id": "4075550100", "channel": "VOICE", "network": "SIP"},
    }
    return {"session": {"id": session_id, "userType": "HUMAN", "initialText": None} | ends | fields}


def result(
    action: dict[str, Any] | None = None, session_id: str = SESSION_ID, **fields: Any
) -> dict[str, Any]:
    known = {"sessionId": session_id, "state": "ANSWERED", "sequence": 1, "complete": True, "error": None}
    return {"result": known | ({"actions": action} if action else {}) | fields}


def keyed(step: str, keys: str, **fields: Any) -> dict[str, Any]:
    """The action of a question that was answered on the keypad."""
    words = {"interpretation": keys, "utterance": keys, "value": keys, "confidence": 100}
    return {"name": step, "attempts": 1, "disposition": "SUCCESS"} | words | fields


def next_of(response: HttpResponse, event: str = "continue") -> str:
    """Where that document wants the result of an event."""
    handlers = [step["on"] for step in json.loads(response.content)["tropo"] if "on" in step]
    return urljoin(ADDRESS, str(next(handler["next"] for handler in handlers if handler["event"] == event)))
