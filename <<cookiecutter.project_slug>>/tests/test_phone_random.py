"""Whatever an application answers and a caller does, a line ends, and posts what an application can read."""

import json
from contextlib import suppress
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from phone.actions import Action, HangUp, Keys, Silence, Words
from phone.errors import LineDeadError
from phone.events import NO_REPLY, Ended, FarEnd, Fetch, Moment, Post, Reply
from phone.habits import BadReply, Habits
from phone.platform import Line
from phone.sessions import Session, launch
from phone.wav import Upload
from tests.documents import VALID, damaged
from tests.lines import NOON, START, session
from tests.test_phone_srgs import CITIES, PIN
from tests.validation import validate_result, validate_session
from tropo.reader import read
from tropo.results import Result, TranscriptionResult

TURNS_MAX = 20_000
PATIENCE = 300
FILES = {"http://files.example.com/city.grxml": CITIES, "http://files.example.com/keys.grxml": PIN}

AFTER = st.sampled_from([0.0, 0.0, 0.0, 0.3, 2.5, 40.0])
ACTIONS = st.one_of(
    st.builds(Keys, st.text("0123456789*#", min_size=1, max_size=7), AFTER),
    st.builds(Words, st.sampled_from(["yes", "no", "one two", "chicago", ""]), st.integers(0, 100), AFTER),
    st.just(Silence()),
    st.builds(HangUp, AFTER),
)
CALLERS = st.lists(st.one_of(ACTIONS, st.sampled_from(["quit", "stop", "continue", "hangup"])), max_size=12)
ENDS = st.builds(
    FarEnd,
    disposition=st.sampled_from(["SUCCESS", "SUCCESS", "BUSY", "REJECTED", "FAILED", "TIMEOUT"]),
    rings=st.sampled_from([0.0, 2.0, 31.0]),
    talks=st.sampled_from([0.0, 60.0]),
    machine=st.booleans(),
    media=st.booleans(),
    acts=st.lists(ACTIONS, max_size=2).map(tuple),
)
HABITS = st.builds(
    Habits,
    nomatch=st.sampled_from(["NOMATCH", "nomatch"]),
    cut_ask_complete=st.booleans(),
    cut_ask_reported=st.booleans(),
    cut_report_to_continue=st.booleans(),
    last_handler=st.booleans(),
    bad_reply=st.sampled_from([BadReply.ERROR, BadReply.NOTHING, BadReply.END]),
)
LAUNCH = launch({"token": "abc"}, "0" * 32, NOON)
SESSIONS = st.sampled_from([session(), session(), session("yes"), LAUNCH])
WHOLE = VALID.map(lambda steps: {"tropo": steps})
REPLIES = st.one_of(WHOLE, WHOLE, damaged())
BODIES = st.one_of(
    *[REPLIES.map(lambda reply: json.dumps(reply).encode())] * 4,
    st.sampled_from([b"", b"{", b"\xff", b'{"tropo": null}', b"[" * 5000, b'{"tropo": [{"say": NaN}]}']),
)
STATUSES = st.sampled_from([200, 200, 204, 500, 0])


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(SESSIONS, st.lists(BODIES, min_size=1, max_size=4), CALLERS, ENDS, HABITS, STATUSES)
def test_a_line_ends_and_what_it_posts_can_be_read(
    opened: Session, bodies: list[bytes], does: list[Action | str], end: FarEnd, habits: Habits, status: int
) -> None:
    posted: list[Any] = []
    line = Line(opened, START, far_end=end, habits=habits)
    with suppress(LineDeadError):
        play(line, list(bodies), list(does), status, posted)
    for document in posted:
        accepted(document)


def play(line: Line, bodies: list[bytes], does: list[Any], status: int, posted: list[Any]) -> None:
    """Give a line whatever it needs, until it ends."""
    for turn in count():
        assert turn < TURNS_MAX, "the line does not end"
        match line.need:
            case Ended(at=at):
                assert 0 <= at <= Habits().session_max
                return
            case Post(document=document):
                posted.append(document)
                line.replied(Reply(200, bodies.pop(0) if bodies else b'{"tropo": []}'))
            case Fetch(url):
                line.replied(Reply(200, FILES[url]) if url in FILES else NO_REPLY)
            case Upload() as upload:
                assert upload.headers["Content-Type"].startswith("multipart/form-data")
                assert b"RIFF" in upload.body
                line.replied(Reply(status))
            case Moment():
                act(line, does, turn)


def act(line: Line, does: list[Any], turn: int) -> None:
    if isinstance(line.need, Moment) and not line.need.question and turn % 3:
        return line.acted(Silence())
    done = does.pop(0) if does else (HangUp() if turn > PATIENCE else Silence())
    while isinstance(done, str):
        line.signal(done)
        done = does.pop(0) if does else Silence()
    line.acted(done)


def accepted(document: dict[str, Any]) -> None:
    """Hold what was posted to the schemas, and to the door of the application."""
    body = json.dumps(document).encode()
    message = json.loads(body)
    if "session" in message:
        validate_session(message)
        return
    validate_result(message)
    read_back = read(body)
    if "transcription" in message["result"]:
        assert isinstance(read_back, TranscriptionResult)
    else:
        assert isinstance(read_back, Result)
        assert read_back.session_id == message["result"]["sessionId"]
