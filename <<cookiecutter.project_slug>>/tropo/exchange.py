"""One POST of JSON to the platform, bounded in time and size. It tells what was sent from what was not.

A connection that could not be made is tried again, for nothing was sent. Redirects are not followed.
"""

import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.views.decorators.debug import sensitive_variables

_MAX_BYTES = 64 * 1024
_PAUSES = (0.2, 0.8)
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}


class Unreachable(Exception):
    """No connection could be made: nothing was sent."""


class NoReply(Exception):
    """The request was sent, and no whole reply came back: what became of it is unknown."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds for one attempt to connect, and from there to the last byte of the reply."""

    connect: float = 3.0
    reply: float = 10.0


@dataclass(frozen=True, slots=True)
class Reply:
    """The status and the body of a reply, and the host that a redirect names."""

    status: int
    redirect_host: str
    body: bytes = field(repr=False)


def is_address(url: str) -> bool:
    """True for http or https, a host, perhaps a port and a path; no password, no query, no blank."""
    try:
        parts = urlsplit(url)
        port_is_none_or_a_number = parts.port is None or parts.port > 0
    except ValueError:
        return False
    host = parts.hostname and not (parts.username or parts.password or parts.query or parts.fragment)
    plain = re.fullmatch("[!-~]+", url) is not None
    return bool(parts.scheme in ("http", "https") and host and plain and port_is_none_or_a_number)


@sensitive_variables()
def post_json(url: str, message: Mapping[str, str], patience: Patience) -> Reply:
    """POSTs `message` to an http or https address.

    Raises:
        Unreachable: three attempts to connect failed, or the certificate is not the host's.
        NoReply: the connection broke, or the reply was no HTTP, too long, or not there in time.
    """
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=patience.connect)
    with closing(connection):
        _connect(connection)
        try:
            with _deadline(connection, patience.reply):
                connection.request("POST", parts.path, json.dumps(message).encode(), _HEADERS)
                return _read(connection)
        except TimeoutError:
            raise NoReply(f"no whole reply within {patience.reply:g} s") from None
        except (OSError, HTTPException) as error:
            # The text of an HTTPException is what the server wrote.
            raise NoReply(f"the exchange broke off ({type(error).__name__})") from None


def _connect(connection: HTTPConnection) -> None:
    for pause in (*_PAUSES, None):
        try:
            return connection.connect()
        except (OSError, UnicodeError) as error:
            if pause is None or isinstance(error, ssl.SSLError):
                raise Unreachable(f"no connection ({error})") from None
            time.sleep(pause)


@contextmanager
def _deadline(connection: HTTPConnection, seconds: float) -> Iterator[None]:
    """Cuts the connection off after `seconds`: a socket's own time-out begins again with every byte.

    Raises TimeoutError then, whatever the cut looked like.
    """
    end = time.monotonic() + seconds
    timer = threading.Timer(seconds, _cut, [connection.sock])
    timer.daemon = True
    timer.start()
    try:
        connection.sock.settimeout(seconds)
        yield
    except (OSError, HTTPException):
        if time.monotonic() >= end:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()
    if time.monotonic() >= end:
        raise TimeoutError


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        # The method of SSLSocket would take away the TLS object that the other thread is reading with.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _read(connection: HTTPConnection) -> Reply:
    with connection.getresponse() as response:
        body = response.read(_MAX_BYTES)
        if response.length or response.read(1):
            raise HTTPException("the reply is cut short or too long")
        return Reply(response.status, _host(response.headers.get("Location", "")), body)


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
