"""What the actions of a document do on the line: prompts and their timing, recordings, other parties."""

import io
import wave
from typing import Any

import pytest

from phone.actions import Action, HangUp, Keys, Silence, Words
from phone.events import FarEnd, Kind, Moment
from phone.habits import BadReply, Habits
from phone.sessions import launch
from phone.wav import LONGEST, Upload, tone
from tests.lines import ASK, NOON, ON, SAY, TRANSFER, Call, Caller
from tests.test_phone_srgs import CITIES, PIN

UP = "http://app.example.com/recordings"
RECORD: dict[str, Any] = {"name": "memo", "url": UP, "say": {"value": "Speak after the beep now."}}
LAUNCH = launch({"token": "abc", "who": "Ann"}, "0123456789abcdef" * 2, NOON)
LONG = {"name": "sure", "say": {"value": "one two three four five six seven eight nine ten"}}
ASK_LONG = LONG | {"choices": {"value": "[2-4 DIGITS]"}, "timeout": 7}


def once(*actions: tuple[str, Action]) -> Caller:
    """A caller who does each of these when the step of that name runs, in their order."""
    left = list(actions)

    def caller(moment: Moment) -> Action:
        if left and type(moment.step).__name__ == left[0][0]:
            return left.pop(0)[1]
        return Silence()

    return caller


@pytest.mark.parametrize(
    ("options", "caller", "disposition", "after"),
    [
        ({}, once(("Say", Keys("12#"))), "SUCCESS", 1.5),
        ({}, once(("Say", Keys("12#", after=2))), "SUCCESS", 3.5),
        ({}, once(("Ask", Keys("12#"))), "SUCCESS", 5.5),
        ({}, once(("Ask", Keys("1234"))), "SUCCESS", 6.0),
        ({}, once(("Ask", Keys("12"))), "SUCCESS", 10.0),
        ({"interdigitTimeout": 1}, once(("Ask", Keys("12"))), "SUCCESS", 6.0),
        ({"interdigitTimeout": 1}, once(("Ask", Keys("1"))), "NOMATCH", 5.5),
        ({}, once(("Ask", Keys("1#"))), "NOMATCH", 5.0),
        ({}, once(("Ask", Keys("12#", after=6))), "SUCCESS", 11.5),
        ({}, once(("Ask", Keys("12#", after=8))), "TIMEOUT", 11.0),
        ({"bargein": False}, once(("Say", Keys("12#"))), "TIMEOUT", 11.0),
        ({"bargein": "false"}, once(("Say", Keys("12#", after=3.5)), ("Ask", Keys("34#"))), "SUCCESS", 5.5),
        ({}, once(("Say", Words("one two"))), "SUCCESS", 0.8),
        ({}, once(), "TIMEOUT", 11.0),
    ],
)
def test_barging_in_and_the_time_it_takes(
    options: dict[str, Any], caller: Caller, disposition: str, after: float
) -> None:
    """The prompt takes 4 s, a key 0.5 s, a word 0.4 s; `timeout` is 7 s and `interdigitTimeout` 5 s."""
    wait = {"wait": {"milliseconds": 1}}
    call = Call([[{"ask": ASK_LONG | options}, wait, *ON]], caller=caller)
    assert call.results[0][3]["disposition"] == disposition
    assert call.ended.at == pytest.approx(after + (0.001 if disposition == "SUCCESS" else 0))


def test_words_that_barge_in_on_keys_alone_go_unheard() -> None:
    keys_only = ASK_LONG | {"choices": {"value": "[2 DIGITS]", "mode": "dtmf"}}
    call = Call([[{"ask": keys_only}, *ON]], caller=once(("Say", Words("one two")), ("Ask", Keys("12"))))
    assert call.ended.at == pytest.approx(5.0)
    assert "nobody listens to that now" in call.heard(Kind.LINE)


@pytest.mark.parametrize(
    ("file", "action", "value"), [(CITIES, Words("in chicago"), "ORD"), (PIN, Keys("12#"), "12")]
)
def test_a_grammar_file(file: bytes, action: Action, value: str) -> None:
    url = "http://files.example.com/a.grxml"
    call = Call([[{"ask": ASK | {"choices": {"value": url}}}, *ON]], action, files={url: file})
    actions = call.results[0][3]
    assert (actions["disposition"], actions["value"]) == ("SUCCESS", value)
    assert "concept" not in actions


def test_a_broken_grammar_file_is_an_error() -> None:
    url = "http://files.example.com/a.grxml"
    call = Call([[{"ask": ASK | {"choices": {"value": url}}}, *ON]], files={url: b"<grammar/>"})
    assert call.results[0][0] == "error"
    assert "$.tropo[0].ask.choices.value cannot be used" in call.posted[1]["error"]


def test_a_recording_is_uploaded_as_it_was_captured() -> None:
    """A form of one part named `filename`; the WAV is as long as what was said."""
    call = Call([[{"record": RECORD | {"username": "ann", "password": "x"}}, *ON]], Words("a b c d e"))
    (upload,) = call.uploads
    assert (upload.url, upload.method) == (UP, "POST")
    assert upload.headers["Authorization"] == "Basic YW5uOng="
    boundary = upload.headers["Content-Type"].partition("boundary=")[2]
    head, _, rest = upload.body.partition(b"\r\n\r\n")
    assert head.startswith(f"--{boundary}\r\n".encode())
    assert f'name="filename"; filename="{upload.filename}"'.encode() in head
    assert rest == upload.audio + f"\r\n--{boundary}--\r\n".encode()
    with wave.open(io.BytesIO(upload.audio)) as sound:
        assert (sound.getframerate(), sound.getsampwidth(), sound.getnchannels()) == (8000, 2, 1)
        assert sound.getnframes() == 8000 * (2 + 5)
    assert call.posted[1]["actions"]["duration"] == 7000
    assert call.heard(Kind.LINE)[1] == "beep"


def test_a_long_recording_is_cut_in_its_file_only() -> None:
    assert len(tone(LONGEST + 3600)) == len(tone(LONGEST)) < 1_000_000
    assert Upload(UP, 0.0, "a.wav").audio.startswith(b"RIFF")


@pytest.mark.parametrize(
    ("options", "status", "reported"),
    [
        ({}, 200, "success"),
        ({}, 500, "failed"),
        ({}, 0, "failed"),
        ({"asyncUpload": True}, 500, "unavailable"),
        ({"url": "ftp://example.com/a.wav"}, 200, "failed"),
        ({"url": [{"url": UP, "method": "PUT"}, {"url": UP + "/2"}]}, 200, "success"),
    ],
)
def test_what_is_reported_of_an_upload(options: dict[str, Any], status: int, reported: str) -> None:
    call = Call([[{"record": RECORD | options}, *ON]], Words("hello"), upload_status=status)
    assert call.results[0][3]["uploadStatus"] == reported
    urls = options.get("url", UP)
    assert len(call.uploads) == (len(urls) if isinstance(urls, list) else urls.startswith("http"))


def test_a_recording_without_a_voice_is_tried_again() -> None:
    prompts = [{"value": "Nobody there?", "event": "timeout"}, {"value": "Speak."}]
    record = RECORD | {"say": prompts, "attempts": 2, "timeout": 3}
    call = Call([[{"record": record}, *ON]], Silence(), Silence())
    assert call.results[0] == (
        *("incomplete", "ANSWERED", False),
        {"name": "memo", "attempts": 2, "disposition": "TIMEOUT"},
    )
    assert call.heard(Kind.APP_SAYS) == ["Speak.", "Nobody there?", "Speak."]
    assert call.uploads == []


def test_a_report_that_was_ready_goes_to_continue() -> None:
    """Section 5.10, item 7: without a hangup handler a recording that was cut is posted all the same."""
    hangs_up = once(("Record", Words("hello there")), ("Record", HangUp()))
    call = Call([[{"record": RECORD}, ON[0]]], caller=hangs_up)
    assert [row[:2] for row in call.results] == [("continue", "DISCONNECTED")]
    assert len(call.uploads) == 1
    hangs_up = once(("Record", HangUp()))
    habits = Habits(cut_report_to_continue=False)
    assert Call([[{"record": RECORD}, ON[0]]], caller=hangs_up, habits=habits).results == []


def test_the_words_of_a_recording_are_posted_aside() -> None:
    transcription = {"url": "http://app.example.com/words", "id": "memo-1"}
    call = Call([[{"record": RECORD | {"transcription": transcription}}, *ON]], Words("call me"))
    (notice,) = call.notices
    assert notice.url == transcription["url"]
    result: Any = notice.document["result"]
    assert (result["transcription"], result["identifier"]) == ("call me", "memo-1")
    assert len(result["guid"]) == 32


@pytest.mark.parametrize("stop", [[{"stopRecording": None}], []])
def test_a_stretch_of_the_call_is_recorded(stop: list[object]) -> None:
    wait = {"wait": {"milliseconds": 4000}}
    call = Call([[wait, {"startRecording": {"url": UP}}, wait, *stop, ON[3]]])
    assert call.results == [("hangup", "DISCONNECTED", True, "absent")]
    assert [upload.seconds for upload in call.uploads] == [4.0]


ACCEPT = {"choices": {"value": "1"}, "say": {"value": "Press one."}, "timeout": 5}


@pytest.mark.parametrize(
    ("acts", "disposition"),
    [
        ((Keys("1"),), "SUCCESS"),
        ((Keys("2"),), "REJECTED"),
        ((), "REJECTED"),
        ((HangUp(),), "REJECTED"),
        ((Silence(), Keys("1")), "SUCCESS"),
    ],
)
def test_the_called_leg_is_asked_before_it_is_connected(acts: tuple[Action, ...], disposition: str) -> None:
    steps = [{"say": {"value": "A call."}, "wait": {"milliseconds": 500}, "ask": ACCEPT | {"attempts": 2}}]
    on = [
        {"event": "ring", "say": {"value": "ring ring"}},
        *({"event": "connect"} | step for step in steps),
        {"event": "connect", "post": "/connected"},
    ]
    transfer = TRANSFER | {"on": on, "ringRepeat": 2}
    call = Call([[{"transfer": transfer}, *ON]], far_end=FarEnd(acts=acts))
    assert call.results[0][0] == ("continue" if disposition == "SUCCESS" else "incomplete")
    assert call.results[0][3]["disposition"] == disposition
    assert call.heard(Kind.APP_SAYS) == ["ring ring", "ring ring"]
    connected = ["http://app.example.com/connected"] if disposition == "SUCCESS" else []
    assert [notice.url for notice in call.notices] == connected


@pytest.mark.parametrize(
    ("after", "handler", "disposition"), [(1, "incomplete", "FAILED"), (10, "continue", "SUCCESS")]
)
def test_the_caller_cancels_a_transfer(after: float, handler: str, disposition: str) -> None:
    transfer = TRANSFER | {"choices": {"terminator": "*"}}
    call = Call([[{"transfer": transfer}, *ON]], caller=once(("Transfer", Keys("*", after=after))))
    assert (call.results[0][0], call.results[0][3]["disposition"]) == (handler, disposition)
    assert call.results[0][3]["duration"] == after


def test_the_first_to_answer_wins() -> None:
    ends = {"+14075550111": FarEnd("BUSY"), "+14075550122": FarEnd(rings=9), "+14075550133": FarEnd(rings=4)}
    numbers = ["tel:+1 (407) 555-0111", "+14075550122;postd=1p2", "+14075550133;pause=5s"]
    transfer = TRANSFER | {"to": numbers}
    call = Call([[{"transfer": transfer}, *ON]], far_end=lambda number: ends[number])
    assert call.results[0][3]["calledid"] == "+14075550133"
    assert call.results[0][3]["duration"] == 4 + 60


@pytest.mark.parametrize(
    ("detection", "machine", "user_type"),
    [
        (True, False, "HUMAN"),
        (True, True, "MACHINE"),
        ({"introduction": "Hello."}, True, "HUMAN"),
        ({"introduction": "one two three four five six seven eight nine ten eleven"}, True, "MACHINE"),
        (False, True, None),
    ],
)
def test_what_answers_a_call(detection: object, machine: bool, user_type: str | None) -> None:
    """An introduction of 4 s or less always finds a person."""
    step = {"call": {"to": "+14075550142", "machineDetection": detection}}
    call = Call([[step, *ON]], opened=LAUNCH, far_end=FarEnd(machine=machine))
    assert call.posted[1].get("userType") == user_type


def test_early_media_counts_as_an_answer_where_it_may() -> None:
    far_end = FarEnd("TIMEOUT", media=True)
    for accept, handler in ((True, "continue"), (False, "incomplete")):
        step = {"call": {"to": "+14075550142", "answerOnMedia": accept}}
        assert Call([[step, *ON], []], opened=LAUNCH, far_end=far_end).results[0][0] == handler


def test_a_launched_session() -> None:
    """Section 3.3: parameters as strings, no call id, and the keys of an inbound session are missing."""
    opened = Call([[]], opened=LAUNCH).posted[0]
    assert opened["parameters"] == {"token": "abc", "who": "Ann", "action": "create"}
    assert (opened["userType"], opened["initialText"], opened["callId"]) == ("NONE", None, None)
    assert not {"to", "from", "headers"} & opened.keys()


@pytest.mark.parametrize(
    "step", [SAY, {"ask": ASK}, {"record": RECORD}, {"transfer": TRANSFER}, {"answer": {}}, {"reject": None}]
)
def test_without_a_call_nothing_can_be_said(step: dict[str, object]) -> None:
    call = Call([[step, *ON]], opened=LAUNCH)
    assert call.results[0] == ("error", "ANSWERED", False, "absent")
    assert "`call` must come first" in call.posted[1]["error"]


def test_a_text_session_that_was_launched() -> None:
    steps: list[object] = [{"call": {"to": "+14075550142", "network": "SMS"}}, SAY, {"ask": ASK}, *ON]
    call = Call([steps, []], Words("Y"), opened=LAUNCH)
    assert call.heard(Kind.APP_TEXTS) == ["Hello.", "Are you sure?"]
    assert call.results[0][3]["value"] == "yes"
    assert call.posted[1]["calledid"] == "14075550142"
    (row, *_) = Call([[*steps[:1], {"record": RECORD}, *ON]], opened=LAUNCH).results
    assert row[0] == "error"


@pytest.mark.parametrize("status", ["SUCCESS", "BUSY"])
def test_a_message_goes_beside_the_call(status: str) -> None:
    step = {"message": {"to": "+14075550177", "say": {"value": "one two three four five"}}}
    call = Call([[step, *ON]], far_end=FarEnd(status))
    assert call.results[0][0] == ("continue" if status == "SUCCESS" else "incomplete")
    assert call.ended.at == (4.0 if status == "SUCCESS" else 2.0)


@pytest.mark.parametrize(("habit", "posted"), [(BadReply.NOTHING, []), (BadReply.ERROR, ["error"])])
def test_a_reply_that_is_no_document(habit: BadReply, posted: list[str]) -> None:
    broken: list[object] = [{"sing": {}}]
    handlers = [
        {"on": {"event": "continue", "next": "/else/where"}},
        {"on": {"event": "error", "next": "sorry?on=error"}},
    ]
    call = Call([[SAY, *handlers], broken], habits=Habits(bad_reply=habit))
    assert call.urls[2:] == [f"http://app.example.com/tropo/sorry?on={event}" for event in posted]
    assert [row[0] for row in call.results[1:]] == posted
    assert call.ended.by == "application"


def test_what_is_unknown_of_a_question_that_was_cut() -> None:
    habits = Habits(cut_ask_complete=True, cut_ask_reported=True)
    call = Call([[{"ask": ASK}, *ON]], HangUp(), habits=habits)
    cut = {"name": "sure", "attempts": 1, "disposition": "HANGUP"}
    assert call.results[0] == ("hangup", "DISCONNECTED", True, cut)


def test_what_is_unknown_of_words_and_handlers() -> None:
    twice = [{"on": {"event": "incomplete", "next": "?on=last"}}]
    habits = Habits(nomatch="nomatch", last_handler=True)
    call = Call([[{"ask": ASK}, *ON, *twice]], Words("maybe"), habits=habits)
    assert (call.results[0][0], call.results[0][3]["disposition"]) == ("last", "nomatch")


def test_a_signal_comes_while_nobody_is_on_the_line() -> None:
    handlers = [*ON, {"on": {"event": "go", "next": "?on=go"}}]
    call = Call([[{"wait": {"milliseconds": 9000}}, *handlers]], opened=LAUNCH, signals={"Wait": "go"})
    assert call.results[0] == ("go", "ANSWERED", True, "absent")
    assert call.ended.at == 0
    assert "calledid" not in call.posted[1]
