"""The JSON Schemas and the value objects say the same, and the schema of documents has teeth."""

from dataclasses import fields
from typing import Any

import pytest
from fastjsonschema import JsonSchemaException
from hypothesis import given
from hypothesis import strategies as st

from tests.messages import (
    ACTION,
    END,
    RESULT,
    SESSION,
    TRANSCRIPTION,
    read_action,
    read_dict,
    read_result,
    read_session,
)
from tests.validation import SCHEMAS, validate_document, validate_result, validate_session
from tests.webhook import post, session

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
    assert set(message.source) == set(source)


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
    assert set(message.source) == set(source)


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
