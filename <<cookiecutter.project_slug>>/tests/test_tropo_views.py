"""The door in front of an owner's own views, sync and async, and of views that are none of its business."""

import base64
import json

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import AsyncClient, Client
from django.urls import path

from tests.webhook import result, session
from tropo import Result, Session, TranscriptionResult, Tropo
from tropo.middleware import TropoRequest, webhook

PASSWORD = base64.b64encode(f"any user:{settings.WEBHOOK_TOKENS[0]}".encode()).decode()
JSON = "application/json"


def answer(request: TropoRequest) -> HttpResponse:
    document = Tropo().to_json()
    return HttpResponse(document, headers={"Kind": type(request.tropo).__name__}, content_type=JSON)


@webhook
def sync_view(request: TropoRequest) -> HttpResponse:
    return answer(request)


@webhook
async def async_view(request: TropoRequest) -> HttpResponse:
    return answer(request)


@login_not_required
def people(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(hasattr(request, "tropo")))


urlpatterns = [
    path("sync", sync_view),
    path("sync/<str:token>", sync_view),
    path("async", async_view),
    path("async/<str:token>", async_view),
    path("login", people, name="login"),
]

pytestmark = pytest.mark.urls(__name__)


def post(address: str, body: object, *, in_async: bool, **headers: str) -> HttpResponseBase:
    """The response to a POST through the WSGI handler, or through the ASGI handler."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    if in_async:
        return async_to_sync(AsyncClient().post)(address, data, content_type=JSON, headers=headers)
    return Client().post(address, data, content_type=JSON, headers=headers)


both = pytest.mark.parametrize("in_async", [False, True], ids=["WSGI", "ASGI"])
views = pytest.mark.parametrize("address", ["/sync", "/async"])


@both
@views
def test_a_view_gets_the_value_object_without_a_database(address: str, in_async: bool) -> None:
    posts = {
        Session: session(),
        Result: result(),
        TranscriptionResult: {"result": {"transcription": "call back"}},
    }
    for kind, body in posts.items():
        response = post(address, body, in_async=in_async, authorization=f"Basic {PASSWORD}")
        assert (response.status_code, response.headers["Kind"]) == (200, kind.__name__)


@both
@views
def test_a_token_in_the_path_is_not_the_views_business(address: str, in_async: bool) -> None:
    response = post(f"{address}/{settings.WEBHOOK_TOKENS[0]}", session(), in_async=in_async)
    assert response.headers["Kind"] == "Session"


@both
@views
def test_what_is_refused_never_reaches_the_view(address: str, in_async: bool) -> None:
    good = f"Basic {PASSWORD}"
    assert post(address, session(), in_async=in_async).status_code == 401
    assert post(f"{address}/wrong", session(), in_async=in_async).status_code == 404
    assert post(address, b"not json", in_async=in_async, authorization=good).status_code == 400
    assert post(address, b" " * 65537, in_async=in_async, authorization=good).status_code == 413


@both
def test_another_view_is_let_alone(in_async: bool) -> None:
    response = async_to_sync(AsyncClient().get)("/login") if in_async else Client().get("/login")
    assert response.content == b"False"
