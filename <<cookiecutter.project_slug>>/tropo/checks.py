"""System checks: a door that nobody could pass, or that everybody could, speaks at start-up."""

import re
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from tropo.middleware import TropoMiddleware
from tropo.reader import MAX_BYTES

SHORTEST_TOKEN = 32
_NEW_TOKEN = "Put `python -c 'import secrets; print(secrets.token_urlsafe(32))'` into WEBHOOK_TOKENS."
_IN_AN_ADDRESS = re.compile(r"[A-Za-z0-9_.~-]*")


@register(Tags.security)
def check_tokens(**kwargs: Any) -> Iterator[CheckMessage]:
    tokens = settings.WEBHOOK_TOKENS
    if not tokens:
        yield Error("WEBHOOK_TOKENS is empty: no platform could call.", hint=_NEW_TOKEN, id="tropo.E001")
    if short := sum(len(token) < SHORTEST_TOKEN for token in tokens):
        message = (
            f"WEBHOOK_TOKENS holds {short} of fewer than {SHORTEST_TOKEN} characters: too easy to guess."
        )
        yield Error(message, hint=_NEW_TOKEN, id="tropo.E002")
    if unfit := sum(not _IN_AN_ADDRESS.fullmatch(token) for token in tokens):
        message = f"WEBHOOK_TOKENS holds {unfit} with other characters than letters, digits and - . _ ~"
        yield Error(message, hint=f"An address cannot hold them as they are. {_NEW_TOKEN}", id="tropo.E007")
    if len(set(tokens)) != len(tokens):
        hint = "A new token stands beside the old one until the platform has the new address."
        yield CheckWarning("WEBHOOK_TOKENS holds a token twice.", hint=hint, id="tropo.W002")


@register(Tags.security)
def check_addresses(**kwargs: Any) -> Iterator[CheckMessage]:
    addresses = list(_webhooks(get_resolver()))
    if not addresses:
        hint = "Include flows.urls in ROOT_URLCONF, or mark a view of your own with tropo.middleware.webhook."
        yield Error("No address is a webhook: no platform could call.", hint=hint, id="tropo.E008")
    redirected = [f"/{address}" for address in addresses if _is_sent_to_https(address)]
    if redirected:
        message = f"A redirect to https ends the call, and these webhooks have one: {', '.join(redirected)}"
        hint = 'Add r"^tropo(/|$)", or what your address begins with, to SECURE_REDIRECT_EXEMPT.'
        yield Error(message, hint=hint, id="tropo.E003")
    if settings.PREPEND_WWW:
        message = "A redirect ends the call, and PREPEND_WWW makes one for every address."
        yield Error(message, hint="Switch it off: a web server can do so for people alone.", id="tropo.E003")


@register(Tags.security)
def check_middleware(**kwargs: Any) -> Iterator[CheckMessage]:
    known = {name: import_string(name) for name in settings.MIDDLEWARE}
    doors = [name for name in settings.MIDDLEWARE if _is_door(known[name])]
    if len(doors) != 1:
        message = f"MIDDLEWARE must hold tropo.middleware.TropoMiddleware once, not {len(doors)} times."
        yield Error(message, hint="Put it before SessionMiddleware.", id="tropo.E004")
        return
    for name in settings.MIDDLEWARE[: settings.MIDDLEWARE.index(doors[0])]:
        if hasattr(known[name], "process_view"):
            message = f"{name} acts on a POST to the webhook before its token is checked."
            yield Error(message, hint=f"Put {doors[0]} before it in MIDDLEWARE.", id="tropo.E005")


@register(Tags.security)
def check_upload_limit(**kwargs: Any) -> Iterator[CheckMessage]:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if limit is not None and limit < MAX_BYTES:
        message = f"DATA_UPLOAD_MAX_MEMORY_SIZE is {limit}, and a result may have {MAX_BYTES} bytes."
        yield Error(message, hint=f"Set it to {MAX_BYTES} or more.", id="tropo.E006")


@register(Tags.security, deploy=True)
def check_hosts(**kwargs: Any) -> Iterator[CheckMessage]:
    if "*" in settings.ALLOWED_HOSTS:
        hint = "Name the hosts that callers' platforms and people use."
        yield CheckWarning("ALLOWED_HOSTS allows every host.", hint=hint, id="tropo.W001")


def _webhooks(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The addresses of all webhooks as the URLconf writes them, without the first slash."""
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern).strip("^$")
        if isinstance(entry, URLResolver):
            yield from _webhooks(entry, address)
        elif isinstance(entry, URLPattern) and getattr(entry.callback, "tropo_webhook", False):
            yield address


def _is_sent_to_https(address: str) -> bool:
    exempt = any(re.search(pattern, address) for pattern in settings.SECURE_REDIRECT_EXEMPT)
    return settings.SECURE_SSL_REDIRECT and not exempt


def _is_door(middleware: object) -> bool:
    return isinstance(middleware, type) and issubclass(middleware, TropoMiddleware)
