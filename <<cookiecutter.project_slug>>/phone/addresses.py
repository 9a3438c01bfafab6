"""The addresses a document names, as links of that document."""

from urllib.parse import urljoin, urlsplit

from phone.errors import LineDeadError


def is_http(address: str) -> bool:
    """Whether this is an absolute http or https address that could be sent to."""
    try:
        parts = urlsplit(address)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and address.isascii()
        )
    except ValueError:  # a bracket or a port that no address has
        return False


def resolve(base: str, address: str) -> str:
    """Resolve an address as a link of the document that came from `base`. Raises LineDeadError."""
    try:
        url = urljoin(base, address)
    except ValueError:
        url = ""
    if is_http(url):
        return url
    raise LineDeadError(f"`next` is {address!r}, no address to post to; give a path or an http(s) URL")
