"""Documents the platform would have refused, and those it took although they look odd."""

import json

import pytest

from phone.document import Ask, Call, Conference, Document, Hangup, Reject, Say, Transfer, Wait
from phone.errors import DocumentError
from phone.prompt import ANY_SIGNAL, Prompt
from phone.reading import read_document
from phone.recordings import Destination, Record

ASK = {"choices": {"value": "1, 2"}, "say": {"value": "One or two?"}}


def read(*steps: object, channel: str = "VOICE") -> Document:
    return read_document(json.dumps({"tropo": steps}).encode(), channel)


@pytest.mark.parametrize(
    ("steps", "where", "problem"),
    [
        ([{"say": {}}], "$.tropo[0].say.value", "is missing"),
        ([{"say": {"value": 1}}], "$.tropo[0].say.value", "must be a string, not a number"),
        ([{"say": [{"value": "a"}, "b"]}], "$.tropo[0].say[1]", "must be an object, not a string"),
        ([{"hangup": None}, {"ask": {"say": {"value": "a"}}}], "$.tropo[1].ask.choices", "is missing"),
        ([{"ask": ASK | {"choices": "1, 2"}}], "$.tropo[0].ask.choices", "must be an object, not a string"),
        ([{"ask": ASK | {"choices": {"value": "a(b"}}}], "$.tropo[0].ask.choices.value", "cannot be read"),
        (
            [{"ask": ASK | {"choices": {"value": "[ANY]"}}}],
            "$.tropo[0].ask.choices.value",
            "in text sessions",
        ),
        ([{"ask": ASK | {"choices": {"value": "1", "mode": "keys"}}}], "$.tropo[0].ask.choices.mode", "dtmf"),
        ([{"ask": ASK | {"choices": {"value": "1", "terminator": "##"}}}], "terminator", "one key"),
        ([{"ask": ASK | {"attempts": 0}}], "$.tropo[0].ask.attempts", "from 1"),
        ([{"ask": ASK | {"attempts": 1.5}}], "$.tropo[0].ask.attempts", "whole number"),
        ([{"ask": ASK | {"timeout": -1}}], "$.tropo[0].ask.timeout", "from 0"),
        ([{"ask": ASK | {"timeout": "ten"}}], "$.tropo[0].ask.timeout", "must be a number, not a string"),
        ([{"ask": ASK | {"required": "maybe"}}], "$.tropo[0].ask.required", "true or false"),
        ([{"wait": {}}], "$.tropo[0].wait.milliseconds", "is missing"),
        ([{"transfer": {}}], "$.tropo[0].transfer.to", "is missing"),
        ([{"transfer": {"to": []}}], "$.tropo[0].transfer.to", "names no number"),
        ([{"transfer": {"to": "1", "on": {"event": "x"}}}], "$.tropo[0].transfer.on.event", "ring or"),
        ([{"message": {"to": "1"}}], "$.tropo[0].message.say", "is missing"),
        ([{"on": {"next": "/"}}], "$.tropo[0].on.event", "is missing"),
        ([{"record": {"url": []}}], "$.tropo[0].record.url", "names no address"),
        ([{"record": {"url": {"url": "http://a/", "method": "GET"}}}], "$.tropo[0].record.url", "or PUT"),
        ([{"startRecording": {}}], "$.tropo[0].startRecording.url", "is missing"),
        ([{"conference": {}}], "$.tropo[0].conference.id", "is missing"),
        ([{"conference": {"id": "1", "terminator": "12"}}], "$.tropo[0].conference.terminator", "one key"),
        ([{"call": {"to": "1", "channel": "FAX"}}], "$.tropo[0].call.channel", "VOICE or TEXT"),
        ([{"redirect": {"to": " "}}], "$.tropo[0].redirect.to", "names no address"),
        ([{"generalLogSecurity": {}}], "$.tropo[0].generalLogSecurity", "bare word"),
        ([{"sing": {}}], "$.tropo[0]", "exactly one action, and holds sing"),
        ([{"say": {"value": "a"}, "hangup": None}], "$.tropo[0]", "holds say, hangup"),
        (["hangup"], "$.tropo[0]", "must be an object, not a string"),
    ],
)
def test_a_refusal_names_what_and_where(steps: list[object], where: str, problem: str) -> None:
    with pytest.raises(DocumentError) as refused:
        read(*steps)
    assert where in refused.value.where
    assert problem in refused.value.problem
    assert refused.value.where in str(refused.value)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"\xff", b"[]", b"{}", b'{"tropo": {}}', b'{"tropo": null}', b"[" * 100_000]
)
def test_what_is_no_tropo_document(body: bytes) -> None:
    with pytest.raises(DocumentError) as refused:
        read_document(body, "VOICE")
    assert refused.value.where == "$"


@pytest.mark.parametrize(
    "step",
    [
        {"transfer": {"to": "+14075550199"}},
        {"record": {"url": "http://a.example/"}},
        {"conference": {"id": "1"}},
        {"startRecording": {"url": "http://a.example/"}},
        {"stopRecording": None},
    ],
)
def test_what_is_for_calls(step: dict[str, object]) -> None:
    with pytest.raises(DocumentError, match="for calls only"):
        read(step, channel="TEXT")
    assert len(read(step, channel="VOICE").steps) == len(read(step, channel="").steps) == 1


def test_the_defaults_of_the_options() -> None:
    ask, record, transfer, call, conference = read(
        {"ask": {"choices": {"value": "1"}}},
        {"record": {"url": "http://a.example/"}},
        {"transfer": {"to": "1"}},
        {"call": {"to": "1"}},
        {"conference": {"id": "1"}},
    ).steps
    assert isinstance(ask, Ask)
    assert (ask.required, ask.attempts, ask.timeout, ask.bargein) == (True, 1, 30, True)
    assert (ask.interdigit_timeout, ask.min_confidence, ask.mode, ask.terminator) == (5, 30, "any", "#")
    assert ask.signals == ANY_SIGNAL
    assert isinstance(record, Record)
    assert (record.attempts, record.timeout, record.max_silence, record.max_time) == (1, 30, 5, 30)
    assert (record.bargein, record.beep, record.async_upload, record.terminator) == (True, True, False, "")
    assert record.to == (Destination("http://a.example/", "POST"),)
    assert isinstance(transfer, Transfer)
    assert (transfer.timeout, transfer.on_media, transfer.terminator) == (30, False, "")
    assert isinstance(call, Call)
    assert (call.timeout, call.on_media, call.channel, call.machine_detection) == (30, False, "VOICE", None)
    assert isinstance(conference, Conference)
    assert (conference.terminator, conference.join_prompt, conference.leave_prompt) == ("", "", "")


def test_what_working_applications_sent() -> None:
    document = read(
        {"on": {"event": "continue", "next": "/a", "required": "true"}},
        {"say": [{"value": "a"}, {"value": "b"}], "name": "beside"},
        {"on": {"event": "continue", "next": "/b"}},
        {"wait": {"milliseconds": 1500, "require": 1}},
        {"hangup": ""},
        {"hangup": {}},
        {"reject": None},
    )
    assert document.steps == [Say((Prompt("a"), Prompt("b"))), Wait(1.5), Hangup(), Hangup(), Reject()]
    assert document.handlers["continue"].next == "/a"
    assert read_document(b'\xef\xbb\xbf{"tropo": []}', "VOICE") == Document()
