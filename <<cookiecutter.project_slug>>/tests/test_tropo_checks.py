"""Every misconfiguration of the door speaks at start-up, by its id and with what to do."""

from typing import Any

import pytest
from django.conf import settings as configured
from django.core import checks
from django.http import HttpRequest
from django.urls import include, path
from django.utils.deprecation import MiddlewareMixin
from pytest_django import Settings

from tropo.middleware import TropoMiddleware

DOOR = "tropo.middleware.TropoMiddleware"
OTHERS = [name for name in configured.MIDDLEWARE if name != DOOR]
LONG = ["n" * 43, "o" * 43]


class Nosy(MiddlewareMixin):
    """A middleware that acts before the view, as a login check does."""

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        raise NotImplementedError


class OwnDoor(TropoMiddleware):
    """A door that somebody has changed."""


class NoWebhook:
    """A URLconf without the platform's address."""

    urlpatterns = [path("", include([]))]


class OwnAddress:
    """A URLconf with the platform's address at another place."""

    urlpatterns = [path("voice/", include("flows.urls"))]


def found(settings: Settings, changes: dict[str, Any]) -> list[checks.CheckMessage]:
    for name, value in changes.items():
        setattr(settings, name, value)
    messages = checks.run_checks(tags=[checks.Tags.security], include_deployment_checks=True)
    return [message for message in messages if message.id and message.id.startswith("tropo.")]


@pytest.mark.parametrize(
    ("changes", "ids"),
    [
        ({"WEBHOOK_TOKENS": []}, ["tropo.E001"]),
        ({"WEBHOOK_TOKENS": ["s" * 31]}, ["tropo.E002"]),
        ({"WEBHOOK_TOKENS": [*LONG, ""]}, ["tropo.E002"]),
        ({"WEBHOOK_TOKENS": [*LONG, "a/b" * 11]}, ["tropo.E007"]),
        ({"WEBHOOK_TOKENS": ["ä" * 32]}, ["tropo.E007"]),
        ({"WEBHOOK_TOKENS": [*LONG, LONG[0]]}, ["tropo.W002"]),
        ({"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": []}, ["tropo.E003"]),
        ({"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": ["^tropo/$"]}, ["tropo.E003"]),
        ({"SECURE_SSL_REDIRECT": True, "ROOT_URLCONF": OwnAddress}, ["tropo.E003"]),
        ({"PREPEND_WWW": True}, ["tropo.E003"]),
        ({"MIDDLEWARE": OTHERS}, ["tropo.E004"]),
        ({"MIDDLEWARE": [DOOR, DOOR, *OTHERS]}, ["tropo.E004"]),
        ({"MIDDLEWARE": [f"{__name__}.Nosy", DOOR]}, ["tropo.E005"]),
        ({"MIDDLEWARE": [*OTHERS, DOOR]}, ["tropo.E005"] * 2),
        ({"DATA_UPLOAD_MAX_MEMORY_SIZE": 65535}, ["tropo.E006"]),
        ({"ROOT_URLCONF": NoWebhook}, ["tropo.E008"]),
        ({"ALLOWED_HOSTS": ["localhost", "*"]}, ["tropo.W001"]),
    ],
)
def test_a_misconfiguration_speaks_at_start_up(
    changes: dict[str, Any], ids: list[str], settings: Settings
) -> None:
    messages = found(settings, changes)
    assert [message.id for message in messages] == ids
    assert all(message.hint for message in messages)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"WEBHOOK_TOKENS": LONG},
        {"WEBHOOK_TOKENS": ["aZ09-._~" * 4]},
        {"SECURE_SSL_REDIRECT": True},
        {"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": ["^voice/"], "ROOT_URLCONF": OwnAddress},
        {"SECURE_REDIRECT_EXEMPT": []},
        {"MIDDLEWARE": [DOOR, f"{__name__}.Nosy", *OTHERS]},
        {"MIDDLEWARE": [f"{__name__}.OwnDoor"]},
        {"DATA_UPLOAD_MAX_MEMORY_SIZE": 65536},
        {"DATA_UPLOAD_MAX_MEMORY_SIZE": None},
        {"ALLOWED_HOSTS": [".example.com"]},
    ],
)
def test_what_is_right_is_silent(changes: dict[str, Any], settings: Settings) -> None:
    assert found(settings, changes) == []


def test_a_token_is_in_no_message(settings: Settings) -> None:
    messages = found(settings, {"WEBHOOK_TOKENS": ["short secret", "short secret"]})
    assert [message.id for message in messages] == ["tropo.E002", "tropo.E007", "tropo.W002"]
    assert "secret" not in " ".join(message.msg + str(message.hint) for message in messages).replace(
        "import secrets; print(secrets.", ""
    )
