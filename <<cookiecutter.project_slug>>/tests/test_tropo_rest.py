"""The client of the platform's REST side, against a real server on the loopback interface."""

import gc
import json
import logging
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

import pytest
from django.test import RequestFactory
from django.views.debug import ExceptionReporter
from pytest_django import Settings

from tropo import rest
from tropo.exchange import Patience
from tropo.rest import LaunchFailed, NotConfigured, Rest, RestError, SignalFailed

TOKEN = "0123456789abcdef" * 5 + "fedcba98"
SESSION_ID = "cdfc037a569baf929161e92335ebf5e1"
HURRIED = Patience(connect=1.0, reply=0.4)


@dataclass
class Platform:
    """Answers every connection with `reply`, byte for byte, and keeps what it was sent."""

    url: str
    reply: bytes = b""
    slowly: bool = False
    requests: list[bytes] = field(default_factory=list)

    def answers(self, document: object, status: str = "200 OK", head: str = "") -> None:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.reply = f"HTTP/1.1 {status}\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    @property
    def body(self) -> object:
        return json.loads(self.requests[-1].partition(b"\r\n\r\n")[2])


@pytest.fixture
def platform() -> Iterator[Platform]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            head = b"".join(iter(self.rfile.readline, b"\r\n"))
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            known.requests.append(head + b"\r\n" + self.rfile.read(length))
            for byte in known.reply:
                if known.slowly and stop.wait(0.05):
                    break
                try:
                    self.wfile.write(bytes([byte]))
                except OSError:
                    break

    stop = threading.Event()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        known = Platform(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield known
        stop.set()
        server.shutdown()
        thread.join()
    gc.collect()  # a socket that the client left open warns here, and a warning is an error


@pytest.fixture
def nobody() -> str:
    """An address where nothing listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def failure(act: Callable[[], object], kind: type[RestError] = LaunchFailed) -> RestError:
    with pytest.raises(kind) as caught:
        act()
    assert TOKEN not in repr(caught.value)
    assert TOKEN not in str(caught.value)
    return caught.value


def test_a_launch_posts_the_token_and_the_parameters_as_json(platform: Platform) -> None:
    platform.answers({"success": True, "token": TOKEN, "id": SESSION_ID})
    assert Rest(platform.url).launch(TOKEN, {"to": "+15550142"}) == rest.Launch(SESSION_ID)
    assert platform.body == {"token": TOKEN, "to": "+15550142"}
    head = platform.requests[0].partition(b"\r\n\r\n")[0].splitlines()
    assert head[0] == b"POST /1.0/sessions HTTP/1.1"
    assert {b"Content-Type: application/json", b"Accept: application/json"} <= set(head)


def test_an_address_with_a_path_keeps_it(platform: Platform) -> None:
    platform.answers({"success": True, "id": SESSION_ID})
    Rest(f"{platform.url}/voice/").launch(TOKEN, {})
    assert platform.requests[0].startswith(b"POST /voice/1.0/sessions HTTP/1.1")


@pytest.mark.parametrize(
    ("reply", "session_id"),
    [
        ({"success": True, "id": f"\r\n\t{SESSION_ID}\r\n"}, SESSION_ID),
        ({"success": True, "id": f"{SESSION_ID[:16]}\r\n\t\t{SESSION_ID[16:]}"}, SESSION_ID),
        ({"success": "true", "token": None, "id": "0-13c4-4b79de7f"}, "0-13c4-4b79de7f"),
    ],
)
def test_the_odd_ids_of_real_replies_are_read(platform: Platform, reply: object, session_id: str) -> None:
    platform.answers(reply)
    assert Rest(platform.url).launch(TOKEN, {}).session_id == session_id


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ({"success": False, "token": TOKEN, "reason": "FAILED TO ROUTE"}, "a session: FAILED TO ROUTE;"),
        ({"success": False, "error": f"no token {TOKEN.upper()}"}, "a session: no token ***;"),
        ({"success": "false", "error": "a\r\nb\x1b[31m\tc"}, "a session: a b [31m c;"),
        ({"success": False, "error": None}, "did not start a session; check the token"),
    ],
)
def test_a_refused_launch_gives_the_reason_and_is_certain(
    platform: Platform, reply: object, words: str
) -> None:
    platform.answers(reply)
    error = failure(lambda: Rest(platform.url).launch(TOKEN, {}))
    assert words in str(error)
    assert platform.url in str(error)
    assert not error.in_doubt


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<session/>",
        b"\xff",
        b"[]",
        b"{}",
        b'{"success": 1, "id": "a"}',
        b'{"success": true',
        b"[" * 60_000,
    ]
    + [json.dumps({"success": True, "id": bad}).encode() for bad in (None, "", "a/b", "..", ["a"], "x" * 65)],
)
def test_a_reply_that_cannot_be_read_leaves_it_in_doubt(platform: Platform, body: bytes) -> None:
    platform.answers(body)
    assert failure(lambda: Rest(platform.url).launch(TOKEN, {})).in_doubt
    assert len(platform.requests) == 1


@pytest.mark.parametrize(
    ("status", "in_doubt"),
    [("400 Bad", False), ("403 No", False), ("404 None", False), ("500 Oh", True), ("503 Later", True)],
)
def test_a_status_that_is_no_success_fails(platform: Platform, status: str, in_doubt: bool) -> None:
    platform.answers({"success": True, "id": SESSION_ID}, status)
    error = failure(lambda: Rest(platform.url).launch(TOKEN, {}))
    assert f"replied with status {status[:3]}" in str(error)
    assert error.in_doubt is in_doubt
    assert len(platform.requests) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize(
    ("location", "named"),
    [
        (f"https://thief.example.com/?token={TOKEN}", "thief.example.com"),
        ("/1.0/sessions", "another address"),
        ("https://[thief", "another address"),
    ],
)
def test_a_redirect_is_named_and_not_followed(
    platform: Platform, status: str, location: str, named: str
) -> None:
    platform.answers({}, status, f"Location: {location}\r\n")
    error = failure(lambda: Rest(platform.url).launch(TOKEN, {}))
    assert f"a redirect to {named};" in str(error)
    assert len(platform.requests) == 1


def test_a_server_that_is_silent_is_left_in_time_and_asked_once(platform: Platform) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        began = time.monotonic()
        error = failure(lambda: Rest(url, HURRIED).launch(TOKEN, {}))
    assert time.monotonic() - began < 2
    assert "no whole reply within 0.4 s" in str(error)
    assert error.in_doubt


@pytest.mark.parametrize("length", ["Content-Length: 36\r\n", ""])
def test_a_server_that_drips_is_left_in_time(platform: Platform, length: str) -> None:
    platform.slowly = True
    platform.reply = f'HTTP/1.1 200 OK\r\n{length}\r\n{{"success": true, "id": "{"a" * 10}"}}'.encode()
    began = time.monotonic()
    error = failure(lambda: Rest(platform.url, HURRIED).launch(TOKEN, {}))
    assert time.monotonic() - began < 2
    assert "no whole reply within 0.4 s" in str(error)
    assert error.in_doubt
    assert len(platform.requests) == 1


@pytest.mark.parametrize(
    "reply",
    [
        b"",
        f"{TOKEN}\r\n\r\n".encode(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nContent-Length: 70000\r\n\r\n" + b" " * 70_000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 70_000,
    ],
    ids=["closed", "not HTTP", "cut short", "long and declared", "long"],
)
def test_an_exchange_that_breaks_off_is_in_doubt_and_not_repeated(platform: Platform, reply: bytes) -> None:
    platform.reply = reply
    error = failure(lambda: Rest(platform.url).launch(TOKEN, {}))
    assert "the exchange broke off" in str(error)
    assert error.in_doubt
    assert len(platform.requests) == 1


def test_a_connection_that_cannot_be_made_is_tried_again_and_then_certain(nobody: str) -> None:
    began = time.monotonic()
    error = failure(lambda: Rest(nobody).launch(TOKEN, {}))
    assert time.monotonic() - began > 0.9
    assert "no connection" in str(error)
    assert not error.in_doubt


def test_a_platform_that_comes_up_meanwhile_is_reached(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.answers({"success": True, "id": SESSION_ID})
    connect, refusals = socket.create_connection, iter([ConnectionRefusedError, socket.gaierror])

    def fail_twice(*args: object, **options: object) -> object:
        for refusal in refusals:
            raise refusal
        return connect(*args, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(socket, "create_connection", fail_twice)
    assert Rest(platform.url).launch(TOKEN, {}).session_id == SESSION_ID
    assert len(platform.requests) == 1


def test_a_server_without_a_certificate_is_not_told_the_token(platform: Platform) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        heard: list[bytes] = []

        def answer() -> None:
            client, _ = server.accept()
            with client:
                heard.append(client.recv(4096))
                client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        error = failure(lambda: Rest(url).launch(TOKEN, {}))
        thread.join()
    assert "no connection" in str(error)
    assert len(heard) == 1
    assert TOKEN.encode() not in heard[0]


@pytest.mark.parametrize("name", ["token", "action"])
def test_a_parameter_cannot_take_the_place_of_the_token(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Rest("http://127.0.0.1:1").launch(TOKEN, {name: "x"})


def test_a_signal_is_queued(platform: Platform) -> None:
    platform.answers({"status": "QUEUED"})
    Rest(platform.url).signal(SESSION_ID, "exit")
    assert platform.requests[0].startswith(f"POST /1.0/sessions/{SESSION_ID}/signals HTTP/1.1".encode())
    assert platform.body == {"value": "exit"}


@pytest.mark.parametrize("reply", [{"status": "NOTFOUND"}, {}, {"status": None}])
def test_a_signal_that_is_not_queued_fails(platform: Platform, reply: object) -> None:
    platform.answers(reply)
    assert failure(lambda: Rest(platform.url).signal(SESSION_ID, "exit"), SignalFailed).in_doubt


@pytest.mark.parametrize(("session_id", "name"), [("", "exit"), ("..", "x"), ("a/b", "x"), (SESSION_ID, "")])
def test_a_signal_to_nowhere_is_not_sent(session_id: str, name: str) -> None:
    with pytest.raises(ValueError, match=r"session id|name"):
        Rest("http://127.0.0.1:1").signal(session_id, name)


@pytest.mark.parametrize(
    "url",
    [
        "api.example.com",
        "ftp://api.example.com",
        "https://",
        f"https://user:{TOKEN}@api.example.com",
        f"https://api.example.com/?token={TOKEN}",
        "https://api.example.com:port",
        "https://api.example.com:0",
        "https://[api",
        "https://api example.com",
        "https://äpi.example.com",
    ],
)
def test_an_address_that_can_be_none_is_refused_before_anything_is_sent(url: str) -> None:
    assert "TROPO_API_URL" in str(failure(lambda: Rest(url), NotConfigured))


def test_the_settings_say_where_and_by_which_token(settings: Settings, platform: Platform) -> None:
    platform.answers({"success": True, "id": SESSION_ID, "status": "QUEUED"})
    settings.TROPO_API_URL = platform.url
    settings.TROPO_VOICE_TOKEN, settings.TROPO_MESSAGING_TOKEN = "voice", "messaging"
    rest.launch({"a": "b"})
    assert platform.body == {"token": "voice", "a": "b"}
    rest.launch({}, text=True)
    assert platform.body == {"token": "messaging"}
    rest.signal(SESSION_ID, "exit")
    assert platform.body == {"value": "exit"}


def test_a_setting_that_is_missing_is_named(settings: Settings) -> None:
    settings.TROPO_API_URL, settings.TROPO_VOICE_TOKEN, settings.TROPO_MESSAGING_TOKEN = "", TOKEN, ""
    assert "TROPO_API_URL is empty" in str(failure(lambda: rest.launch({}), NotConfigured))
    assert "TROPO_API_URL is empty" in str(failure(lambda: rest.signal("a", "b"), NotConfigured))
    assert "TROPO_MESSAGING_TOKEN is empty" in str(failure(lambda: rest.launch({}, text=True), NotConfigured))


def test_no_token_reaches_the_log_or_an_error_report(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    platform.answers({"success": True, "id": SESSION_ID})
    Rest(platform.url).launch(TOKEN, {})
    platform.answers(f"no {TOKEN}".encode())
    error = failure(lambda: Rest(platform.url).launch(TOKEN, {"to": "+15550142"}))
    report = ExceptionReporter(RequestFactory().get("/"), type(error), error, error.__traceback__)
    assert f"launched session {SESSION_ID}" in caplog.text
    assert TOKEN not in caplog.text + report.get_traceback_html()
