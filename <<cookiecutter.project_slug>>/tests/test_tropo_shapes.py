"""Every shape of session and result that a platform has sent since 2010, and what is read from it."""

from typing import Any

import pytest

from tests.messages import (
    ACTION,
    RESULT,
    RESULTS,
    SESSION,
    SESSIONS,
    TRANSCRIPTION,
    read_action,
    read_dict,
    read_result,
    read_session,
)
from tests.validation import validate_result, validate_session
from tropo import TranscriptionResult


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_that_a_platform_has_sent_is_read(name: str) -> None:
    validate_session(SESSIONS[name])
    source = SESSIONS[name]["session"]
    message = read_session(source)
    assert (message.id, message.source) == (source["id"], source)
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
    assert (message.session_id, message.sequence, message.source) == (
        source["sessionId"],
        source["sequence"],
        source,
    )
    assert message.is_end == ("disconnected" in name)
    actions = source.get("actions", [])
    assert [action.source for action in message.actions] == (
        actions if isinstance(actions, list) else [actions]
    )
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
    assert message == TranscriptionResult("please call back", guid="7d0b3c1e", identifier="message-12")


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


def test_a_result_has_no_more_than_a_hundred_actions() -> None:
    assert len(read_result({"sessionId": "a", "actions": [{}] * 20_000}).actions) == 100


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
    assert MARKER in str(message.source)
    assert [part for part in parts if MARKER in f"{part!r} {part}"] == []
