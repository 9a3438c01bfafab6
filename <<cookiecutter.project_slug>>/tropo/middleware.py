"""The door: lets a session or a result of the platform in, and nothing else.

It acts only on views marked with `webhook`. The token comes first, before a byte of the body is read;
what passes is `request.tropo`. What does not gets a 4xx and one log line with its reason.
"""

import base64
import binascii
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError
from django.utils.crypto import constant_time_compare
from django.utils.deprecation import MiddlewareMixin
from django.views.decorators.csrf import csrf_exempt

from tropo import signals
from tropo.reader import MAX_BYTES, read
from tropo.refusals import Reason, Refused
from tropo.results import Result
from tropo.sessions import Session

logger = logging.getLogger("tropo.refused")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class TropoRequest(HttpRequest):
    """A request that came through the door: `request.tropo` is what the platform said."""

    tropo: Session | Result


def webhook(view: View) -> View:
    """Marks a view as an address of the platform. A `token` in its path is read here, not by the view."""
    view.tropo_webhook = True  # type: ignore[attr-defined]  # process_view looks for it
    return csrf_exempt(login_not_required(view))


class TropoMiddleware(MiddlewareMixin):
    """Admits what the platform POSTs to a view marked with `webhook`, and refuses the rest."""

    def process_view(
        self, request: HttpRequest, view: View, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if not getattr(view, "tropo_webhook", False):
            return None
        token = kwargs.pop("token", None)
        try:
            request.tropo = _admit(request, token)  # type: ignore[attr-defined]  # see TropoRequest
        except Refused as refused:
            return _refuse(refused, token_in_path=token is not None)
        return None


def _admit(request: HttpRequest, token: str | None) -> Session | Result:
    if not _is_live(token if token is not None else _basic_password(request)):
        raise Refused(Reason.TOKEN, "the webhook token is missing or wrong", "Authorization")
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise Refused(Reason.INSECURE, "must come by https", "URL")
    if request.method != "POST":
        raise Refused(Reason.METHOD, "must be POST", "method")
    return read(_body(request))


def _is_live(candidate: str) -> bool:
    """Compares with every token, so that the time tells nothing about which came close."""
    matches = [constant_time_compare(candidate, token) for token in settings.WEBHOOK_TOKENS if token]
    return any(matches)


def _basic_password(request: HttpRequest) -> str:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        pair = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return pair.partition(":")[2]


def _body(request: HttpRequest) -> bytes:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    if not declared.isascii() or not declared.isdigit():
        raise Refused(Reason.LENGTH, "must be a whole number", "Content-Length")
    if int(declared) > MAX_BYTES:
        raise Refused(Reason.SIZE, f"must be at most {MAX_BYTES} bytes", "Content-Length")
    try:
        body = request.body
    except UnreadablePostError:
        raise Refused(Reason.LENGTH, "the connection broke before the body was whole", "body") from None
    if len(body) != int(declared):
        raise Refused(Reason.LENGTH, "the body is shorter than it was said to be", "Content-Length")
    return body


def _refuse(refused: Refused, *, token_in_path: bool) -> HttpResponse:
    logger.warning("refused a POST (%s): %s", refused.reason, refused)
    signals.refused.send(sender=TropoMiddleware, reason=refused.reason, address="/tropo/")
    if refused.reason is Reason.TOKEN and token_in_path:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    response = HttpResponse(f"{refused}\n", status=refused.reason.status, content_type="text/plain")
    if refused.reason is Reason.TOKEN:
        response.headers["WWW-Authenticate"] = 'Basic realm="tropo"'
    if refused.reason is Reason.METHOD:
        response.headers["Allow"] = "POST"
    return response
