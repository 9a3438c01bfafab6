"""The application under test: requests go through Django's test client."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.test import Client

from phone.events import Reply
from phone.transports import Transport
from phone.wire import Request


class ClientTransport(Transport):
    """Sends through Django's test client.

    Unlike the WSGI callable it leaves the test's database connection alone, and raises in the test what the
    application let through. Every address is taken for one of the application: nothing leaves the test.
    """

    def __init__(self, token: str) -> None:
        super().__init__(f"{'https' if settings.HTTPS else 'http'}://testserver", token)
        self._client = Client()

    def is_ours(self, url: str) -> bool:
        """Whether this is an address of the test server: in a test, all are."""
        return True

    def send(self, request: Request) -> Reply:
        """Send a request. An exception the application lets through is raised here, in the test."""
        parts = urlsplit(request.url)
        headers = {name: value for name, value in request.headers.items() if name != "Content-Type"}
        response = self._client.generic(
            request.method,
            urlunsplit(("", "", parts.path or "/", parts.query, "")),
            request.body,
            request.headers.get("Content-Type", ""),
            secure=parts.scheme == "https",
            headers=headers,
        )
        return Reply(response.status_code, b"".join(response))
