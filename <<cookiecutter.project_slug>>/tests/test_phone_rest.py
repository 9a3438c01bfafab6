"""Launches and signals as bytes: the rows of the Session and Signal API, their replies, refusals."""

import json
from collections.abc import Mapping

import pytest

from phone.rest import Asked, answer

ID = "cdfc037a569baf929161e92335ebf5e1"
JSON = {"kind": "application/json", "accept": "application/json"}
FORM = {"kind": "application/x-www-form-urlencoded"}
XML = {"kind": "text/xml; charset=utf-8"}


class Desk:
    """Knows the token T and one session."""

    def __init__(self) -> None:
        self.launched: list[dict[str, str]] = []
        self.signals: list[tuple[str, str]] = []

    def launch(self, parameters: Mapping[str, str]) -> str | None:
        self.launched.append(dict(parameters))
        return ID if parameters["token"] == "T" else None

    def signal(self, session_id: str, name: str) -> bool:
        self.signals.append((session_id, name))
        return session_id == ID


LAUNCHES: list[tuple[Asked, bytes, dict[str, str]]] = [
    (
        Asked("GET", "/1.0/sessions", "action=create&token=T&to=%2B1555&who=a+b"),
        f"<session><success>true</success><token>T</token><id>{ID}</id></session>".encode(),
        {"token": "T", "to": "+1555", "who": "a b"},
    ),
    (
        Asked("POST", "/1.0/sessions", **JSON, body=b'{"token": "T", "n": 1, "yes": true, "to": "x"}'),
        f'{{"success": true, "token": "T", "id": "{ID}"}}'.encode(),
        {"token": "T", "n": "1", "yes": "true", "to": "x"},
    ),
    (
        Asked(
            "POST",
            "/1.0/sessions/",
            **XML,
            body=b'<session><token>T</token><var name="to" value="&amp;1"></var><var name="n"/></session>',
        ),
        f"<session><success>true</success><token>T</token><id>{ID}</id></session>".encode(),
        {"token": "T", "to": "&1", "n": ""},
    ),
    (
        Asked("POST", "/1.0/sessions", "action=create", **FORM, body=b"token=T&name=value"),
        f"success=true&token=T&id={ID}".encode(),
        {"token": "T", "name": "value", "format": "form"},
    ),
]


@pytest.mark.parametrize(("asked", "reply", "parameters"), LAUNCHES)
def test_the_four_forms_of_a_launch(asked: Asked, reply: bytes, parameters: dict[str, str]) -> None:
    desk = Desk()
    found = answer(asked, desk)
    assert (found.status, found.body) == (200, reply)
    assert desk.launched == [parameters]


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        (
            Asked("GET", "/1.0/sessions", "action=create&token=no"),
            b"<session><success>false</success><error>",
        ),
        (Asked("POST", "/1.0/sessions", **JSON, body=b'{"token": "no"}'), b'{"success": false, "error": "'),
        (Asked("POST", "/1.0/sessions", **FORM, body=b"token=no"), b"success=false&error="),
    ],
)
def test_a_wrong_token_is_no_success(asked: Asked, reply: bytes) -> None:
    found = answer(asked, Desk())
    assert found.status == 200
    assert found.body.startswith(reply)


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        (
            Asked("GET", f"/1.0/sessions/{ID}/signals", "action=signal&value=go"),
            b"<signal><status>QUEUED</status></signal>",
        ),
        (
            Asked("POST", f"/1.0/sessions/{ID}/signals", **JSON, body=b'{"value": "go"}'),
            b'{"status": "QUEUED"}',
        ),
        (
            Asked("POST", f"/1.0/sessions/{ID}/signals", **XML, body=b"<signal><value>go</value></signal>"),
            b"<signal><status>QUEUED</status></signal>",
        ),
        (Asked("POST", f"/1.0/sessions/{ID}/signals", **FORM, body=b"value=go"), b"status=QUEUED"),
    ],
)
def test_the_four_forms_of_a_signal(asked: Asked, reply: bytes) -> None:
    desk = Desk()
    found = answer(asked, desk)
    assert (found.status, found.body) == (200, reply)
    assert desk.signals == [(ID, "go")]


def test_a_signal_for_a_session_that_is_not_there() -> None:
    found = answer(Asked("POST", "/1.0/sessions/abc/signals", **JSON, body=b'{"value": "go"}'), Desk())
    assert (found.status, json.loads(found.body)) == (404, {"status": "NOTFOUND"})


@pytest.mark.parametrize(
    ("status", "asked", "problem"),
    [
        (404, Asked("GET", "/1.0/other"), b"there are only"),
        (404, Asked("GET", "/1.0/sessions/../x/signals"), b"there are only"),
        (405, Asked("DELETE", "/1.0/sessions"), b"GET or POST"),
        (400, Asked("GET", "/1.0/sessions", "token=T"), b"action=create"),
        (400, Asked("GET", f"/1.0/sessions/{ID}/signals", "action=create&value=a"), b"action=signal"),
        (400, Asked("GET", "/1.0/sessions", "action=create"), b"`token` is missing"),
        (400, Asked("POST", "/1.0/sessions", **JSON, body=b"{"), b"is not the application/json"),
        (400, Asked("POST", "/1.0/sessions", **JSON, body=b"[" * 60_000), b"is not the application/json"),
        (400, Asked("POST", "/1.0/sessions", **JSON, body=b"[]"), b"must be an object"),
        (400, Asked("POST", "/1.0/sessions", **XML, body=b"<session>"), b"is not the text/xml"),
        (400, Asked("POST", "/1.0/sessions", **XML, body=b"<!DOCTYPE a><a/>"), b"declarations and comments"),
        (400, Asked("POST", "/1.0/sessions", **FORM, body=b"\xff"), b"is+not+the"),
        (400, Asked("POST", "/1.0/sessions", kind="text/plain"), b"Content-Type must be"),
        (400, Asked("POST", f"/1.0/sessions/{ID}/signals", **JSON, body=b"{}"), b"name of the signal"),
    ],
)
def test_what_is_not_understood_is_refused(status: int, asked: Asked, problem: bytes) -> None:
    desk = Desk()
    found = answer(asked, desk)
    assert found.status == status
    assert problem in found.body
    assert not desk.launched
    assert not desk.signals
