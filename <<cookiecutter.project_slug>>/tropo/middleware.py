"""The door: lets a session or a result of the platform in, and nothing else.

It acts only on views marked with `webhook`. The token comes first, before a byte of the body is read;
what passes is `request.tropo`. What does not gets a 4xx, one log line with its reason, and the signal
`tropo.signals.refused`.
"""

import base64
import binascii
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError
from django.utils.crypto import constant_time_compare
from django.utils.deprecation import MiddlewareMixin
from django.utils.log import log_response
from django.views.decorators.csrf import csrf_exempt

from tropo.reader import MAX_BYTES, Post, read
from tropo.refusals import Reason, Refused
from tropo.signals import refused as refused_signal

logger = logging.getLogger("tropo.refused")

_LONGEST_LENGTH = len(str(10 * MAX_BYTES))

View = TypeVar("View", bound=Callable[..., HttpResponseBase | Awaitable[HttpResponseBase]])


class TropoRequest(HttpRequest):
    """A request that came through the door: `request.tropo` is what the platform said."""

    tropo: Post


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
            return _refuse(request, refused, token_in_path=token is not None)
        return None


def _admit(request: HttpRequest, token: str | None) -> Post:
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
    declared = request.META.get("CONTENT_LENGTH") or ""
    if not declared.isascii() or not declared.isdigit():
        raise Refused(Reason.LENGTH, "must be there, as a whole number", "Content-Length")
    if len(declared) > _LONGEST_LENGTH or int(declared) > MAX_BYTES:
        raise Refused(Reason.SIZE, f"must be at most {MAX_BYTES} bytes", "Content-Length")
    try:
        body = request.body
    except RequestDataTooBig:
        raise Refused(Reason.SIZE, "must be at most DATA_UPLOAD_MAX_MEMORY_SIZE", "Content-Length") from None
    except UnreadablePostError:
        raise Refused(Reason.LENGTH, "the connection broke before the body was whole", "body") from None
    if len(body) != int(declared):
        raise Refused(Reason.LENGTH, "the body is not as long as it was said to be", "Content-Length")
    return body


def _refuse(request: HttpRequest, refused: Refused, *, token_in_path: bool) -> HttpResponse:
    response = _answer(refused, token_in_path=token_in_path)
    # This marks the response as logged: Django's own line would hold the path, and so the token.
    log_response("refused a POST (%s): %s", refused.reason, refused, response=response, logger=logger)
    # The address as the URLconf writes it, with a placeholder for the token.
    address = f"/{request.resolver_match.route}" if request.resolver_match else ""
    refused_signal.send_robust(TropoMiddleware, reason=refused.reason, address=address)
    return response


def _answer(refused: Refused, *, token_in_path: bool) -> HttpResponse:
    if refused.reason is Reason.TOKEN and token_in_path:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    response = HttpResponse(f"{refused}\n", status=refused.reason.status, content_type="text/plain")
    if refused.reason is Reason.TOKEN:
        response.headers["WWW-Authenticate"] = 'Basic realm="tropo"'
    if refused.reason is Reason.METHOD:
        response.headers["Allow"] = "POST"
    return response
