"""manage.py purge: what is older than its setting goes, to the second, and no figure changes."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Avg, Count, F, Model, Sum
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from calls import recordings
from calls.callers import caller_key
from calls.models import Call, Dial, Event, Recording, Refusal, Run, Turn
from reports import selectors
from tests.rows import SECOND, a_call, a_run, a_turn, an_event, reader

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
NUMBER = "+14075550142"
CLASSES = {
    "RETENTION_TURNS": "turns blanked (runs)",
    "RETENTION_ANSWERS": "answers blanked (runs)",
    "RETENTION_CALLERS": "callers blanked (runs)",
    "RETENTION_RECORDINGS": "recordings deleted",
    "RETENTION_DIALS": "dials blanked",
    "RETENTION_EVENTS": "events deleted",
    "RETENTION_REFUSALS": "refusals deleted",
}


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def only(settings: Settings) -> Callable[..., None]:
    """Everything is kept for good but what is named, in days."""

    def choose(**days: float) -> None:
        for name in CLASSES:
            setattr(settings, name, days.get(name, 0))

    return choose


def purge(**options: Any) -> str:
    """What a purge says that it did, without what it did not."""
    told = StringIO()
    call_command("purge", stdout=told, **options)
    lines = (" ".join(line.split()) for line in told.getvalue().splitlines())
    return ", ".join(line for line in lines if not line.startswith("0 "))


def a_story(ended_at: datetime | None = None, direction: str = "inbound") -> Call:
    """A call with something in every column that purge empties, ended at that time or still open."""
    state = {"form": 1, "flow": "reception", "answers": [["city", "Chicago", "Chicago"]], "prompt": "Which?"}
    start = (ended_at or timezone.now()) - 60 * SECOND
    run = a_run(caller=NUMBER, state=state, reply="{}", started_at=start, sent_at=start, ended_at=ended_at)
    ends = {"caller": NUMBER} if direction == "inbound" else {"caller": "+15550100", "called": NUMBER}
    key, handed = caller_key(NUMBER), {"who": NUMBER}
    end = {"ended_by": "caller", "ended_at": ended_at} if ended_at else {}
    call = a_call(
        run=run, direction=direction, caller_key=key, parameters=handed, started_at=start, **ends, **end
    )
    heard = {"mode": "speech", "confidence": 80, "result": "answered"}
    words = {"utterance": "chicago", "interpretation": "chicago", "value": "Chicago"}
    a_turn(call, 1, **heard, **words)
    a_turn(call, 2, result="no match", mode="speech", confidence=20, utterance="uh")
    return call


def a_recording(call: Call, uploaded_at: datetime) -> Recording:
    found = recordings.keep(
        recordings.Place(call.run_id, "voicemail", 1), ContentFile(b"ID3\x04\x00" + bytes(99), "x.mp3")
    )
    Recording.objects.filter(pk=found.pk).update(
        uploaded_at=uploaded_at, transcription="Hello", transcribed_at=uploaded_at
    )
    found.refresh_from_db()
    return found


def a_dial(at: datetime, **fields: Any) -> Dial:
    given = {"flow": "x", "to": NUMBER, "due_at": at, "claimed_at": at, "state": "done", "data": {"a": 1}}
    return Dial.objects.create(**given | fields)


def row_of(setting: str, at: datetime) -> Model:
    match setting:
        case "RETENTION_RECORDINGS":
            return a_recording(a_story(at), at)
        case "RETENTION_DIALS":
            return a_dial(at)
        case "RETENTION_EVENTS":
            return an_event(None, Event.Kind.STRAY, at)
        case "RETENTION_REFUSALS":
            return Refusal.objects.create(minute=at, reason="x")
    return a_story(at)


@pytest.mark.parametrize("setting", CLASSES)
class TestEachClass:
    @pytest.mark.parametrize(("beyond", "gone"), [(-1, False), (1, True)])
    def test_the_limit_is_kept_to_the_second(
        self, setting: str, beyond: int, gone: bool, only: Callable[..., None]
    ) -> None:
        only(**{setting: 7})
        # What the test itself takes counts: one second less than a limit must not become it.
        row_of(setting, timezone.now() - 7 * DAY - beyond * (SECOND if gone else 9 * SECOND))
        assert purge() == (f"1 {CLASSES[setting]}" if gone else "")

    def test_a_second_purge_changes_nothing(self, setting: str, only: Callable[..., None]) -> None:
        only(**{setting: 7})
        for _ in range(3):
            row_of(setting, timezone.now() - 8 * DAY - (Refusal.objects.count() * 60) * SECOND)
        assert purge() == f"3 {CLASSES[setting]}"
        assert purge() == ""

    def test_a_dry_run_counts_and_changes_nothing(self, setting: str, only: Callable[..., None]) -> None:
        only(**{setting: 7})
        row_of(setting, timezone.now() - 8 * DAY)
        assert purge(dry_run=True) == purge(dry_run=True) == f"1 {CLASSES[setting]}, Nothing was changed."
        assert purge() == f"1 {CLASSES[setting]}"

    def test_0_keeps_for_good(self, setting: str, only: Callable[..., None]) -> None:
        only()
        row_of(setting, timezone.now() - 9999 * DAY)
        assert purge() == ""

    def test_more_than_a_batch_are_done(
        self, setting: str, only: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        only(**{setting: 7})
        for name in ("jobs", "blanking"):
            monkeypatch.setattr(f"calls.{name}.BATCH", 2)
        for _ in range(5):
            row_of(setting, timezone.now() - 8 * DAY - (Refusal.objects.count() * 60) * SECOND)
        assert purge() == f"5 {CLASSES[setting]}"


class TestContents:
    def test_words_go_before_answers(self, only: Callable[..., None]) -> None:
        call = a_story(timezone.now() - 8 * DAY)
        only(RETENTION_TURNS=7)
        purge()
        first, _ = call.turns.order_by("number")
        assert (first.prompt, first.utterance, first.interpretation, first.value) == ("", "", "", "Chicago")
        call.run.refresh_from_db()
        assert (call.run.reply, "prompt" in call.run.state, call.run.kept) == ("", False, Run.Kept.ANSWERS)
        assert call.run.state["answers"] == [["city", "Chicago", "Chicago"]]

    def test_answers_go_with_the_words_and_what_was_handed_in(self, only: Callable[..., None]) -> None:
        call = a_story(timezone.now() - 8 * DAY)
        only(RETENTION_ANSWERS=7)
        purge()
        call.refresh_from_db()
        first, _ = call.turns.order_by("number")
        assert (first.prompt, first.utterance, first.value) == ("", "", "")
        assert (call.parameters, call.run.state, call.run.reply) == ({}, {}, "")

    @pytest.mark.parametrize(
        ("direction", "caller", "called"), [("inbound", "", "+15550100"), ("outbound", "+15550100", "")]
    )
    def test_the_number_at_the_other_end_goes_and_its_key_stays(
        self, direction: str, caller: str, called: str, only: Callable[..., None]
    ) -> None:
        call = a_story(timezone.now() - 8 * DAY, direction)
        only(RETENTION_CALLERS=7)
        purge()
        call.refresh_from_db()
        assert (call.caller, call.called, call.run.caller) == (caller, called, "")
        assert call.caller_key == caller_key(NUMBER)

    def test_a_file_goes_with_its_words_and_stays_gone(
        self, only: Callable[..., None], media: Path, client: Client
    ) -> None:
        call = a_story(timezone.now() - 91 * DAY)
        recording = a_recording(call, timezone.now() - 91 * DAY)
        only(RETENTION_RECORDINGS=90)
        purge()
        recording.refresh_from_db()
        assert [path for path in media.rglob("*") if path.is_file()] == []
        assert (recording.file.name, recording.transcription, recording.size) == ("", "", 104)
        client.force_login(reader())
        assert client.get(f"/reports/recordings/{recording.pk}/").status_code == 404
        assert b"no longer kept" in client.get(f"/reports/calls/{call.pk}/").content

    def test_words_that_come_for_a_purged_recording_are_not_kept(self, only: Callable[..., None]) -> None:
        recording = a_recording(a_story(timezone.now() - 91 * DAY), timezone.now() - 91 * DAY)
        only(RETENTION_RECORDINGS=90)
        purge()
        Recording.objects.update(transcribed_at=None)
        assert recordings.transcribed(recordings.identifier(recording.run_id, "voicemail", 1), "Hello")
        recording.refresh_from_db()
        assert recording.transcription == ""

    def test_a_file_that_cannot_be_deleted_is_told_and_tried_again(
        self, only: Callable[..., None], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        only(RETENTION_RECORDINGS=90)
        kept, _ = [a_recording(a_story(timezone.now() - 91 * DAY), timezone.now() - 91 * DAY) for _ in "ab"]
        delete = default_storage.delete

        def failing(name: str) -> None:
            if name == kept.file.name:
                raise OSError("read-only")
            delete(name)

        monkeypatch.setattr(default_storage, "delete", failing)
        with pytest.raises(CommandError, match="1 recordings could not be deleted"):
            purge()
        assert list(Recording.objects.exclude(file="")) == [kept]
        monkeypatch.undo()
        assert purge() == "1 recordings deleted"

    @pytest.mark.parametrize("state", ["waiting", "launched", "talking"])
    def test_a_call_that_is_still_to_be_made_keeps_its_number(
        self, state: str, only: Callable[..., None]
    ) -> None:
        a_dial(timezone.now() - 99 * DAY, state=state)
        only(RETENTION_DIALS=30)
        assert purge() == ""


def test_an_open_call_is_never_touched() -> None:
    call = a_story()
    long_ago = timezone.now() - 9999 * DAY
    an_event(call, Event.Kind.LATE, long_ago)
    a_recording(call, long_ago)
    Run.objects.update(started_at=long_ago, sent_at=long_ago)
    Call.objects.update(started_at=long_ago)
    assert purge() == ""
    # A text conversation is over, and the last of its sessions is not.
    Run.objects.update(ended_at=long_ago)
    assert purge() == ""


def test_figures_say_the_same_before_and_after() -> None:
    for days in (0.1, 31, 91, 366):
        for direction in ("inbound", "outbound"):
            a_recording(a_story(timezone.now() - days * DAY, direction), timezone.now() - days * DAY)
    before = figures()
    assert len(purge().split(", ")) == 4
    assert figures() == before
    assert not Turn.objects.filter(heard_at__lt=timezone.now() - 366 * DAY).exclude(value="").exists()


def figures() -> list[Any]:
    """What reports are made of."""
    by_result = Turn.objects.values("step", "result", "mode", "attempt").order_by("result")
    per_caller = Call.objects.values("caller_key").annotate(Count("pk"))
    length = F("ended_at") - F("started_at")
    return [
        selectors.figures(),
        list(by_result.annotate(Count("pk"), Avg("confidence"), Sum("took_ms"))),
        list(Run.objects.values("flow", "outcome", "step").annotate(Count("pk"))),
        list(per_caller),
        Call.objects.aggregate(length=Sum(length)),
        Recording.objects.aggregate(Sum("size"), Count("pk")),
    ]


class TestKeys:
    def test_a_new_key_renews_those_whose_number_is_there(self, settings: Settings) -> None:
        known, blanked = a_story(timezone.now() - DAY), a_story(timezone.now() - 40 * DAY)
        purge()
        settings.CALLER_HASH_KEYS = ["new" * 9, "old" * 9]
        assert purge() == "1 caller keys renewed"
        known.refresh_from_db()
        assert known.caller_key == caller_key(NUMBER) != blanked.caller_key
        assert purge() == ""


@pytest.mark.django_db(transaction=True)
def test_two_servers_that_purge_at_once_do_each_row_once(only: Callable[..., None]) -> None:
    for _ in range(20):
        a_recording(a_story(timezone.now() - 400 * DAY), timezone.now() - 400 * DAY)
    only(RETENTION_TURNS=30, RETENTION_CALLERS=30, RETENTION_RECORDINGS=90)
    told: list[str] = []

    def server() -> None:
        try:
            told.append(purge())
        finally:
            connection.close()

    servers = [threading.Thread(target=server) for _ in range(2)]
    for one in servers:
        one.start()
    for one in servers:
        one.join()
    for name in (CLASSES["RETENTION_TURNS"], CLASSES["RETENTION_CALLERS"], CLASSES["RETENTION_RECORDINGS"]):
        lines = [line for words in told for line in words.split(", ") if line.endswith(name)]
        assert sum(int(line.split()[0]) for line in lines) == 20, name
