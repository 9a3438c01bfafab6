"""The door over HTTP: who gets in, who does not, and what a refusal costs."""

import base64
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from calls.models import Call, Event, Run, Turn
from tests.webhook import keyed, next_of, post, result, session
from tropo import Reason
from tropo.reader import MAX_BYTES
from tropo.signals import refused

pytestmark = pytest.mark.django_db


class Unread(io.RawIOBase):
    """A body whose connection is gone: reading it fails."""

    def read(self, size: int = -1) -> bytes:
        raise OSError("the connection is gone")


@pytest.fixture
def refusals() -> Iterator[list[tuple[Reason, str]]]:
    """What the signal says during the test: the reason and the address of each refusal."""
    found: list[tuple[Reason, str]] = []

    def note(sender: object, reason: Reason, address: str, **kwargs: object) -> None:
        found.append((reason, address))

    refused.connect(note)
    yield found
    refused.disconnect(note)


def basic(password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"tropo:{password}".encode()).decode()}


@pytest.mark.parametrize("path", ["/tropo/", "/tropo"])
def test_the_token_as_basic_password_lets_in_with_and_without_the_last_slash(path: str) -> None:
    assert post(session(), path).status_code == 200


@pytest.mark.parametrize("path", ["/tropo/{}/", "/tropo/{}"])
def test_the_token_in_the_path_lets_in(path: str) -> None:
    address = path.format(settings.WEBHOOK_TOKENS[0])
    response = Client().post(address, session(), content_type="application/json")
    assert response.status_code == 200
    assert settings.WEBHOOK_TOKENS[0] not in response.content.decode()


def test_every_live_token_lets_in(settings: Settings) -> None:
    settings.WEBHOOK_TOKENS = ["n" * 43, "o" * 43]
    assert [post(session(), **basic(letter * 43)).status_code for letter in "nox"] == [200, 200, 401]


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/tropo/", {}, 401),
        ("/tropo/", basic(""), 401),
        ("/tropo/", basic("wrong"), 401),
        ("/tropo/", {"authorization": "Basic"}, 401),
        ("/tropo/", {"authorization": "Basic " + base64.b64encode(b"no colon").decode()}, 401),
        ("/tropo/", {"authorization": "Basic " + base64.b64encode(b"tropo:\xff").decode()}, 401),
        ("/tropo/", basic("pässword"), 401),
        ("/tropo/", {"authorization": "Basic %%%"}, 401),
        ("/tropo/", {"authorization": "Bearer abc"}, 401),
        ("/tropo/wrong/", {}, 404),
        ("/tropo/w%C3%B6rong/", {}, 404),
        ("/tropo/%00/", {}, 404),
        ("/tropo/wrong/", basic(settings.WEBHOOK_TOKENS[0]), 404),
    ],
)
def test_a_bad_token_costs_no_query_and_is_no_reason_to_read_the_body(
    address: str,
    headers: dict[str, str],
    status: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    refusals: list[tuple[Reason, str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    wire: dict[str, Any] = {"CONTENT_LENGTH": "60000", "wsgi.input": Unread()}
    with django_assert_num_queries(0):
        response = Client(headers=headers).generic("POST", address, **wire)
    assert response.status_code == status
    assert [record.getMessage() for record in caplog.records] == [
        "refused a POST (token): Authorization: the webhook token is missing or wrong"
    ]
    assert refusals == [(Reason.TOKEN, "/tropo/" if status == 401 else "/tropo/<str:token>/")]


def in_session(fields: bytes) -> bytes:
    return b'{"session": {"id": "a", ' + fields + b"}}"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.LENGTH),
        (b" " * (MAX_BYTES + 1), Reason.SIZE),
        (b" " * MAX_BYTES, Reason.JSON),
        (b"not json", Reason.JSON),
        (b'{"session": {"id": "a"}', Reason.JSON),
        (b'{"session": {"id": "a"}} {}', Reason.JSON),
        (b"session=a", Reason.JSON),
        (in_session(b'"x": NaN'), Reason.JSON),
        (in_session(b'"x": -Infinity'), Reason.JSON),
        (in_session(b'"x": 1e400'), Reason.JSON),
        (in_session(b'"x": ' + b"1" * 4301), Reason.JSON),
        (in_session(b'"x": -' + b"1" * 19), Reason.JSON),
        (in_session(b'"id": "b"'), Reason.JSON),
        (in_session(b'"x": {"y": 1, "y": 1}'), Reason.JSON),
        (in_session(b'"x": "a\nb"'), Reason.JSON),
        (in_session(b'"x": "\\ud8"'), Reason.JSON),
        (in_session(b'"x": "\x00"'), Reason.ENCODING),
        (json.dumps(session()).encode("utf-16"), Reason.ENCODING),
        (json.dumps(session()).encode("utf-16-le"), Reason.ENCODING),
        (json.dumps(session()).encode("utf-32-be"), Reason.ENCODING),
        (b"[" * 30_000, Reason.DEPTH),
        (b'{"a":' * 10_000, Reason.DEPTH),
        (in_session(b'"x": ' + b"[" * 23 + b"]" * 23), Reason.DEPTH),
        (b"[]", Reason.SHAPE),
        (b"null", Reason.SHAPE),
        (b"7", Reason.SHAPE),
        (b'"session"', Reason.SHAPE),
        (b"{}", Reason.SHAPE),
        (b'{"tropo": []}', Reason.SHAPE),
        (b'{"session": []}', Reason.SHAPE),
        (b'{"session": null, "result": null}', Reason.SHAPE),
        (b'{"session": {"id": "a"}, "result": {"sessionId": "a"}}', Reason.SHAPE),
        (b'{"session": {}}', Reason.IDENTIFIER),
        (b'{"session": {"id": 7}}', Reason.IDENTIFIER),
        (b'{"session": {"id": ""}}', Reason.IDENTIFIER),
        (b'{"session": {"id": "a b"}}', Reason.IDENTIFIER),
        (b'{"session": {"id": "a\\n"}}', Reason.IDENTIFIER),
        (b'{"session": {"id": "' + b"a" * 65 + b'"}}', Reason.IDENTIFIER),
        (b'{"session": {"id": "a\\u0000"}}', Reason.IDENTIFIER),
        (b'{"session": {"id": "a\\ud800"}}', Reason.IDENTIFIER),
        (b'{"session": {"id": "\xc3\xa4"}}', Reason.IDENTIFIER),
        (b'{"result": {"sessionId": null}}', Reason.IDENTIFIER),
        (b'{"result": {"transcription": null}}', Reason.IDENTIFIER),
    ],
)
def test_a_body_that_cannot_be_read_safely_gets_4xx_and_writes_nothing(
    body: bytes, reason: Reason, refusals: list[tuple[Reason, str]], caplog: pytest.LogCaptureFixture
) -> None:
    response = post(body, "/tropo/")
    assert response.status_code == reason.status
    assert refusals == [(reason, "/tropo/")]
    (line,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert line == f"refused a POST ({reason}): {response.content.decode().strip()}"
    assert not Call.objects.exists()
    assert not Run.objects.exists()
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", in_session(b'"x": ' + b"[" * 22 + b"]" * 22)),
        ("application/json", in_session(b'"x": ' + b"9" * 19)),
        ("application/json", b"\xef\xbb\xbf" + in_session(b'"initialText": "Z\xc3\xbcrich"')),
        ("application/json; charset=iso-8859-1", in_session(b'"initialText": "Z\xfcrich"')),
        # A surrogate written as bytes is no UTF-8, and is read as the Latin-1 that it also is.
        ("application/json", in_session(b'"initialText": "\xed\xa0\x80"')),
        ("text/plain", in_session(b'"unknown": [{}]')),
        ("application/x-www-form-urlencoded", in_session(b'"to": "x", "from": [], "parameters": 7')),
        ("multipart/form-data; boundary=x", in_session(b'"headers": 1.5, "initialMedia": {"media": 7}')),
        ("", in_session(b'"userType": true, "callId": {}, "initialText": null')),
    ],
)
def test_a_body_that_is_only_odd_is_let_in(content_type: str, body: bytes) -> None:
    client = Client(headers=basic(settings.WEBHOOK_TOKENS[0]))
    assert client.generic("POST", "/tropo/", body, content_type).status_code == 200
    assert Call.objects.get().session_id == "a"


def test_what_no_database_stores_is_repaired_in_what_is_kept() -> None:
    odd = {"a\0b": "c\ud800", "emoji": "\U0001f600", "long": "x" * 5000}
    assert post(session(parameters=odd)).status_code == 200
    kept = Call.objects.get().parameters
    assert kept == {"a\ufffdb": "c\ufffd", "emoji": "\U0001f600", "long": "x" * 1000}


@pytest.mark.parametrize("words", ["a\0b\ud800", "", "   ", "x" * 5000, "\U0001f600", "\x1b[31m\u202e"])
def test_whatever_a_caller_says_is_kept_as_far_as_it_can_be(words: str) -> None:
    asked = post(session())
    action = keyed("start", words) | {"connectedDuration": 10**18, "confidence": 10**6}
    assert post(result(action), next_of(asked)).status_code == 200
    assert Turn.objects.get().utterance == words.replace("\0", "\ufffd").replace("\ud800", "\ufffd")[:1000]


def test_a_transcription_is_accepted_and_changes_nothing() -> None:
    response = post({"result": {"transcription": "call back", "guid": "7d0b", "identifier": None}})
    assert (response.status_code, response.content) == (200, b'{"tropo":[]}')
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("", 400),
        ("-1", 400),
        ("1e3", 400),
        ("+7", 400),
        ("1 000", 400),
        ("\u0667", 400),
        ("999", 400),
        ("10000000000", 413),
        ("9" * 5000, 413),
    ],
)
def test_a_length_that_is_not_that_of_the_body_is_refused(
    length: str, status: int, refusals: list[tuple[Reason, str]]
) -> None:
    body = json.dumps(session()).encode()
    wire: dict[str, Any] = {"CONTENT_LENGTH": length, "wsgi.input": io.BytesIO(body)}
    client = Client(headers=basic(settings.WEBHOOK_TOKENS[0]))
    response = client.generic("POST", "/tropo/", content_type="application/json", **wire)
    assert response.status_code == status
    assert [reason for reason, _ in refusals] == [Reason.SIZE if status == 413 else Reason.LENGTH]


def test_a_body_that_comes_in_chunks_has_no_length_and_is_refused() -> None:
    """Django would read it as empty: a proxy in front turns it into a length."""
    wire: dict[str, Any] = {"wsgi.input": io.BytesIO(b"7\r\nchunked"), "HTTP_TRANSFER_ENCODING": "chunked"}
    response = Client(headers=basic(settings.WEBHOOK_TOKENS[0])).generic("POST", "/tropo/", **wire)
    assert response.status_code == 400
    assert response.content == b"Content-Length: must be there, as a whole number\n"


def test_a_connection_that_breaks_is_refused() -> None:
    wire: dict[str, Any] = {"CONTENT_LENGTH": "60", "wsgi.input": Unread()}
    response = Client(headers=basic(settings.WEBHOOK_TOKENS[0])).generic("POST", "/tropo/", **wire)
    assert response.status_code == 400
    assert response.content == b"body: the connection broke before the body was whole\n"


def test_djangos_own_limit_is_named_when_it_is_the_lower_one(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    response = post(session())
    assert response.status_code == 413
    assert response.content == b"Content-Length: must be at most DATA_UPLOAD_MAX_MEMORY_SIZE\n"


@pytest.mark.parametrize("method", ["get", "put", "delete", "head", "options", "patch", "trace"])
def test_only_post_is_allowed(method: str) -> None:
    response = getattr(Client(headers=basic(settings.WEBHOOK_TOKENS[0])), method)("/tropo/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


def test_plain_http_is_refused_not_redirected_when_https_is_required(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert post(session()).status_code == 403
    secure = Client(headers=basic(settings.WEBHOOK_TOKENS[0]))
    assert secure.post("/tropo/", session(), content_type="application/json", secure=True).status_code == 200


@pytest.mark.parametrize("method", ["get", "trace", "delete"])
def test_the_token_comes_before_the_method(method: str) -> None:
    assert getattr(Client(), method)("/tropo/").status_code == 401


def test_another_host_is_refused_and_none_is_ever_repeated() -> None:
    assert post(session(), host="evil.example").status_code == 400
    assert not Call.objects.exists()
    response = post(session(), x_forwarded_host="evil.example")
    assert response.status_code == 200
    assert b"evil" not in response.content
    assert b"testserver" not in response.content


@pytest.mark.parametrize(
    "path", ["/tropo/{}/", "/tropo/{}", "/tropo/{}/more", "/tropo/{}%0a/", "/tropo/?token={}"]
)
def test_no_token_and_no_word_reaches_a_log(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a live token nor a long one that was mistyped; Django's own lines go the same way."""
    handler = next(
        handler
        for handler in logging.getLogger().handlers
        if isinstance(handler, logging.StreamHandler) and handler.filters
    )
    output = io.StringIO()
    monkeypatch.setattr(handler, "stream", output)
    for token in (settings.WEBHOOK_TOKENS[0], settings.WEBHOOK_TOKENS[0][:16]):
        Client().post(path.format(token), b"caller's words", content_type="application/json")
    lines = output.getvalue().splitlines()
    assert len(lines) == 2
    assert [line for line in lines if settings.WEBHOOK_TOKENS[0][:16] in line or "words" in line] == []


def test_a_listener_that_fails_does_not_change_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    def fail(sender: object, **kwargs: object) -> None:
        raise RuntimeError("no")

    refused.connect(fail)
    try:
        assert post(b"not json").status_code == 400
    finally:
        refused.disconnect(fail)
    assert "RuntimeError" in caplog.text
