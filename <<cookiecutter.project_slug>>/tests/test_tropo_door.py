"""The door over HTTP: who gets in, who does not, and what a refusal costs."""

import base64
import io
import json
from typing import Any

import pytest
from django.conf import settings
from django.core import checks
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from calls.models import Call, Event, Run
from tests.webhook import post, session

pytestmark = pytest.mark.django_db


def basic(password: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"tropo:{password}".encode()).decode()}


@pytest.mark.parametrize("path", ["/tropo/", "/tropo"])
def test_the_token_as_basic_password_lets_in_with_and_without_the_last_slash(path: str) -> None:
    assert post(session(), path).status_code == 200


@pytest.mark.parametrize("path", ["/tropo/{}/", "/tropo/{}"])
def test_the_token_in_the_path_lets_in(path: str) -> None:
    address = path.format(settings.WEBHOOK_TOKENS[0])
    response = Client().post(address, session(), content_type="application/json")
    assert response.status_code == 200
    assert settings.WEBHOOK_TOKENS[0] not in response.content.decode()


def test_every_live_token_lets_in(settings: Settings) -> None:
    settings.WEBHOOK_TOKENS = ["n" * 43, "o" * 43]
    assert [post(session(), **basic(letter * 43)).status_code for letter in "nox"] == [200, 200, 401]


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("/tropo/", {}, 401),
        ("/tropo/", basic(""), 401),
        ("/tropo/", basic("wrong"), 401),
        ("/tropo/", basic("pässword"), 401),
        ("/tropo/", {"authorization": "Basic %%%"}, 401),
        ("/tropo/", {"authorization": "Bearer abc"}, 401),
        ("/tropo/wrong/", {}, 404),
        ("/tropo/w%C3%B6rong/", {}, 404),
    ],
)
def test_a_bad_token_costs_no_query_and_is_no_reason_to_read_the_body(
    address: str,
    headers: dict[str, str],
    status: int,
    django_assert_num_queries: DjangoAssertNumQueries,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with django_assert_num_queries(0):
        response = Client(headers=headers).post(address, b"x" * 60_000, content_type="application/json")
    assert response.status_code == status
    assert [record.getMessage() for record in caplog.records if record.name == "tropo.refused"] == [
        "refused a POST (token): Authorization: the webhook token is missing or wrong"
    ]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"not json", 400, "(json): $: is not JSON"),
        (b'{"tropo": []}', 400, "(shape): $: must hold exactly one of session and result, as an object"),
        (b'{"result": {}}', 400, "(identifier): $.result.sessionId: must be 1 to 64"),
        (b" " * (64 * 1024 + 1), 413, "(size): Content-Length: must be at most 65536 bytes"),
    ],
)
def test_a_refused_body_gets_4xx_one_log_line_and_writes_nothing(
    body: bytes, status: int, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert post(body).status_code == status
    lines = [record.getMessage() for record in caplog.records if record.name == "tropo.refused"]
    assert len(lines) == 1
    assert words in lines[0]
    assert not Call.objects.exists()
    assert not Run.objects.exists()
    assert not Event.objects.exists()


def test_a_body_shorter_than_its_length_is_refused() -> None:
    body = json.dumps(session()).encode()
    headers = basic(settings.WEBHOOK_TOKENS[0])
    wire: dict[str, Any] = {"CONTENT_LENGTH": str(len(body) + 5), "wsgi.input": io.BytesIO(body)}
    response = Client(headers=headers).generic("POST", "/tropo/", content_type="application/json", **wire)
    assert response.status_code == 400
    assert response.content == b"Content-Length: the body is not as long as it was said to be\n"


@pytest.mark.parametrize("method", ["get", "put", "delete", "head", "options", "patch", "trace"])
def test_only_post_is_allowed(method: str) -> None:
    response = getattr(Client(headers=basic(settings.WEBHOOK_TOKENS[0])), method)("/tropo/")
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


def test_plain_http_is_refused_not_redirected_when_https_is_required(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert post(session()).status_code == 403
    secure = Client(headers=basic(settings.WEBHOOK_TOKENS[0]))
    assert secure.post("/tropo/", session(), content_type="application/json", secure=True).status_code == 200


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({}, []),
        ({"WEBHOOK_TOKENS": []}, ["tropo.E001"]),
        ({"WEBHOOK_TOKENS": ["short"]}, ["tropo.E002"]),
        ({"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": []}, ["tropo.E003"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["tropo.W001"]),
        ({"DEFAULT_FLOW": "nowhere"}, ["flows.E002"]),
    ],
)
def test_a_misconfiguration_speaks_at_start_up(
    changes: dict[str, Any], ids: list[str], settings: Settings
) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    found = checks.run_checks(include_deployment_checks=True)
    ours = [message.id for message in found if message.id and message.id.startswith(("tropo", "flows"))]
    assert ours == ids
