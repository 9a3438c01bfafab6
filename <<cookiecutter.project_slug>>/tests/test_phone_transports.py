"""How POSTs reach an application: over HTTP, and through the WSGI callable of this process."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, ClassVar
from wsgiref.types import StartResponse

import pytest
from pytest_django.fixtures import Settings

from phone import inprocess
from phone.client import ClientTransport
from phone.errors import LineDeadError
from phone.events import Post, Reply
from phone.inprocess import WsgiTransport, in_process_base
from phone.transports import HttpTransport, Transport, send_once, start_url
from phone.wire import Request, fetch_request, upload_request

BASIC = "Basic dHJvcG86dDBrZW4="  # tropo:t0ken


class Application(BaseHTTPRequestHandler):
    """Answers with what it was asked, after it has counted the connection."""

    protocol_version = "HTTP/1.1"
    connections = 0
    closes = False
    gone = Event()
    seen: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []

    def setup(self) -> None:
        super().setup()
        type(self).connections += 1

    def do_GET(self) -> None:
        type(self).seen.append((self.path, dict(self.headers), b""))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<grammar/>")
        self.close_connection = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).seen.append((self.path, dict(self.headers), body))
        multipart = self.headers["Content-Type"].startswith("multipart")
        asked = "a recording" if multipart else json.loads(body)
        headers = {name.lower(): self.headers[name] for name in ("Content-Type", "Authorization", "Host")}
        body = json.dumps({"path": self.path, "asked": asked} | headers).encode()
        self.send_response(418 if "teapot" in self.path else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = self.closes  # without having said so, as after a keep-alive time-out

    def finish(self) -> None:
        with suppress(OSError):
            super().finish()
            self.connection.shutdown(socket.SHUT_RDWR)
        self.gone.set()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    Application.connections, Application.closes = 0, False
    Application.gone.clear()
    Application.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Application) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def http(server: str) -> Iterator[HttpTransport]:
    transport = HttpTransport(server, "t0ken")
    yield transport
    transport.close()


@pytest.mark.parametrize(
    ("base", "flow", "url"),
    [
        ("http://127.0.0.1:8000", None, "http://127.0.0.1:8000/tropo/?platform=phone"),
        ("http://127.0.0.1:8000/", "reception", "http://127.0.0.1:8000/tropo/?flow=reception&platform=phone"),
        ("https://a.example.com/a/b", "a b", "https://a.example.com/a/b?flow=a+b&platform=phone"),
    ],
)
def test_where_a_session_starts(base: str, flow: str | None, url: str) -> None:
    assert start_url(base, flow) == url


def test_a_post_over_http(http: HttpTransport, server: str) -> None:
    reply = http.post(Post(f"{server}/tropo/?t=1", {"result": {"value": "é"}}))
    assert reply.status == 200
    assert json.loads(reply.body) == {
        "path": "/tropo/?t=1",
        "asked": {"result": {"value": "é"}},
        "content-type": "application/json",
        "authorization": BASIC,
        "host": server.removeprefix("http://"),
    }


def test_the_status_is_handed_on(http: HttpTransport, server: str) -> None:
    assert http.post(Post(f"{server}/teapot", {})).status == 418


def test_one_connection_is_kept_and_replaced_when_the_server_has_closed_it(
    http: HttpTransport, server: str
) -> None:
    for _ in range(2):
        http.post(Post(server, {}))
    assert Application.connections == 1
    Application.closes = True
    http.post(Post(server, {}))
    Application.gone.wait(timeout=5)
    http.post(Post(server, {}))
    assert Application.connections == 2


def test_the_token_goes_to_no_other_server(http: HttpTransport) -> None:
    with pytest.raises(LineDeadError, match=r"leads to http://other\.example\.com"):
        http.post(Post("http://other.example.com/tropo/", {}))


def test_a_server_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(LineDeadError, match=f"no reply from {url}: .*refused"):
        HttpTransport(url, "t0ken").post(Post(url, {}))


def test_a_server_that_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(LineDeadError, match="timed out"):
            HttpTransport(url, "t0ken", timeout=0.05).post(Post(url, {}))


@pytest.mark.parametrize(
    "url", ["127.0.0.1:8000", "example.com", "ftp://example.com", "http://", "http://a:x", "http://u:p@a"]
)
def test_what_is_no_address_of_a_server(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|[Pp]ort"):
        HttpTransport(url, "t0ken")


@pytest.mark.parametrize(
    ("hosts", "https", "base"),
    [
        (["*", ".example.com"], True, "https://example.com"),
        (["a.example.com", "b.example.com"], False, "http://a.example.com"),
        (["*"], False, "http://localhost"),
        ([], True, "https://localhost"),
    ],
)
def test_where_the_application_in_this_process_is(
    settings: Settings, hosts: list[str], https: bool, base: str
) -> None:
    settings.ALLOWED_HOSTS, settings.HTTPS = hosts, https
    assert in_process_base() == base


def test_a_post_in_this_process_goes_through_the_wsgi_callable(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    closed = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def application(environ: dict[str, Any], start_response: StartResponse) -> Body:
        seen.update(environ)
        start_response("201 Created", [])(b"a")
        return Body([b"b", b"c"])

    monkeypatch.setattr(inprocess, "get_internal_wsgi_application", lambda: application)
    reply = WsgiTransport("t0ken").post(Post("https://localhost/tr%C3%B6po/?t=1", {"a": 1}))
    assert (reply.status, reply.body, closed) == (201, b"abc", [True])
    assert seen["HTTP_AUTHORIZATION"] == BASIC
    assert (seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/tr\u00c3\u00b6po/", "t=1")
    assert (seen["HTTP_HOST"], seen["SERVER_PORT"], seen["wsgi.url_scheme"]) == (
        "localhost",
        "443",
        "https",
    )
    assert (seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"]) == ("application/json", "8")
    assert seen["wsgi.input"].read() == b'{"a": 1}'
    assert "HTTP_X_FORWARDED_PROTO" not in seen


def test_a_reply_in_this_process_may_be_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inprocess, "get_internal_wsgi_application", lambda: lambda environ, start: [b""])
    with pytest.raises(LineDeadError, match="the platform waits"):
        WsgiTransport("t0ken", timeout=-1).post(Post("http://localhost/tropo/", {}))


def test_in_this_process_too_the_token_goes_to_no_other_host() -> None:
    with pytest.raises(LineDeadError, match=r"leads to http://other\.example\.com"):
        WsgiTransport("t0ken").post(Post("http://other.example.com/tropo/", {}))


RECORDING = {"Content-Type": "multipart/form-data; boundary=x"}
FORM = b"--x\r\n\r\nRIFF\r\n--x--\r\n"


@pytest.mark.parametrize("kind", [HttpTransport, WsgiTransport])
def test_a_recording_and_a_grammar_travel_without_the_token(server: str, kind: type[Transport]) -> None:
    """To the application's own server, and in process to another one."""
    transport = HttpTransport(server, "t0ken") if kind is HttpTransport else WsgiTransport("t0ken")
    with closing(transport):
        assert transport.send(upload_request("POST", f"{server}/upload", RECORDING, FORM)).status == 200
        assert transport.send(fetch_request(f"{server}/cities.grxml")) == Reply(200, b"<grammar/>")
    (path, headers, body), (fetched, fetch_headers, _) = Application.seen
    assert (path, body, fetched) == ("/upload", FORM, "/cities.grxml")
    assert headers["User-Agent"] == "Apache-HttpClient/4.3.4 (java 1.5)"
    assert headers["Connection"] == "close"
    assert headers["Content-Type"] == RECORDING["Content-Type"]
    assert "Authorization" not in headers | fetch_headers


def test_another_server_is_reached_over_a_connection_of_its_own(http: HttpTransport, server: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        elsewhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(LineDeadError, match="refused"):
        http.send(fetch_request(f"{elsewhere}/a.grxml"))
    assert http.post(Post(server, {})).status == 200


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/a.wav", "http:///a", "http://127.0.0.1:x/"])
def test_an_address_that_cannot_be_reached(url: str) -> None:
    with pytest.raises(LineDeadError, match="nobody to send to"):
        send_once(Request("GET", url), timeout=1)


def test_uploads_and_files_through_djangos_client() -> None:
    transport = ClientTransport("t0ken")
    assert transport.send(fetch_request("http://testserver/healthz")).status == 200
    upload = upload_request("POST", "http://testserver/healthz", RECORDING, FORM)
    assert transport.send(upload).status in (403, 405)


def test_a_reply_that_drips_is_too_slow(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def drip(application: Application) -> None:
        application.send_response(200)
        application.end_headers()
        with suppress(OSError):  # the other side has had enough
            while not application.gone.wait(0.04):
                application.wfile.write(b" ")
        application.close_connection = True

    monkeypatch.setattr(Application, "do_GET", drip)
    with pytest.raises(LineDeadError, match="timed out"):
        send_once(fetch_request(server), timeout=0.1)
