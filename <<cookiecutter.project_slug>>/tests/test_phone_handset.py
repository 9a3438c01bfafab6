"""What a handset sends for its line besides the documents: recordings, grammar files, notices."""

import io
import json
import wave
from collections.abc import Mapping

import pytest

from phone.actions import Silence, Words
from phone.errors import LineDeadError
from phone.events import Event, Reply
from phone.handset import Handset, new_session
from phone.transports import Transport
from phone.wire import Request

GRXML = b"""<?xml version="1.0"?>
<grammar xmlns="http://www.w3.org/2001/06/grammar" version="1.0" root="city" mode="voice">
  <rule id="city" scope="public"><one-of><item>chicago</item><item>paris</item></one-of></rule>
</grammar>"""
ON = [{"on": {"event": event, "next": f"?{event}"}} for event in ("continue", "error", "hangup")]
FILE = "http://files.example.com/city.grxml"
ASK = {"ask": {"say": {"value": "Which city?"}, "choices": {"value": FILE}}}
RECORD = {"record": {"say": {"value": "Speak."}, "url": "http://storage.example.com/in"}}


class Network(Transport):
    """The application answers with this step first; elsewhere there are a file and a storage, or nothing."""

    def __init__(self, step: Mapping[str, object], *, reachable: bool = True) -> None:
        super().__init__("http://testserver", "t0ken")
        self.step, self.reachable = step, reachable
        self.requests: list[Request] = []

    def is_ours(self, url: str) -> bool:
        return url.startswith(self.base)

    def send(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.is_ours(request.url):
            first = "platform=phone" in request.url
            return Reply(200, json.dumps({"tropo": [self.step, *ON] if first else []}).encode())
        if not self.reachable:
            raise LineDeadError("nobody there")
        return Reply(200, GRXML)

    @property
    def elsewhere(self) -> list[Request]:
        return [request for request in self.requests if not self.is_ours(request.url)]

    @property
    def result(self) -> dict[str, object]:
        """The first result that was posted."""
        results = [json.loads(request.body) for request in self.requests if b'"result"' in request.body[:12]]
        found: dict[str, object] = results[0]["result"]
        return found


def dial(network: Network) -> tuple[Handset, list[str]]:
    events: list[str] = []

    def observe(event: Event) -> None:
        events.append(event.text)

    handset = Handset(network, new_session(), observe)
    handset.listen()
    return handset, events


def test_a_grammar_file_is_fetched_and_heard_by() -> None:
    network = Network(ASK)
    handset, _ = dial(network)
    handset.act(Words("chicago"))
    (fetched,) = network.elsewhere
    assert (fetched.method, fetched.url, fetched.body) == ("GET", FILE, b"")
    assert "Authorization" not in fetched.headers
    assert network.result["complete"] is True


def test_a_grammar_file_that_is_not_there_is_an_error_of_the_document() -> None:
    network = Network(ASK, reachable=False)
    dial(network)
    assert network.result["error"]


@pytest.mark.parametrize(("reachable", "status"), [(True, "success"), (False, "failed")])
def test_a_recording_is_uploaded_without_the_token(reachable: bool, status: str) -> None:
    network = Network(RECORD, reachable=reachable)
    handset, _ = dial(network)
    handset.act(Words("This is my message."))
    handset.act(Silence())
    (upload,) = network.elsewhere
    assert (upload.method, upload.url) == ("POST", "http://storage.example.com/in")
    assert "Authorization" not in upload.headers
    assert upload.headers["Connection"] == "close"
    assert b'name="filename"; filename="' in upload.body
    sound = upload.body[upload.body.index(b"RIFF") :]
    with wave.open(io.BytesIO(sound)) as file:
        assert file.getframerate() == 8000
    assert network.result["actions"]["uploadStatus"] == status  # type: ignore[index]  # an object


@pytest.mark.parametrize("reachable", [True, False])
def test_a_notice_goes_to_strangers_without_the_token_and_may_be_lost(reachable: bool) -> None:
    note = {"url": "http://notes.example.com/words", "id": "7"}
    network = Network({"record": {**RECORD["record"], "transcription": note}}, reachable=reachable)
    handset, _ = dial(network)
    handset.act(Words("This is my message."))
    handset.listen()
    (notice,) = [request for request in network.elsewhere if "notes" in request.url]
    assert notice.headers == {"Content-Type": "application/json"}
    assert json.loads(notice.body)["result"]["identifier"] == "7"
    assert handset.ended
