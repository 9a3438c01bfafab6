"""Messages that callers leave: uploaded to a signed address, kept once, heard by those who may."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from calls import recordings
from calls.models import Call, Recording
from calls.tokens import TurnToken
from calls.uploads import MAX_BYTES
from phone.wav import Upload, tone
from tests.rows import a_call, reader

pytestmark = pytest.mark.django_db

WAV = tone(2)
MP3 = b"ID3\x04\x00" + bytes(100)
BARE_MP3 = b"\xff\xfb\x90\x00" + bytes(100)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    settings.PUBLIC_URL = "https://ivr.example.com"
    return tmp_path


@pytest.fixture
def call() -> Call:
    return a_call()


def path_of(call: Call, step: str = "voicemail", visit: int = 1) -> str:
    return urlsplit(recordings.address(call.run_id, step, visit)).path


def upload(path: str, sound: bytes = WAV, part: str = "filename", **options: Any) -> Any:
    file = SimpleUploadedFile("0a1b2c3d4.wav", sound, "application/octet-stream")
    return Client().post(path, {part: file}, **options)


def kept_files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


class TestUploads:
    def test_the_address_is_absolute_and_says_nothing_of_the_webhook(
        self, call: Call, settings: Settings
    ) -> None:
        address = recordings.address(call.run_id, "voicemail", 2)
        assert address.startswith(f"https://ivr.example.com/tropo/recordings/{call.run_id.hex}.voicemail.2:")
        assert not [token for token in settings.WEBHOOK_TOKENS if token in address]

    @pytest.mark.parametrize(
        ("sound", "content_type", "seconds", "ending"),
        [
            (WAV, "audio/wav", 2, ".wav"),
            (WAV[:50], "audio/wav", 0, ".wav"),
            (WAV[:12], "audio/wav", None, ".wav"),
            (MP3, "audio/mpeg", None, ".mp3"),
            (BARE_MP3, "audio/mpeg", None, ".mp3"),
        ],
    )
    def test_what_the_platform_uploads_is_kept(
        self, call: Call, media: Path, sound: bytes, content_type: str, seconds: int | None, ending: str
    ) -> None:
        assert upload(path_of(call), sound).status_code == 200
        recording = Recording.objects.get()
        assert (recording.call, recording.run, recording.step, recording.visit) == (
            call,
            call.run,
            "voicemail",
            1,
        )
        assert (recording.content_type, recording.seconds, recording.size) == (
            content_type,
            seconds,
            len(sound),
        )
        (file,) = kept_files(media)
        assert file.read_bytes() == sound
        assert file.suffix == ending
        assert "0a1b2c3d4" not in str(file)

    def test_the_form_of_the_simulated_platform_is_taken_with_and_without_the_last_slash(
        self, call: Call
    ) -> None:
        form = Upload("https://ivr.example.com/", 3, "0a1b.wav")
        for path in (path_of(call, "first"), path_of(call, "second").rstrip("/")):
            response = Client().post(path, form.body, content_type=form.headers["Content-Type"])
            assert response.status_code == 200
        assert list(Recording.objects.values_list("seconds", flat=True)) == [3, 3]

    def test_a_second_upload_replaces_nothing(self, call: Call, media: Path) -> None:
        assert [upload(path_of(call), sound).status_code for sound in (WAV, MP3)] == [200, 200]
        assert Recording.objects.get().content_type == "audio/wav"
        assert [path.read_bytes() for path in kept_files(media)] == [WAV]

    def test_another_visit_is_another_recording(self, call: Call) -> None:
        for visit in (1, 2):
            upload(path_of(call, visit=visit))
        assert list(Recording.objects.order_by("visit").values_list("visit", flat=True)) == [1, 2]

    @pytest.mark.django_db(transaction=True)
    def test_of_uploads_that_come_at_once_one_is_kept_and_all_are_told_so(
        self, call: Call, media: Path
    ) -> None:
        path = path_of(call)

        def one(number: int) -> int:
            try:
                return int(upload(path).status_code)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(one, range(4))) == [200] * 4
        assert Recording.objects.count() == len(kept_files(media)) == 1

    def test_more_than_a_result_may_have_is_taken(self, call: Call) -> None:
        assert upload(path_of(call), WAV + bytes(300_000)).status_code == 200

    @pytest.mark.parametrize(
        "sound",
        [b"MZ\x90\x00" + bytes(100), b"<html><script>", b"RIFF1234AVI LIST", b"\xff\xff\xff\xff", b"x"],
    )
    def test_what_is_no_sound_is_415(self, call: Call, media: Path, sound: bytes) -> None:
        assert upload(path_of(call), sound).status_code == 415
        assert (Recording.objects.count(), kept_files(media)) == (0, [])

    def test_what_is_too_long_is_413(self, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
        assert upload(path_of(call), WAV, CONTENT_LENGTH=str(MAX_BYTES + 5000)).status_code == 413
        monkeypatch.setattr("calls.uploads.MAX_BYTES", len(WAV) - 1)
        assert upload(path_of(call)).status_code == 413
        assert not Recording.objects.exists()

    @pytest.mark.parametrize(
        ("options", "status"),
        [
            ({"part": "sound"}, 400),
            ({"sound": b""}, 400),
            ({"CONTENT_LENGTH": ""}, 411),
            ({"CONTENT_LENGTH": "-1"}, 411),
            ({"CONTENT_TYPE": "multipart/form-data"}, 400),
        ],
    )
    def test_a_form_that_cannot_be_read_is_refused(
        self, call: Call, options: dict[str, Any], status: int
    ) -> None:
        assert upload(path_of(call), **options).status_code == status
        assert not Recording.objects.exists()

    def test_only_posts_are_taken(self, call: Call) -> None:
        assert [Client().get(path_of(call)).status_code, Client().put(path_of(call)).status_code] == [
            405,
            405,
        ]

    def test_it_must_come_by_https_where_https_is_on(self, call: Call, settings: Settings) -> None:
        settings.SECURE_SSL_REDIRECT = True
        assert upload(path_of(call)).status_code == 403
        assert upload(path_of(call), secure=True).status_code == 200

    def test_no_other_signature_opens_the_address(self, call: Call, media: Path) -> None:
        token = TurnToken(call.run_id, 1, "voicemail", 1, 1, "0" * 8).sign("continue")
        words = recordings.identifier(call.run_id, "voicemail", 1)
        for name in ("x", f"{call.run_id.hex}.voicemail.1", token, words, path_of(call)[18:-2]):
            assert upload(f"/tropo/recordings/{name}/").status_code == 404, name
        assert kept_files(media) == []

    def test_a_forged_name_is_refused_before_the_body_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(
            HttpRequest, "_load_post_and_files", lambda self: pytest.fail("the body was read")
        )
        assert upload("/tropo/recordings/x/").status_code == 404

    def test_a_run_that_is_gone_has_no_recordings(self, media: Path) -> None:
        path = urlsplit(recordings.address(uuid4(), "voicemail", 1)).path
        assert upload(path).status_code == 404
        assert kept_files(media) == []


class TestTranscriptions:
    def test_the_first_words_are_attached(self, call: Call) -> None:
        upload(path_of(call))
        name = recordings.identifier(call.run_id, "voicemail", 1)
        assert [recordings.transcribed(name, text) for text in ("Hello.", "Other.")] == [True, True]
        recording = Recording.objects.get()
        assert (recording.transcription, recording.transcribed_at is not None) == ("Hello.", True)

    def test_an_identifier_that_is_not_ours_changes_nothing(
        self, call: Call, caplog: pytest.LogCaptureFixture
    ) -> None:
        upload(path_of(call))
        for name in ("", "x", path_of(call).split("/")[3]):
            assert not recordings.transcribed(name, "secret words")
        assert Recording.objects.get().transcription == ""
        assert caplog.text.count("whose identifier is not ours") == 3
        assert "secret words" not in caplog.text

    def test_words_without_a_recording_are_told(self, call: Call) -> None:
        assert not recordings.transcribed(recordings.identifier(call.run_id, "voicemail", 1), "Hello.")


class TestMail:
    @pytest.fixture(autouse=True)
    def addresses(self, settings: Settings) -> None:
        settings.RECORDING_MAIL = ["desk@example.com"]

    def test_a_message_is_told_with_its_page_and_without_who_called(
        self, call: Call, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            upload(path_of(call))
            upload(path_of(call))
        (message,) = mail.outbox
        assert message.to == ["desk@example.com"]
        assert f"https://ivr.example.com/reports/calls/{call.pk}/" in message.body
        assert call.caller not in f"{message.subject} {message.body}"
        assert message.attachments == []

    def test_a_mail_that_fails_loses_no_recording(
        self,
        call: Call,
        settings: Settings,
        django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        settings.EMAIL_BACKEND = "no.such.Backend"
        with django_capture_on_commit_callbacks(execute=True):
            assert upload(path_of(call)).status_code == 200
        assert Recording.objects.count() == 1
        assert "Error calling" in caplog.text

    def test_a_test_call_tells_nobody(
        self, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            upload(path_of(a_call(is_test=True)))
        assert mail.outbox == []


class TestListening:
    @pytest.fixture
    def recording(self, call: Call) -> Recording:
        upload(path_of(call))
        return Recording.objects.get()

    @pytest.fixture
    def client(self, client: Client) -> Client:
        client.force_login(reader())
        return client

    def test_a_reader_hears_it(self, client: Client, recording: Recording) -> None:
        response = client.get(f"/reports/recordings/{recording.pk}/")
        assert b"".join(response) == WAV
        assert response["Content-Type"] == "audio/wav"
        assert response["Content-Disposition"] == 'inline; filename="recording"'
        assert (response["X-Content-Type-Options"], response["Accept-Ranges"]) == ("nosniff", "bytes")
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize(
        ("wanted", "begin", "end"),
        [
            ("bytes=0-1", 0, 1),
            ("bytes=100-", 100, len(WAV) - 1),
            ("bytes=-10", len(WAV) - 10, len(WAV) - 1),
            ("bytes=10-99999999", 10, len(WAV) - 1),
            ("bytes=-99999999", 0, len(WAV) - 1),
        ],
    )
    def test_a_player_gets_the_part_that_it_asks_for(
        self, client: Client, recording: Recording, wanted: str, begin: int, end: int
    ) -> None:
        response = client.get(f"/reports/recordings/{recording.pk}/", headers={"range": wanted})
        assert (response.status_code, response["Content-Range"]) == (206, f"bytes {begin}-{end}/{len(WAV)}")
        assert response.content == WAV[begin : end + 1]

    @pytest.mark.parametrize("wanted", ["bytes=99999999-", "bytes=5-4", "bytes=-0"])
    def test_a_part_that_is_not_there_is_416(self, client: Client, recording: Recording, wanted: str) -> None:
        response = client.get(f"/reports/recordings/{recording.pk}/", headers={"range": wanted})
        assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(WAV)}")

    @pytest.mark.parametrize("wanted", ["bytes=0-1,5-9", "lines=1-2", "bytes=-", "bytes=x-y"])
    def test_a_range_that_is_none_gets_the_whole(
        self, client: Client, recording: Recording, wanted: str
    ) -> None:
        response = client.get(f"/reports/recordings/{recording.pk}/", headers={"range": wanted})
        assert (response.status_code, b"".join(response)) == (200, WAV)

    def test_nobody_else_does(self, recording: Recording) -> None:
        path = f"/reports/recordings/{recording.pk}/"
        stranger = Client()
        assert stranger.get(path).status_code == 302
        stranger.force_login(User.objects.create_user("newcomer", is_staff=True))
        assert stranger.get(path).status_code == 403

    def test_what_is_not_there_is_404(self, client: Client, recording: Recording, media: Path) -> None:
        assert client.get(f"/reports/recordings/{uuid4()}/").status_code == 404
        for file in kept_files(media):
            file.unlink()
        assert client.get(f"/reports/recordings/{recording.pk}/").status_code == 404

    def test_the_calls_page_plays_it(self, client: Client, recording: Recording) -> None:
        recordings.transcribed(recordings.identifier(recording.run_id, "voicemail", 1), "<b>Hello</b>")
        response = client.get(f"/reports/calls/{recording.call_id}/")
        page = response.content.decode()
        assert f'src="/reports/recordings/{recording.pk}/"></audio>' in page
        assert "voicemail, 2 s" in page
        assert "&lt;b&gt;Hello&lt;/b&gt;" in page
        assert "media-src 'self'" in response["Content-Security-Policy"]

    def test_a_call_without_one_has_no_player(self, client: Client, call: Call) -> None:
        assert "<audio" not in client.get(f"/reports/calls/{call.pk}/").content.decode()
