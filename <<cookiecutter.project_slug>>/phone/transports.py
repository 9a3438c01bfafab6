"""How a platform's requests reach a server over HTTP, and what every way of sending them has in common.

The webhook token goes along as the password of HTTP Basic authentication, never in the address, and only
with what is posted to the webhook: a recording's upload and the fetching of a file go without it.
`platform=phone` in the first address is how the application knows a test call.
"""

import selectors
import time
from abc import ABC, abstractmethod
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

from phone.errors import LineDeadError
from phone.events import Post, Reply
from phone.wire import Request, json_request, webhook_request

START_PATH = "/tropo/"
SECONDS_TO_REPLY = 15.0
"""How long the application may take; what Tropo allowed is not known, its successors allow 5 to 15."""


def start_url(base: str, flow: str | None) -> str:
    """Give where a test session begins: at `base`, or under it at /tropo/ when it names a host alone."""
    parts = urlsplit(base)
    query = urlencode(({"flow": flow} if flow else {}) | {"platform": "phone"})
    return urlunsplit(
        parts._replace(path=parts.path if parts.path.strip("/") else START_PATH, query=query, fragment="")
    )


class Transport(ABC):
    """Carries a platform's requests to the application: it posts to the one at `base`, with the token."""

    def __init__(self, base: str, token: str) -> None:
        self.base = base
        self._token = token

    def start_url(self, flow: str | None) -> str:
        """Give where a session of this flow begins; None leaves the choice to the application."""
        return start_url(self.base, flow)

    def post(self, post: Post) -> Reply:
        """Send a document to the webhook. Raises LineDeadError when there is no reply, or none in time.

        Another server is refused: the token is not for it.
        """
        if not self.is_ours(post.url):
            parts = urlsplit(post.url)
            raise LineDeadError(f"`next` leads to {parts.scheme}://{parts.netloc}, and not to {self.base}")
        return self.send(webhook_request(post.url, post.document, self._token))

    def tell(self, post: Post) -> Reply:
        """Send a notice, which may be for anybody: the token goes along only to the webhook's own server."""
        if self.is_ours(post.url):
            return self.post(post)
        return self.send(json_request(post.url, post.document))

    @abstractmethod
    def is_ours(self, url: str) -> bool:
        """Whether the application at `base` is the one that answers at this address."""

    @abstractmethod
    def send(self, request: Request) -> Reply:
        """Send any request, as it is. Raises LineDeadError when there is no reply, or none in time."""

    def close(self) -> None:  # noqa: B027  most hold nothing
        """Let go of what is held open between two requests."""


class HttpTransport(Transport):
    """Sends to a server over one connection that is kept open.

    `url` is the server's http or https address, or that of its start path. Raises ValueError for any other.
    `timeout` is in seconds.
    """

    def __init__(self, url: str, token: str, timeout: float = SECONDS_TO_REPLY) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is no address of a server; write it like http://127.0.0.1:8000")
        if parts.username is not None:
            raise ValueError("the address holds a user name; give the webhook token on its own")
        super().__init__(url, token)
        self._origin = (parts.scheme, parts.netloc)
        self._timeout = timeout
        self._connection = _connection(parts, timeout)

    def is_ours(self, url: str) -> bool:
        """Whether this is an address of the server, port and all."""
        parts = urlsplit(url)
        return (parts.scheme, parts.netloc) == self._origin

    def send(self, request: Request) -> Reply:
        """Send a request: to the server over its own connection, elsewhere over one for this request."""
        if not self.is_ours(request.url):
            return send_once(request, self._timeout)
        self._drop_if_stale()
        return _exchange(self._connection, request, self._timeout)

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


def send_once(request: Request, timeout: float) -> Reply:
    """Send a request to an http or https address, over a connection of its own. Raises LineDeadError."""
    try:
        parts = urlsplit(request.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"only http and https addresses are reached, and this is {parts.scheme!r}")
        connection = _connection(parts, timeout)
    except (ValueError, HTTPException) as error:
        raise LineDeadError(f"nobody to send to: {error}") from error
    try:
        return _exchange(connection, request, timeout)
    finally:
        connection.close()


def _connection(parts: SplitResult, timeout: float) -> HTTPConnection:
    connection = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return connection(parts.hostname or "", parts.port, timeout=timeout)


def _exchange(connection: HTTPConnection, request: Request, timeout: float) -> Reply:
    parts = urlsplit(request.url)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    ends = time.monotonic() + timeout
    try:
        connection.request(request.method, target, request.body or None, request.headers)
        response = connection.getresponse()
        return Reply(response.status, _read(response, ends))
    except (OSError, HTTPException) as error:
        connection.close()
        problem = str(error) or type(error).__name__
        raise LineDeadError(f"no reply from {parts.scheme}://{parts.netloc}: {problem}") from error


def _read(response: HTTPResponse, ends: float) -> bytes:
    """Read to the end, or raise TimeoutError: a socket's own time-out begins again with every byte."""
    body = bytearray()
    while chunk := response.read1(65536):
        body += chunk
        if time.monotonic() > ends:
            raise TimeoutError("timed out within the reply")
    response.close()
    return bytes(body)
