"""Audio files beside their words: found by language, absolute, and named when they are missing."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from pytest_django import Settings

from flows import Flow, Next, say, sound
from flows.flow import registry
from flows.prompts import Audio
from flows.sound import address, missing


@pytest.fixture(autouse=True)
def sounds(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A folder of sounds with one file in English, and one only as it is said in the United States."""
    settings.PUBLIC_URL = "https://ivr.example.com"
    settings.STATICFILES_DIRS = [tmp_path]
    for name in ("en/welcome.wav", "en-us/zip.wav"):
        (tmp_path / "sounds" / name).parent.mkdir(parents=True)
        (tmp_path / "sounds" / name).write_bytes(b"RIFF")
    sound._path.cache_clear()
    yield tmp_path
    sound._path.cache_clear()


@pytest.mark.parametrize(
    ("file", "language", "found"),
    [
        ("welcome.wav", "en-us", "https://ivr.example.com/static/sounds/en/welcome.wav"),
        ("welcome.wav", "EN-GB", "https://ivr.example.com/static/sounds/en/welcome.wav"),
        ("zip.wav", "en-us", "https://ivr.example.com/static/sounds/en-us/zip.wav"),
        ("zip.wav", "en-gb", None),
        ("welcome.wav", "es-us", None),
        ("welcome.wav", "", None),
    ],
)
def test_a_file_is_found_by_its_language(file: str, language: str, found: str | None) -> None:
    assert address(file, language) == found


def test_without_a_public_address_the_words_are_said(settings: Settings) -> None:
    settings.PUBLIC_URL = ""
    assert address("welcome.wav", "en-us") is None


def test_static_files_may_lie_elsewhere(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = StaticFilesStorage(base_url="https://cdn.example.com/s/")
    monkeypatch.setattr(sound, "staticfiles_storage", elsewhere)
    assert address("welcome.wav", "en") == "https://cdn.example.com/s/sounds/en/welcome.wav"


def test_a_file_outside_of_the_folder_is_not_served(caplog: pytest.LogCaptureFixture) -> None:
    assert address("../../../secret.wav", "en") is None
    assert "outside of static/sounds/" in caplog.text


def test_a_file_that_was_not_collected_is_not_looked_for_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Collected(StaticFilesStorage):
        def url(self, name: str | None) -> str:
            raise ValueError("Missing staticfiles manifest entry")

    monkeypatch.setattr(sound, "staticfiles_storage", Collected())
    assert [address("welcome.wav", "en") for _ in range(3)] == [None] * 3
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "run collectstatic" in caplog.text


def test_a_flow_names_the_files_it_lacks() -> None:
    welcome: Any = Audio("welcome.wav", "Welcome.")
    bye: Any = Audio("bye.wav", "Goodbye.")

    class Spoken(Flow):
        goodbye = bye

        @say(welcome)
        def start(self) -> Next:
            return self.once_more

        @say(welcome)
        def once_more(self) -> Next:
            return None

    del registry["spoken"]
    assert missing(Spoken, ["en-us", "es-us"]) == [(welcome, "es-us"), (bye, "en-us"), (bye, "es-us")]
