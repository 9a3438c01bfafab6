"""The platform's requests on the wire: a webhook's POST, a recording's upload, a file that is fetched."""

import json
from base64 import b64encode
from dataclasses import dataclass, field, replace

USER = "tropo"
UPLOADER = "Apache-HttpClient/4.3.4 (java 1.5)"
"""How the platform named itself when it sent a recording; captured in 2016."""


@dataclass(frozen=True)
class Request:
    """One HTTP request to an absolute URL. Its headers are not shown: they may hold a password."""

    method: str
    url: str
    headers: dict[str, str] = field(repr=False, default_factory=dict)
    body: bytes = field(repr=False, default=b"")


def authorization(token: str) -> str:
    """Give the value of the Authorization header for a webhook token."""
    return "Basic " + b64encode(f"{USER}:{token}".encode()).decode()


def webhook_request(url: str, document: dict[str, object], token: str) -> Request:
    """Give the POST of a session or a result. This request, and no other, carries the webhook token."""
    plain = json_request(url, document)
    return replace(plain, headers={**plain.headers, "Authorization": authorization(token)})


def json_request(url: str, document: dict[str, object]) -> Request:
    """Give the POST of a document for anybody."""
    return Request("POST", url, {"Content-Type": "application/json"}, json.dumps(document).encode())


def upload_request(method: str, url: str, headers: dict[str, str], body: bytes) -> Request:
    """Give the request that delivers a recording; `headers` are those of its body."""
    return Request(method, url, {**headers, "User-Agent": UPLOADER, "Connection": "close"}, body)


def fetch_request(url: str) -> Request:
    """Give the request for a file the document names, such as a grammar."""
    return Request("GET", url, {"Accept": "*/*", "Connection": "close"})
