"""Every shape of session and result that a platform has sent since 2010, and what is read from it."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from fastjsonschema import JsonSchemaException
from hypothesis import given
from hypothesis import strategies as st

from tests.validation import SCHEMAS, validate_document, validate_result, validate_session
from tests.webhook import post, session
from tropo import Recognition, Result, Session, Transcription
from tropo.reader import Post, read

# Captured from the platform or printed in its documentation, 2010 to 2017; numbers are replaced.
PAYLOADS = Path(__file__).parent / "payloads"
SESSIONS: dict[str, Any] = json.loads((PAYLOADS / "sessions.json").read_bytes())
RESULTS: dict[str, Any] = json.loads((PAYLOADS / "results.json").read_bytes())

END: dict[str, Any] = {
    "id": "4075550142",
    "e164Id": "14075550142",
    "name": "caller",
    "channel": "VOICE",
    "network": "SIP",
}
MEDIA: dict[str, Any] = {
    "status": "failure",
    "media": "2.jpg",
    "text": "look",
    "disposition": "Failed to upload",
}
SESSION: dict[str, Any] = {
    "id": "cdfc037a569baf929161e92335ebf5e1",
    "accountId": "33932",
    "applicationId": "5048353",
    "timestamp": "2017-06-08T03:40:19.283Z",
    "userType": "HUMAN",
    "initialText": "hello",
    "callId": "c11617f3737dc78db86d95b5449200d6",
    "to": END,
    "from": END,
    "headers": {"x-sid": "1bfdb22333b4d9dc6a885df9be088d6f"},
    "parameters": {"action": "create"},
    "subject": "photographs",
    "initialMedia": [MEDIA],
}
ACTION: dict[str, Any] = {
    "name": "zip",
    "attempts": 2,
    "disposition": "SUCCESS",
    "confidence": 53,
    "interpretation": "94070",
    "utterance": "nine four zero seven zero",
    "concept": "zip code",
    "value": "94070",
    "xml": '<result><interpretation><input mode="speech">nine four</input></interpretation></result>',
    "duration": 6500,
    "connectedDuration": 145,
    "url": "https://example.com/recordings",
    "uploadStatus": "success",
    "timestamp": "2017-06-08T03:40:19.283Z",
    "calledid": "4075550100",
    "userType": "MACHINE",
}
RESULT: dict[str, Any] = {
    "sessionId": "cdfc037a569baf929161e92335ebf5e1",
    "callId": "c11617f3737dc78db86d95b5449200d6",
    "state": "ANSWERED",
    "callState": "ANSWERED",
    "sessionDuration": 36,
    "sequence": 1,
    "complete": True,
    "error": "bad grammar",
    "calledid": "4075550100",
    "userType": "HUMAN",
    "actions": ACTION,
}
TRANSCRIPTION: dict[str, Any] = {
    "transcription": "please call back",
    "guid": "7d0b3c1e",
    "identifier": "message-12",
}


def read_dict(kind: str, source: object) -> Post:
    return read(json.dumps({kind: source}).encode())


def read_session(source: object) -> Session:
    message = read_dict("session", source)
    assert isinstance(message, Session)
    return message


def read_result(source: object) -> Result:
    message = read_dict("result", source)
    assert isinstance(message, Result)
    return message


def read_action(**source: object) -> Recognition:
    (action,) = read_result({"sessionId": "a", "actions": source}).actions
    return action


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_that_a_platform_has_sent_is_read(name: str) -> None:
    validate_session(SESSIONS[name])
    source = SESSIONS[name]["session"]
    message = read_session(source)
    assert (message.id, message.raw) == (source["id"], source)
    assert message.from_.id == source["from"]["id"]
    assert message.to.channel == source["to"]["channel"] == ("TEXT" if message.is_text else "VOICE")
    assert len(message.headers) == len(source.get("headers", []))
    assert message.initial_text == (source["initialText"] or "")
    assert not message.is_launch


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_that_a_platform_has_sent_is_read(name: str) -> None:
    validate_result(RESULTS[name])
    source = RESULTS[name]["result"]
    message = read_result(source)
    assert (message.session_id, message.sequence, message.raw) == (
        source["sessionId"],
        source["sequence"],
        source,
    )
    assert message.is_end == ("disconnected" in name)
    actions = source.get("actions", [])
    assert [action.raw for action in message.actions] == (actions if isinstance(actions, list) else [actions])
    assert all(action.matched and action.value and action.digits.isdigit() for action in message.actions)


def test_digits_come_out_of_the_interpretation_and_a_list_out_of_the_value() -> None:
    zip_code = read_result(RESULTS["docs-voxeo/result-01-volunteer-zip-by-speech"]["result"]).actions[0]
    assert (zip_code.digits, zip_code.value) == ("94070", "nine four zero seven zero")
    assert (zip_code.utterance, zip_code.confidence, zip_code.mode) == (zip_code.value, 53, "speech")
    both = read_result(RESULTS["python/result-001-answered_array_success"]["result"])
    assert [(action.name, action.value, action.mode) for action in both.actions] == [
        ("directory", "yes", "keypad"),
        ("color", "blue", "keypad"),
    ]


@pytest.mark.parametrize(
    ("source", "digits"),
    [
        ({"interpretation": "1 0 2\t4 6 "}, "10246"),
        ({"interpretation": "", "value": "1 2"}, "12"),
        ({"utterance": "1 2"}, ""),
        ({"interpretation": 10246}, ""),
    ],
)
def test_digits_have_no_blanks(source: dict[str, Any], digits: str) -> None:
    assert read_action(**source).digits == digits


@pytest.mark.parametrize(
    ("source", "mode"),
    [
        ({"xml": "<input mode='dtmf'>dtmf-1</input>", "utterance": "one"}, "keypad"),
        ({"xml": '<input\r\n mode="speech">1</input>', "utterance": "1"}, "speech"),
        ({"xml": "<voxeoresult/>", "utterance": "1 0 #"}, "keypad"),
        ({"utterance": "ten"}, "speech"),
        ({"xml": 7}, ""),
    ],
)
def test_the_mode_is_what_the_recogniser_says_or_is_told_by_keys(source: dict[str, Any], mode: str) -> None:
    assert read_action(**source).mode == mode


@pytest.mark.parametrize("headers", [{"To": "x"}, [{"key": "To", "value": "x"}, {"key": 7}, "x", {}]])
def test_headers_come_as_an_object_or_as_in_2010_as_a_list(headers: object) -> None:
    assert read_session({"id": "a", "headers": headers}).headers == {"To": "x"}


def test_a_token_launch_has_neither_end_and_its_parameters_are_strings() -> None:
    message = read_session({"id": "a", "parameters": {"to": "7", "n": 3, "is": True, "not": None, "l": [1]}})
    assert message.is_launch
    assert message.parameters == {"to": "7", "n": "3", "is": "true", "l": "[1]"}


def test_a_picture_message_has_a_subject_and_parts() -> None:
    parts = [{"status": "success", "media": "http://example.com/1.jpg"}, {"text": "hello"}, None, "x"]
    message = read_session({"id": "a", "subject": "two", "initialMedia": parts})
    assert message.subject == "two"
    assert [(part.status, part.media, part.text) for part in message.initial_media] == [
        ("SUCCESS", "http://example.com/1.jpg", ""),
        ("", "", "hello"),
    ]


def test_a_recording_says_where_it_went_and_how_long_it_is() -> None:
    action = read_action(name="message", url="https://example.com/a", uploadStatus="failed", duration=6500)
    assert (action.url, action.upload_status, action.duration) == ("https://example.com/a", "FAILED", 6500)


def test_a_transcription_is_a_result_without_a_session() -> None:
    message = read_dict("result", TRANSCRIPTION)
    assert message == Transcription("please call back", guid="7d0b3c1e", identifier="message-12")


def test_a_result_with_a_session_stays_a_result_whatever_else_it_has() -> None:
    assert read_result(TRANSCRIPTION | {"sessionId": "a"}).session_id == "a"


@pytest.mark.parametrize("number", [2**31, -1, 10**18, 1.5, "7", True, None, []])
def test_a_number_that_no_column_holds_counts_as_absent(number: object) -> None:
    message = read_result({"sessionId": "a", "sequence": number, "actions": {"connectedDuration": number}})
    assert (message.sequence, message.actions[0].connected_seconds) == (None, None)


@pytest.mark.parametrize("word", ["", "not a word", "a" * 21, "4711", "ÄRGER", 7, None])
def test_what_is_no_word_of_the_protocol_counts_as_absent(word: object) -> None:
    message = read_result({"sessionId": "a", "state": word, "callState": "answered"})
    assert message.state == "ANSWERED"


@pytest.mark.parametrize("call_id", ["a b", "a\x00", "a" * 65, 7, None])
def test_an_optional_identifier_with_other_characters_counts_as_absent(call_id: object) -> None:
    assert read_session({"id": "a", "callId": call_id}).call_id == ""


def test_free_text_is_cut_at_a_thousand_characters() -> None:
    long = "ü" * 5000
    assert len(read_session({"id": "a", "initialText": long, "headers": {"To": long}}).initial_text) == 1000
    assert len(read_session({"id": "a", "headers": {"To": long}}).headers["To"]) == 1000


MARKER = "4111111111111111"
# The platform names the ids, the application its steps and transcriptions. All other text may be a caller's.
IDS = ("id", "sessionId", "callId", "accountId", "applicationId", "guid", "identifier")


def marked(source: Any) -> Any:
    """The same, with the marker for every text."""
    if isinstance(source, dict):
        return {key: marked(value) for key, value in source.items()}
    if isinstance(source, list):
        return [marked(item) for item in source]
    return MARKER if isinstance(source, str) else source


def from_caller(source: dict[str, Any]) -> dict[str, Any]:
    texts = {key: value for key, value in source.items() if key not in IDS}
    return {**source, **marked(texts), "unknown": MARKER}


@pytest.mark.parametrize(
    ("kind", "source"),
    [
        ("session", from_caller(SESSION)),
        ("result", from_caller(RESULT) | {"actions": marked(ACTION) | {"name": "zip"}}),
        ("result", from_caller(TRANSCRIPTION)),
    ],
)
def test_nothing_that_a_caller_gave_is_in_a_repr(kind: str, source: dict[str, Any]) -> None:
    message = read_dict(kind, source)
    parts = [message, *getattr(message, "actions", ()), *getattr(message, "initial_media", ())]
    parts += [getattr(message, name) for name in ("from_", "to") if hasattr(message, name)]
    assert MARKER in str(message.raw)
    assert [part for part in parts if MARKER in f"{part!r} {part}"] == []


FULL = [
    ("session", {"id": "a"}, SESSION, SCHEMAS["session"]["properties"]["session"]),
    ("result", {"sessionId": "a"}, RESULT, SCHEMAS["result"]["properties"]["result"]),
]


@pytest.mark.parametrize(("kind", "least", "full", "schema"), FULL)
def test_every_field_of_the_schema_is_read(
    kind: str, least: dict[str, Any], full: dict[str, Any], schema: dict[str, Any]
) -> None:
    assert set(full) == set(schema["properties"]) - set(TRANSCRIPTION)
    empty = read_dict(kind, least)
    unread = [name for name in full if read_dict(kind, least | {name: full[name]}) == empty]
    assert unread == []


def test_every_field_of_a_part_has_a_sample() -> None:
    assert set(ACTION) == set(SCHEMAS["result"]["definitions"]["action"]["properties"])
    assert set(END) == set(SCHEMAS["session"]["definitions"]["endpoint"]["properties"])


@pytest.mark.parametrize("name", ACTION)
def test_every_field_of_an_action_is_read(name: str) -> None:
    assert read_action(**{name: ACTION[name]}) != read_action()


@pytest.mark.parametrize("name", END)
def test_every_field_of_an_end_is_read(name: str) -> None:
    assert read_session({"id": "a", "from": {name: END[name]}}) != read_session({"id": "a"})


@pytest.mark.parametrize(
    "message",
    [
        read_session(SESSION),
        read_session(SESSION).from_,
        read_session(SESSION).initial_media[0],
        read_result(RESULT),
        read_result(RESULT).actions[0],
        read_dict("result", TRANSCRIPTION),
    ],
    ids=lambda message: type(message).__name__,
)
def test_every_field_of_a_value_object_comes_from_the_schema(message: Any) -> None:
    values = {field.name: getattr(message, field.name) for field in fields(message)}
    assert [name for name, value in values.items() if value in ("", None, (), {})] == []


words = st.text(max_size=12) | st.none()
numbers = st.integers(0, 2**31 - 1) | st.none()
ids = st.text("abcdef0123456789_.:-", min_size=1, max_size=64)
strings = st.dictionaries(st.text(max_size=9), words, max_size=3)
ends = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "id": words,
        "e164Id": words,
        "name": words,
        "channel": st.sampled_from(["VOICE", "TEXT", None]),
        "network": st.sampled_from(["SIP", "PSTN", "SMS", "JABBER", None]),
        "unknown": words,
    },
)
sessions = st.fixed_dictionaries(
    {"id": ids},
    optional={
        "accountId": words,
        "applicationId": words,
        "timestamp": words,
        "userType": st.sampled_from(["HUMAN", "MACHINE", "FAX", "NONE", None]),
        "initialText": words,
        "callId": ids | st.none(),
        "to": ends,
        "from": ends,
        "headers": strings | st.lists(st.fixed_dictionaries({"key": st.text(max_size=9), "value": words})),
        "parameters": strings | st.none(),
        "subject": words,
        "initialMedia": st.none()
        | st.lists(st.fixed_dictionaries({"status": st.just("success")}, optional={"media": words})),
        "unknown": strings,
    },
)
actions = st.fixed_dictionaries(
    {"name": words},
    optional={
        **dict.fromkeys(("interpretation", "utterance", "concept", "value", "xml", "url", "calledid"), words),
        **dict.fromkeys(("attempts", "duration", "connectedDuration"), numbers),
        "disposition": st.sampled_from(["SUCCESS", "TIMEOUT", "NOMATCH", "success", None]),
        "confidence": st.integers(0, 100) | st.none(),
        "unknown": strings,
    },
)
results = st.fixed_dictionaries(
    {"sessionId": ids},
    optional={
        **dict.fromkeys(("error", "calledid", "callId"), words),
        **dict.fromkeys(("sessionDuration", "sequence"), numbers),
        "state": st.sampled_from(["ANSWERED", "DISCONNECTED", "FAILED", None]),
        "complete": st.booleans() | st.none(),
        "userType": st.sampled_from(["HUMAN", "MACHINE", None]),
        "actions": st.none() | actions | st.lists(actions, max_size=3),
        "unknown": strings,
    },
)


def as_stored(value: str | None) -> str:
    return (value or "").replace("\0", "\ufffd")


@given(sessions)
def test_every_valid_session_is_read(source: dict[str, Any]) -> None:
    validate_session({"session": source})
    message = read_session(source)
    assert message.id == source["id"]
    assert message.call_id == (source.get("callId") or "")
    assert message.user_type == (source.get("userType") or "")
    assert message.initial_text == as_stored(source.get("initialText"))
    assert message.is_text == ("TEXT" in [(source.get(end) or {}).get("channel") for end in ("to", "from")])
    caller = source.get("from") or {}
    assert message.from_.id == as_stored(caller.get("e164Id") or caller.get("id"))
    assert message.from_.network == (caller.get("network") or "")
    assert len(message.initial_media) == len(source.get("initialMedia") or [])
    assert set(message.raw) == set(source)


@given(results)
def test_every_valid_result_is_read(source: dict[str, Any]) -> None:
    validate_result({"result": source})
    message = read_result(source)
    assert message.session_id == source["sessionId"]
    assert (message.sequence, message.complete) == (source.get("sequence"), source.get("complete"))
    assert message.is_end == (source.get("state") in ("DISCONNECTED", "FAILED"))
    listed = source.get("actions") or []
    for action, entry in zip(message.actions, listed if isinstance(listed, list) else [listed], strict=True):
        assert action.name == as_stored(entry["name"])
        assert action.value == as_stored(entry.get("value") or entry.get("concept"))
        assert action.matched == ((entry.get("disposition") or "").upper() == "SUCCESS")
        assert (action.confidence, action.attempts) == (entry.get("confidence"), entry.get("attempts"))
    assert set(message.raw) == set(source)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({}, "data must contain"),
        ({"tropo": [{"sey": {"value": "hello"}}]}, "data.tropo[0] must not contain {'sey'}"),
        ({"tropo": [{"say": {"value": "a"}, "hangup": {}}]}, "data.tropo[0] must contain less than"),
        ({"tropo": [{"say": [{"value": "a", "vioce": "kate"}]}]}, "data.tropo[0].say[0] must not"),
        ({"tropo": [{"ask": {"name": "zip"}}]}, "data.tropo[0].ask must contain ['choices']"),
    ],
)
def test_the_schema_of_documents_has_teeth(document: object, place: str) -> None:
    with pytest.raises(JsonSchemaException) as invalid:
        validate_document(document)
    assert place in str(invalid.value)


@pytest.mark.django_db
def test_a_webhook_that_answers_an_invalid_document_fails_its_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.views.reply", lambda post, address: '{"tropo": [{"sey": {}}]}')
    with pytest.raises(JsonSchemaException, match="sey"):
        post(session())
