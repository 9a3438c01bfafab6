"""Health, logs, security headers."""

import asyncio
import io
import logging
from collections.abc import Callable
from inspect import isawaitable
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory, override_settings
from pytest_django import DjangoAssertNumQueries

from ops.logs import Redact
from ops.middleware import ContentSecurityPolicyMiddleware

TOKEN = "kQ2vXo-9_live-token-of-this-project-4f1c77aa0b"
CARD = "4111111111111111"

Log = Callable[..., str]


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no text")

    __repr__ = __str__


@pytest.fixture
def log() -> Log:
    """Logs one record through the filter, and gives back what the handler wrote."""

    def write(message: object, *args: Any, exc_info: Any = None) -> str:
        stream = io.StringIO()
        handler = logging.StreamHandler(stream)
        handler.addFilter(Redact())
        handler.setFormatter(logging.Formatter("{message}", style="{"))
        record = logging.LogRecord("test", logging.INFO, __file__, 1, message, args, exc_info)
        with override_settings(WEBHOOK_TOKENS=["", TOKEN, TOKEN[:40]]):
            handler.handle(record)
        return stream.getvalue()

    return write


def test_health_asks_neither_the_database_nor_a_session(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Content-Type"] == "text/plain"
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.django_db
def test_a_migrated_database_is_ready(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    app, newest = MigrationLoader(connection).graph.leaf_nodes("calls")[0]
    MigrationRecorder(connection).record_unapplied(app, newest)
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"migrations\n")
    assert f"calls.{newest}" in caplog.text


@pytest.mark.django_db
def test_a_database_that_is_away_is_not_ready(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    fault = OperationalError("could not connect to server 10.1.2.3")
    with mock.patch.object(connection, "cursor", side_effect=fault):
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"database\n")
    assert "10.1.2.3" in caplog.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


def test_the_policy_is_sent() -> None:
    response = through_the_middleware(HttpResponse())
    assert "default-src 'none'; script-src 'self'; " in response["Content-Security-Policy"]
    assert "microphone=()" in response["Permissions-Policy"]


def test_a_policy_of_the_view_stays() -> None:
    own = {"Content-Security-Policy": "default-src 'self'", "Permissions-Policy": "microphone=(self)"}
    response = through_the_middleware(HttpResponse(headers=own))
    assert own.items() <= dict(response.items()).items()


@override_settings(SECURE_CSP={})
def test_an_empty_policy_is_not_sent() -> None:
    assert "Content-Security-Policy" not in through_the_middleware(HttpResponse())


def test_the_policy_is_sent_by_asynchronous_servers_too() -> None:
    async def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    async def serve() -> HttpResponseBase:
        answered = ContentSecurityPolicyMiddleware(answer)(RequestFactory().get("/"))
        assert isawaitable(answered)
        return await answered

    assert "Content-Security-Policy" in asyncio.run(serve()).headers


def through_the_middleware(response: HttpResponse) -> HttpResponse:
    middleware = ContentSecurityPolicyMiddleware(lambda request: response)
    answered = middleware(RequestFactory().get("/"))
    assert isinstance(answered, HttpResponse)
    return answered


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("call 1\nERROR forged line", r"call 1\nERROR forged line"),
        ("\x1b[31mred\x7f\x9b", r"\x1b[31mred\x7f\x9b"),
        ("txt.\u202eexe\u2066\u2028", r"txt.\u202eexe\u2066\u2028"),
        ("half \ud83d", r"half \ud83d"),
        ("Łódź, 東京, ☎", "Łódź, 東京, ☎"),
        (f"POST /tropo/{'a' * 16}/ 404", "POST /tropo/***/ 404"),
        (f"POST /tropo/{TOKEN}?t=1 404", "POST /tropo/***?t=1 404"),
        ("POST /tropo/ 401", "POST /tropo/ 401"),
        (f"token {TOKEN}.", "token ***."),
        (f"card {CARD}", "card [number]"),
        ("card 4111 1111 1111 1111, 3782-822463-10005", "card [number], [number]"),
        ("from +14075551212 to 14075551212", "from +14075551212 to 14075551212"),
        ("from +4915112345603", "from +4915112345603"),
        ("id 4111111111111112", "id 4111111111111112"),
        ("2026-03-02 12:00:00", "2026-03-02 12:00:00"),
        ("100 % of it", "100 % of it"),
    ],
)
def test_a_log_line_is_one_line_without_secrets(log: Log, message: str, written: str) -> None:
    assert log(message) == written + "\n"


def test_values_are_put_in_once_and_cleaned(log: Log) -> None:
    assert log("%s and %s", "%s\r", CARD) == r"%s\r and [number]" + "\n"
    assert log("%(a)s", {"a": TOKEN}) == "***\n"
    assert log(Exception("as it is")) == "as it is\n"


def test_a_second_handler_writes_the_same() -> None:
    record = logging.LogRecord("test", logging.INFO, __file__, 1, "a\n%s", ("%d",), None)
    assert Redact().filter(record)
    assert Redact().filter(record)
    assert record.getMessage() == r"a\n%d"


def test_a_record_that_cannot_be_written_is_not_lost(log: Log) -> None:
    assert log("%d calls", "x\n") == r"'%d calls' does not fit ('x\n',)" + "\n"
    assert "withheld: RuntimeError" in log(Unprintable())
    assert "withheld: RuntimeError" in log("%s", Unprintable())


def test_a_traceback_keeps_its_lines_and_loses_its_secrets(log: Log) -> None:
    try:
        raise ValueError(f"bad\x1b[0m {TOKEN} {CARD}")
    except ValueError as fault:
        lines = log("it failed", exc_info=(type(fault), fault, fault.__traceback__)).splitlines()
    assert lines[:2] == ["it failed", "Traceback (most recent call last):"]
    assert lines[-1] == r"ValueError: bad\x1b[0m *** [number]"
    assert len(lines) > 3


def test_a_traceback_that_cannot_be_made_is_not_lost(log: Log) -> None:
    fault = (ValueError, ValueError(), "not a traceback")
    assert log("it failed", exc_info=fault).startswith("it failed\n(traceback withheld")
