"""The platform's REST side over HTTP, asked by this project's own client: launches, signals, and the end."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command

from phone.actions import HangUp, Keys, Silence
from phone.events import FarEnd, Reply
from phone.launches import Launched, Sessions
from phone.script import Item, Script, Signal
from phone.serve import PlatformServer, read_address
from phone.transcript import Transcript
from phone.transports import Transport
from phone.wire import Request
from tropo.rest import LaunchFailed, Rest, SignalFailed

TOKEN = "0123456789abcdef" * 5 + "fedcba98"

CALLS = b"""{"tropo": [
    {"call": {"to": "+14075550142"}},
    {"ask": {"name": "q", "say": {"value": "Press 1."}, "choices": {"value": "1"}}},
    {"on": {"event": "continue", "next": "?t=1"}},
    {"on": {"event": "exit", "next": "?exit=1"}},
    {"on": {"event": "hangup", "next": "?end=1"}}
]}"""
THANKS = b'{"tropo": [{"say": {"value": "Thank you."}}, {"hangup": null}]}'


class Application(Transport):
    """Calls somebody and asks for a key; thanks for whatever comes."""

    def __init__(self) -> None:
        super().__init__("http://testserver", "t0ken")
        self.requests: list[Request] = []

    def is_ours(self, url: str) -> bool:
        return True

    def send(self, request: Request) -> Reply:
        self.requests.append(request)
        return Reply(200, CALLS if "platform=phone" in request.url else THANKS)


class Platform:
    """A running platform whose callers do what `items` say, or nothing; `lines` is what it printed."""

    def __init__(self, *items: Item, pause: float = 0.01, far_end: FarEnd | None = None) -> None:
        self.application = Application()
        self.lines: list[str] = []
        self._items, self._pause, self._far_end = items, pause, far_end or FarEnd()
        self.sessions = Sessions([TOKEN], self._begin)

    def _begin(self, session_id: str, parameters: Mapping[str, str]) -> Launched:
        source: Callable[[], Item] = Script(self._items) if self._items else Silence
        transcript = Transcript(self.lines.append)
        connect = lambda: self.application  # noqa: E731  one word of glue
        return Launched(session_id, parameters, connect, source, self._far_end, transcript, self._pause)

    @contextmanager
    def served(self) -> Iterator[Rest]:
        with PlatformServer(("127.0.0.1", 0), self.sessions) as server:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
            yield Rest(f"http://127.0.0.1:{server.server_port}")
            server.shutdown()

    def waits_for(self, text: str) -> None:
        end = time.monotonic() + 5
        while text not in "\n".join(self.lines):
            assert time.monotonic() < end, self.lines
            time.sleep(0.01)


def test_a_session_that_our_client_launches_calls_and_hears_its_caller() -> None:
    platform = Platform(Keys("1"))
    with platform.served() as rest:
        session_id = rest.launch(TOKEN, {"to": "+14075550142"}).session_id
        platform.waits_for("Ended by the application")
    first, *_ = platform.application.requests
    assert f'"id": "{session_id}"' in first.body.decode()
    assert (
        f'"parameters": {{"token": "{TOKEN}", "to": "+14075550142", "action": "create"}}'.encode()
        in first.body
    )
    assert "caller presses    1" in "\n".join(platform.lines)
    assert "Thank you." in "\n".join(platform.lines)
    assert TOKEN not in "\n".join(platform.lines)


def test_a_far_end_that_is_busy_is_not_asked() -> None:
    platform = Platform(far_end=FarEnd("BUSY"))
    with platform.served() as rest:
        rest.launch(TOKEN, {})
        platform.waits_for("Ended")
    assert "Press 1." not in "\n".join(platform.lines)


def test_a_wrong_token_starts_nothing() -> None:
    platform = Platform()
    with platform.served() as rest, pytest.raises(LaunchFailed, match="does not know the token") as error:
        rest.launch("wrong", {})
    assert not error.value.in_doubt
    assert not platform.application.requests


def test_a_signal_of_our_client_interrupts_the_question() -> None:
    platform = Platform(pause=0.5)
    with platform.served() as rest:
        session_id = rest.launch(TOKEN, {}).session_id
        platform.waits_for("Press 1.")
        rest.signal(session_id, "exit")
        platform.waits_for("signal exit interrupts")
        platform.sessions.stop()
    assert any(request.url.endswith("?exit=1") for request in platform.application.requests)


def test_a_signal_can_come_from_the_script() -> None:
    platform = Platform(Signal("exit"))
    with platform.served() as rest:
        rest.launch(TOKEN, {})
        platform.waits_for("signal exit interrupts")


def test_a_session_that_is_over_takes_no_signal() -> None:
    platform = Platform(HangUp())
    with platform.served() as rest:
        session_id = rest.launch(TOKEN, {}).session_id
        platform.waits_for("Ended by the caller")
        platform.sessions.stop()
        with pytest.raises(SignalFailed):
            rest.signal(session_id, "exit")


def test_stopping_hangs_up() -> None:
    platform = Platform(pause=0.5)
    with platform.served() as rest:
        rest.launch(TOKEN, {})
        platform.waits_for("Press 1.")
        platform.sessions.stop()
    assert "caller hangs up" in "\n".join(platform.lines)


def test_a_line_that_goes_dead_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Application, "send", lambda self, request: Reply(500))
    platform = Platform()
    with platform.served() as rest:
        rest.launch(TOKEN, {})
        platform.waits_for("The line went dead: the session posted to /tropo/ was answered 500")


def test_an_application_that_never_calls_goes_in_circles_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    document = b'{"tropo": [{"say": {"value": "Hello."}}, {"on": {"event": "continue", "next": "?t=1"}}]}'
    monkeypatch.setattr(Application, "send", lambda self, request: Reply(200, document))
    platform = Platform()
    with platform.served() as rest:
        rest.launch(TOKEN, {})
        platform.waits_for("The line went dead: 100 documents and nothing happened")


@pytest.mark.parametrize(("length", "status"), [("", 411), ("x", 413), ("65537", 413), ("-1", 413)])
def test_a_body_that_is_too_long_is_not_read(length: str, status: int) -> None:
    with Platform().served() as rest:
        connection = http.client.HTTPConnection(rest.url.removeprefix("http://"), timeout=5)
        connection.putrequest("POST", "/1.0/sessions")
        if length:
            connection.putheader("Content-Length", length)
        connection.endheaders()
        assert connection.getresponse().status == status
        connection.close()


@pytest.mark.parametrize(
    ("text", "address"),
    [("8081", ("127.0.0.1", 8081)), ("0.0.0.0:80", ("0.0.0.0", 80)), (":9", ("127.0.0.1", 9))],
)
def test_where_to_serve(text: str, address: tuple[str, int]) -> None:
    assert read_address(text) == address


@pytest.mark.parametrize("text", ["", "host", "host:", "host:port", "127.0.0.1:65536"])
def test_where_nobody_can_serve(text: str) -> None:
    with pytest.raises(ValueError, match="is no address to serve at"):
        read_address(text)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--serve", "nowhere"], "no address to serve at"),
        (["--serve"], "no token starts a session"),
        (["--serve", "127.0.0.1:0", "--launch-token", "t", "--pause", "0"], "--pause"),
        (["--serve", "127.0.0.1:0", "--launch-token", "t", "--record", "x"], "for a call"),
        (["--serve", "192.0.2.1:1", "--launch-token", "t"], "cannot serve there"),
    ],
)
def test_wrong_usage_of_the_command_is_exit_2(arguments: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem) as error:
        call_command("phone", *arguments)
    assert error.value.returncode == 2


def test_the_command_serves_until_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "django", "phone", "--serve", "127.0.0.1:0", "--launch-token", TOKEN]
    known = os.environ | {"HTTPS": "off"}
    # A shell's background job ignores the signal, and so would what it starts.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=known) as run:
        signal.signal(signal.SIGINT, before)
        try:
            assert run.stdout is not None
            address = run.stdout.readline().decode().partition("=")[2].split()[0]
            with pytest.raises(LaunchFailed, match="does not know the token"):
                Rest(address).launch("wrong", {})
            run.send_signal(signal.SIGINT)
            out, err = run.communicate(timeout=10)
        finally:
            run.kill()
    assert (run.returncode, out, err) == (0, b"Stopped.\n", b"")
