"""The application without a server: requests go through the project's own WSGI callable, in this process."""

import sys
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from types import TracebackType
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes, urlsplit

from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from django.http.request import validate_host

from phone.errors import LineDeadError
from phone.events import Reply
from phone.transports import SECONDS_TO_REPLY, Transport, send_once
from phone.wire import Request

ExcInfo: TypeAlias = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


def in_process_base() -> str:
    """Give the address the application in this process believes to be at, from ALLOWED_HOSTS and HTTPS."""
    hosts = (host.removeprefix(".") for host in settings.ALLOWED_HOSTS if "*" not in host)
    return f"{'https' if settings.HTTPS else 'http'}://{next(hosts, 'localhost')}"


class WsgiTransport(Transport):
    """Sends in this process: no server, the whole application.

    An application that takes longer than `timeout` seconds is let finish, and then its reply is refused.
    What is for another host, such as the upload of a recording to a storage, goes there over HTTP.
    """

    def __init__(self, token: str, timeout: float = SECONDS_TO_REPLY) -> None:
        super().__init__(in_process_base(), token)
        self._application = get_internal_wsgi_application()
        self._timeout = timeout

    def is_ours(self, url: str) -> bool:
        """Whether the host is that of the application: of PUBLIC_URL, or one of its ALLOWED_HOSTS."""
        host = urlsplit(url).hostname or ""
        known = [allowed for allowed in settings.ALLOWED_HOSTS if allowed != "*"]
        homes = {urlsplit(self.base).hostname, urlsplit(settings.PUBLIC_URL).hostname}
        return host in homes or validate_host(host, known)

    def send(self, request: Request) -> Reply:
        """Send a request. Raises LineDeadError when the application takes too long."""
        if not self.is_ours(request.url):
            return send_once(request, self._timeout)
        answer = _Answer()
        began = time.monotonic()
        body: Iterable[bytes] = self._application(environ(request), answer.start)
        try:
            for chunk in body:
                answer.body.write(chunk)
        finally:
            close = getattr(body, "close", None)
            if close is not None:
                close()
        seconds = time.monotonic() - began
        if seconds > self._timeout:
            raise LineDeadError(f"the reply took {seconds:.1f} s; the platform waits {self._timeout:g} s")
        return Reply(answer.status, answer.body.getvalue())


def environ(request: Request) -> dict[str, Any]:
    """Give what a WSGI server makes of a request."""
    parts = urlsplit(request.url)
    named = {name.upper().replace("-", "_"): value for name, value in request.headers.items()}
    return {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": named.pop("CONTENT_TYPE", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc,
        **{f"HTTP_{name}": value for name, value in named.items()},
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
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
