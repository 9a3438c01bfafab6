"""manage.py forget: nothing says any more who somebody was, in any row, page or log; figures stay."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from calls import optouts, recordings
from calls.callers import caller_key
from calls.models import Call, Dial, OptOut, Recording, Run, Turn
from tests.leaks import Search
from tests.rows import a_call, a_run, a_turn

pytestmark = pytest.mark.django_db

NUMBER, OTHER = "+14075550142", "+14075550143"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def a_story(number: str = NUMBER, direction: str = "inbound", **fields: Any) -> Call:
    """A call of that number, with words, answers, a recording, and a dial behind it."""
    now = timezone.now()
    answers = [["name", f"Answer of {number}", ""]]
    run = a_run(caller=number, ended_at=now, reply=f"Hello {number}", state={"answers": answers})
    ends = {"caller": number} if direction == "inbound" else {"caller": "+15550100", "called": number}
    given: dict[str, Any] = {"ended_by": "caller", "ended_at": now, "started_at": now - timedelta(minutes=1)}
    handed = {"number": number}
    call = a_call(
        run=run,
        direction=direction,
        parameters=handed,
        caller_key=caller_key(number),
        **ends | given | fields,
    )
    a_turn(call, 1, utterance=f"I am {number}", value=f"Answer of {number}", prompt=f"Hello {number}")
    place = recordings.Place(run.pk, "voicemail", 1)
    recordings.keep(place, ContentFile(b"ID3\x04\x00" + bytes(99), "x.mp3"))
    Recording.objects.filter(run=run).update(transcription=f"Message of {number}")
    Dial.objects.create(
        flow="x", to=number, due_at=now, data={"to": number}, key=f"{call.pk} {number}", run=run
    )
    return call


def forget(*numbers: str, **options: Any) -> str:
    told = StringIO()
    callers = [f"--caller={number}" for number in numbers]
    call_command("forget", *callers, "--yes", stdout=told, **options)
    return told.getvalue()


@pytest.mark.parametrize("spelling", [NUMBER, "(407) 555-0142", "4075550142", "+1 407 555 0142"])
def test_any_spelling_is_forgotten_everywhere(
    spelling: str, caplog: pytest.LogCaptureFixture, media: Path
) -> None:
    a_story(direction="inbound")
    a_story(direction="outbound")
    caplog.set_level("INFO")
    told = forget(spelling)
    assert "erased 2 recordings, 2 dials, 2 conversations, 0 opt-outs" in told
    assert Search((NUMBER, "4075550142"), caplog, []).found == set()
    assert [path for path in media.rglob("*") if path.is_file()] == []
    (line,) = [record.getMessage() for record in caplog.records if record.name == "calls.forgetting"]
    assert (
        line
        == f"caller {caller_key(NUMBER)} was forgotten: 2 recordings, 2 dials, 2 conversations, 0 opt-outs"
    )
    assert (Call.objects.count(), Turn.objects.count(), Recording.objects.count()) == (2, 2, 2)
    assert set(Call.objects.values_list("caller_key", flat=True)) == {""}


def test_the_search_finds_what_is_there(caplog: pytest.LogCaptureFixture) -> None:
    a_story()
    found = Search((NUMBER,), caplog, []).found
    assert {"table calls_call", "table calls_run", "table calls_turn", "table calls_recording"} <= found
    assert {"table calls_dial", "page reports", "page admin"} <= found


def test_nobody_else_is_forgotten() -> None:
    other = a_story(OTHER)
    a_story()
    forget(NUMBER)
    other.refresh_from_db()
    assert (other.caller, other.run.state["answers"][0][1]) == (OTHER, f"Answer of {OTHER}")
    assert Dial.objects.filter(to=OTHER, state="waiting").count() == 1


def test_several_are_forgotten_at_once_and_again_changes_nothing() -> None:
    for number in (NUMBER, OTHER):
        a_story(number)
    assert forget(NUMBER, OTHER).count("erased 1 recordings, 1 dials, 1 conversations") == 2
    assert forget(NUMBER, OTHER).count("erased 0 recordings, 0 dials, 0 conversations") == 2


def test_calls_whose_number_was_purged_are_found_by_the_key_also_a_retired_one(settings: Settings) -> None:
    settings.CALLER_HASH_KEYS = ["old" * 9]
    call = a_story()
    Call.objects.update(caller="")
    Run.objects.update(caller="")
    settings.CALLER_HASH_KEYS = ["new" * 9, "old" * 9]
    assert "1 conversations" in forget(NUMBER)
    call.run.refresh_from_db()
    assert (call.run.state, call.turns.get().value) == ({}, "")


def test_a_call_that_waits_is_never_made() -> None:
    a_story()
    forget(NUMBER)
    assert Dial.objects.get().state == "given up"


def test_opt_outs_stay_unless_they_are_asked_for() -> None:
    optouts.add(NUMBER)
    forget(NUMBER)
    assert OptOut.objects.count() == 1
    assert "1 opt-outs" in forget(NUMBER, opt_outs=True)
    assert OptOut.objects.count() == 0


def test_a_call_under_way_is_left_and_told() -> None:
    call = a_story(ended_by="", ended_at=None, state="open")
    Run.objects.update(ended_at=None)
    with pytest.raises(CommandError, match="under way; when it is over, forget it again"):
        forget(NUMBER)
    call.refresh_from_db()
    assert (call.caller, call.run.state != {}) == (NUMBER, True)


def test_it_asks_first(monkeypatch: pytest.MonkeyPatch) -> None:
    a_story()
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return "no"

    monkeypatch.setattr("builtins.input", answer)
    with pytest.raises(CommandError, match="nothing was erased"):
        call_command("forget", caller=[NUMBER], stdout=StringIO())
    assert (len(asked), Call.objects.get().caller) == (1, NUMBER)


@pytest.mark.parametrize("number", ["", "anonymous", "Unknown"])
def test_a_number_that_was_withheld_is_nobodys(number: str) -> None:
    assert caller_key(number) == ""
    a_story(number)
    with pytest.raises(CommandError, match="is no number"):
        forget(number)
    assert Turn.objects.get().value != ""
