"""The platform's REST side over HTTP: a server for launches and signals, on loopback by default.

It is for development: it has no TLS and no limit on how many sessions it starts.
"""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from phone.rest import Answer, Asked, Platform, answer

MAX_BYTES = 64 * 1024
SECONDS_FOR_A_REQUEST = 10.0
DEFAULT_ADDRESS = "127.0.0.1:8081"


def read_address(text: str) -> tuple[str, int]:
    """Read HOST:PORT, or PORT alone for one of this machine. Raises ValueError."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) < 65536):
        raise ValueError(f"{text!r} is no address to serve at; write it like {DEFAULT_ADDRESS}")
    return host.strip("[]") or "127.0.0.1", int(port)


class PlatformServer(ThreadingHTTPServer):
    """Answers for a platform at an address. Raises OSError when it cannot be had."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], platform: Platform) -> None:
        self.platform = platform
        super().__init__(address, _Handler)
        self.host = address[0]


class _Handler(BaseHTTPRequestHandler):
    timeout = SECONDS_FOR_A_REQUEST
    server: PlatformServer

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 9 and int(length) <= MAX_BYTES):
            self.send_error(413 if length else 411, "Content-Length must be there, and at most 65536")
            return
        self._answer(self.rfile.read(int(length)))

    def log_message(self, text: str, *args: object) -> None:
        """Say nothing: a query holds the token."""

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        kind, accept = (self.headers.get(name, "").lower() for name in ("Content-Type", "Accept"))
        asked = Asked(self.command, parts.path, parts.query, kind, accept, body)
        self._send(answer(asked, self.server.platform))

    def _send(self, reply: Answer) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)
