"""The hash that stays of a caller: the same for any spelling, another under another key."""

import pytest
from django.core.checks import run_checks
from pytest_django import Settings

from calls.callers import caller_key, caller_keys, mark_of
from calls.models import Call
from tests.webhook import post, session

NUMBER = "+14075550142"


@pytest.mark.django_db
def test_a_call_has_the_key_of_its_caller_from_the_first_post() -> None:
    post(session())
    assert Call.objects.get().caller_key == caller_key(NUMBER)


def test_a_key_is_a_mark_and_a_hash_and_says_nothing_of_the_number() -> None:
    key = caller_key(NUMBER)
    assert len(key) == 36
    assert int(key, 16)
    assert key != caller_key("+14075550143")
    assert caller_keys("(407) 555-0142") == [key]


def test_another_secret_makes_another_key_and_the_retired_one_is_known(settings: Settings) -> None:
    settings.CALLER_HASH_KEYS = ["old" * 9]
    old = caller_key(NUMBER)
    settings.CALLER_HASH_KEYS = ["new" * 9, "old" * 9]
    assert caller_key(NUMBER) != old
    assert caller_keys(NUMBER) == [caller_key(NUMBER), old]
    assert old.startswith(mark_of("old" * 9))


def test_the_default_is_made_of_the_secret_key_and_its_fallbacks(settings: Settings) -> None:
    before = caller_key(NUMBER)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    assert caller_keys(NUMBER) == [caller_key(NUMBER), before]


@pytest.mark.parametrize("number", ["", "anonymous", "Unknown", "anonymous@anonymous.invalid"])
def test_a_withheld_number_has_no_key(number: str) -> None:
    assert caller_key(number) == ""
    assert caller_keys(number) == []


@pytest.mark.parametrize(
    ("setting", "value", "found"),
    [
        ("SESSION_MAX", 0, 1),
        ("TEXT_MAX", -1, 1),
        ("RETENTION_REPLIES", -1, 1),
        ("RETENTION_TURNS", -0.5, 1),
        ("RETENTION_TURNS", 0, 0),
        ("SESSION_MAX", 0.5, 0),
    ],
)
def test_times_that_would_lose_data_stop_the_project(
    setting: str, value: float, found: int, settings: Settings
) -> None:
    setattr(settings, setting, value)
    messages = [message for message in run_checks() if message.id == "calls.E001"]
    assert [setting in message.msg for message in messages] == [True] * found


@pytest.mark.parametrize(
    ("vendor", "storage", "told"),
    [
        ("postgresql", "django.core.files.storage.FileSystemStorage", True),
        ("sqlite", "django.core.files.storage.FileSystemStorage", False),
        ("postgresql", "django.core.files.storage.InMemoryStorage", False),
    ],
)
def test_recordings_on_a_disk_of_one_server_are_told_of_before_a_deploy(
    vendor: str, storage: str, told: bool, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("calls.checks.connection", type("Connection", (), {"vendor": vendor}))
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": storage}}
    ids = [message.id for message in run_checks(include_deployment_checks=True)]
    assert ("calls.I001" in ids) == told
    assert "calls.I001" not in [message.id for message in run_checks()]
