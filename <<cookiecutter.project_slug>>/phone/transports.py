"""How a platform's POSTs reach the application: over HTTP, or in this process through the WSGI callable.

Both send the webhook token as the password of HTTP Basic authentication, never in the address.
`platform=phone` in the first address is how the application knows a test call.
"""

import json
import selectors
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import BytesIO
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import SplitResult, unquote_to_bytes, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application

from phone.errors import LineDeadError
from phone.events import Post, Reply

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

START_PATH = "/tropo/"
USER = "tropo"
SECONDS_TO_REPLY = 15
"""How long the application may take; what Tropo allowed is not known, its successors allow 5 to 15."""


def authorization(token: str) -> str:
    """Give the value of the Authorization header for a webhook token."""
    return "Basic " + b64encode(f"{USER}:{token}".encode()).decode()


def start_url(base: str, flow: str | None) -> str:
    """Give where a test session begins: at `base`, or under it at /tropo/ when it names a host alone."""
    parts = urlsplit(base)
    query = urlencode(({"flow": flow} if flow else {}) | {"platform": "phone"})
    return urlunsplit(
        parts._replace(path=parts.path if parts.path.strip("/") else START_PATH, query=query, fragment="")
    )


def in_process_base() -> str:
    """Give the address the application in this process believes to be at, from ALLOWED_HOSTS and HTTPS."""
    hosts = (host.removeprefix(".") for host in settings.ALLOWED_HOSTS if "*" not in host)
    return f"{'https' if settings.HTTPS else 'http'}://{next(hosts, 'localhost')}"


class HttpTransport:
    """POSTs to a server over one connection that is kept open.

    `url` is the server's http or https address, or that of its start path. Raises ValueError for any other.
    """

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a server; write it like http://127.0.0.1:8000")
        if parts.username is not None:
            raise ValueError("the address holds a user name; give the webhook token on its own")
        connection = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._base = url
        self._origin = (parts.scheme, parts.netloc)
        self._connection = connection(parts.hostname, parts.port, timeout=SECONDS_TO_REPLY)
        self._headers = {"Content-Type": "application/json", "Authorization": authorization(token)}

    def start_url(self, flow: str | None) -> str:
        """Give where a session of this flow begins."""
        return start_url(self._base, flow)

    def post(self, post: Post) -> Reply:
        """Send a document. Raises LineDeadError when the server cannot be reached, is too slow, or not HTTP.

        Another server is refused too: the token is not for it.
        """
        parts = urlsplit(post.url)
        if (parts.scheme, parts.netloc) != self._origin:
            raise LineDeadError(f"`next` leads to {parts.scheme}://{parts.netloc}, and not to {self._base}")
        try:
            self._drop_if_stale()
            body = json.dumps(post.document).encode()
            self._connection.request("POST", _target(parts), body, self._headers)
            response = self._connection.getresponse()
            return Reply(response.status, response.read())
        except (OSError, HTTPException) as error:
            self._connection.close()
            problem = str(error) or type(error).__name__
            raise LineDeadError(f"no reply from {parts.scheme}://{parts.netloc}: {problem}") from error

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def _drop_if_stale(self) -> None:
        """Drop a connection the server has closed: it keeps an idle one less long than a caller thinks."""
        if self._connection.sock is None:
            return
        with selectors.DefaultSelector() as selector:
            selector.register(self._connection.sock, selectors.EVENT_READ)
            if selector.select(timeout=0):
                self._connection.close()


class WsgiTransport:
    """POSTs in this process, through the project's own WSGI callable: no server, the whole application.

    An application that takes longer than SECONDS_TO_REPLY is let finish, and then its reply is refused.
    """

    def __init__(self, token: str) -> None:
        self._application = get_internal_wsgi_application()
        self._authorization = authorization(token)

    def start_url(self, flow: str | None) -> str:
        """Give where a session of this flow begins."""
        return start_url(in_process_base(), flow)

    def post(self, post: Post) -> Reply:
        """Send a document. Raises LineDeadError when the application takes too long."""
        answer = _Answer()
        began = time.monotonic()
        body: Iterable[bytes] = self._application(self._environ(post), answer.start)
        try:
            for chunk in body:
                answer.body.write(chunk)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        seconds = time.monotonic() - began
        if seconds > SECONDS_TO_REPLY:
            raise LineDeadError(f"the reply took {seconds:.1f} s; the platform waits {SECONDS_TO_REPLY} s")
        return Reply(answer.status, answer.body.getvalue())

    def close(self) -> None:
        """Nothing is held open between two posts."""

    def _environ(self, post: Post) -> dict[str, Any]:
        parts = urlsplit(post.url)
        body = json.dumps(post.document).encode()
        return {
            "REQUEST_METHOD": "POST",
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
            "QUERY_STRING": parts.query,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": parts.hostname or "",
            "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": parts.netloc,
            "HTTP_AUTHORIZATION": self._authorization,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }


class _Answer:
    """Takes what a WSGI application answers."""

    def __init__(self) -> None:
        self.status = 0
        self.body = BytesIO()

    def start(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: ExcInfo | None = None,
        /,
    ) -> Callable[[bytes], object]:
        """Be WSGI's start_response."""
        self.status = int(status.split(" ", 1)[0])
        return self.body.write


def _target(parts: SplitResult) -> str:
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))
