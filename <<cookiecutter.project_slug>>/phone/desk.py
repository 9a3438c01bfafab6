"""The platform's REST side for tests, in process: it takes launches, and a caller's telephone then rings."""

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from pytest_django import Settings

from phone.events import Ended
from phone.rest import Asked, answer
from phone.sessions import Session, launch
from tropo.exchange import Patience, Reply


class Signalled(Protocol):
    """What takes signals: a handset."""

    @property
    def ended(self) -> Ended | None:
        """How the session ended; None while it is going on."""

    def signal(self, name: str) -> None:
        """Queue a signal."""


@dataclass
class Desk:
    """Takes what `tropo.rest` sends. `launched` are the sessions that wait for a caller, oldest first."""

    tokens: tuple[str, ...]
    launched: deque[Session] = field(default_factory=deque)
    lines: dict[str, Signalled] = field(default_factory=dict)

    def post_json(self, url: str, message: Mapping[str, str], patience: Patience) -> Reply:
        """Stands in for `tropo.exchange.post_json`: the request and its answer as they would travel."""
        body = json.dumps(message).encode()
        path = urlsplit(url).path
        asked = Asked("POST", path, kind="application/json", accept="application/json", body=body)
        replied = answer(asked, self)
        return Reply(replied.status, "", replied.body)

    def launch(self, parameters: Mapping[str, str]) -> str | None:
        """Start a session: it waits until a caller is called."""
        if parameters["token"] not in self.tokens:
            return None
        session = launch(parameters, uuid4().hex)
        self.launched.append(session)
        return session.id

    def signal(self, session_id: str, name: str) -> bool:
        """Put a signal into a session that goes on."""
        line = self.lines.get(session_id)
        if line is None or line.ended:
            return False
        line.signal(name)
        return True


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Desk:
    """Give a platform that launches what the application asks for, in process; the settings point to it."""
    settings.TROPO_API_URL = "https://platform.invalid"
    settings.TROPO_VOICE_TOKEN, settings.TROPO_MESSAGING_TOKEN = "for-voice", "for-texts"
    desk = Desk((settings.TROPO_VOICE_TOKEN, settings.TROPO_MESSAGING_TOKEN))
    monkeypatch.setattr("tropo.rest.post_json", desk.post_json)
    return desk
