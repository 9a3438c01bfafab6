"""A conversation that is kept and had again: what is in the file, what differs, and files that are none."""

import io
import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from calls.models import Turn
from phone.actions import HangUp, Keys, Silence, Words
from phone.events import Ended, Event, Kind
from phone.tape import Called, Recorder, TapeError, read_tape

CALLED = Called("+14075550100", "+14075550142", "reception")
HEAD = json.dumps({"phone": 1, "to": "+14075550100", "caller": "+14075550142", "text": False})


def test_what_was_taken_down_can_be_read_back() -> None:
    file = io.StringIO()
    recorder = Recorder(CALLED, "s3cret", file)
    for item in (Keys("1"), Words("chicago", 55), Silence(), HangUp()):
        recorder.did(item)
    recorder.add(Event(1.5, Kind.APP_SAYS, "Which city?\nSay s3cret."))
    recorder.end(Ended(2.0, "caller"))
    recorder.dead("no reply from http://a/tropo/s3cret/")
    assert "s3cret" not in file.getvalue()
    tape = read_tape(file.getvalue().splitlines())
    assert tape == recorder.tape
    assert tape.called == CALLED
    assert tape.items == [Keys("1"), Words("chicago", 55), Silence(), HangUp()]
    assert tape.lines == [
        "app says: Which city?",
        "app says: Say ***.",
        "ended by the caller",
        "the line went dead: no reply from http://a/tropo/***/",
    ]


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([], "the file is empty"),
        (["{"], "line 1 "),
        (["[]"], "must be a JSON object"),
        (["{}"], "this is no recording"),
        ([HEAD.replace("false", "3")], "`text` true or false"),
        ([HEAD.replace("+14075550100", "me")], "'me' is not a telephone number"),
        ([HEAD, '{"do": "chicago@999"}'], "line 2 .*from 0 to 100"),
        ([HEAD, '{"do": "1"}', '{"at": 1}'], "line 3 .*who|text"),
        ([HEAD, "[" * 100_000], "line 2 "),
    ],
)
def test_a_file_that_is_no_recording_is_refused_with_its_line(lines: list[str], problem: str) -> None:
    with pytest.raises(TapeError, match=problem):
        read_tape(lines)


def phone(*arguments: str) -> str:
    out = io.StringIO()
    call_command("phone", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A kept call with this project: a city that is not known, and then all goes well."""
    path = tmp_path / "call.jsonl"
    script = "1; atlantis; chicago; 90210"
    phone("--flow", settings.DEFAULT_FLOW, "--script", script, "--record", str(path))
    return path


@pytest.mark.django_db(transaction=True)
def test_a_kept_call_is_had_again_and_is_the_same(recorded: Path) -> None:
    before = Turn.objects.count()
    assert phone("--replay", str(recorded)).endswith("\nThe conversation is the recorded one.\n")
    assert Turn.objects.count() == 2 * before
    assert settings.WEBHOOK_TOKENS[0] not in recorded.read_text()


@pytest.mark.django_db(transaction=True)
def test_what_is_no_longer_the_same_is_shown_and_exit_1(recorded: Path, tmp_path: Path) -> None:
    recorded.write_text(recorded.read_text().replace("zip code", "post code"))
    again = tmp_path / "again.jsonl"
    with pytest.raises(CommandError, match="is not the recorded one") as error:
        phone("--replay", str(recorded), "--record", str(again))
    assert error.value.returncode == 1
    assert "-app says: Say or key in your five digit post code." in str(error.value)
    assert "+app says: Say or key in your five digit zip code." in str(error.value)
    assert phone("--replay", str(again)).endswith("\nThe conversation is the recorded one.\n")


@pytest.mark.parametrize(
    ("content", "problem"),
    [("", "the file is empty"), (HEAD, "there is no far end 'None'"), ("\udcff", "utf-8")],
)
def test_a_file_that_cannot_be_replayed_is_exit_2(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "call.jsonl"
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(CommandError, match=problem) as error:
        phone("--replay", str(path))
    assert error.value.returncode == 2


@pytest.mark.parametrize("option", ["--replay", "--record"])
def test_a_file_that_cannot_be_opened_is_exit_2(tmp_path: Path, option: str) -> None:
    with pytest.raises(CommandError, match="No such file") as error:
        phone(option, str(tmp_path / "none" / "call.jsonl"))
    assert error.value.returncode == 2
