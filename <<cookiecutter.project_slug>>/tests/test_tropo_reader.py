"""What is read from a body, and what is refused: reliability starts at the door."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropo import Reason, Refused, Result, Session
from tropo.reader import read

SESSION = {"session": {"id": "abc", "from": {"id": "4075550142"}}}


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.JSON),
        (b"hello", Reason.JSON),
        (b'{"session": {"id": "a"}', Reason.JSON),
        (b'{"session": {"id": "a", "x": NaN}}', Reason.JSON),
        (b'{"session": {"id": "a", "x": -Infinity}}', Reason.JSON),
        (b'{"session": {"id": "a", "x": 1e400}}', Reason.JSON),
        (b'{"session": {"id": "a", "x": ' + b"1" * 4301 + b"}}", Reason.JSON),
        (b'{"session": {"id": "a", "id": "b"}}', Reason.JSON),
        (b"[" * 30_000, Reason.DEPTH),
        (b'{"session": ' + b"[" * 25 + b"]" * 25 + b"}", Reason.DEPTH),
        (json.dumps(SESSION).encode("utf-16"), Reason.ENCODING),
        (json.dumps(SESSION).encode("utf-32-le"), Reason.ENCODING),
        (b"[]", Reason.SHAPE),
        (b"null", Reason.SHAPE),
        (b'"session"', Reason.SHAPE),
        (b"{}", Reason.SHAPE),
        (b'{"session": []}', Reason.SHAPE),
        (b'{"session": {"id": "a"}, "result": {"sessionId": "a"}}', Reason.SHAPE),
        (b'{"session": {}}', Reason.IDENTIFIER),
        (b'{"session": {"id": 7}}', Reason.IDENTIFIER),
        (b'{"session": {"id": "a b"}}', Reason.IDENTIFIER),
        (b'{"session": {"id": "' + b"a" * 65 + b'"}}', Reason.IDENTIFIER),
        (b'{"session": {"id": "a\\u0000"}}', Reason.IDENTIFIER),
        (b'{"result": {"sessionId": null}}', Reason.IDENTIFIER),
    ],
)
def test_what_is_no_session_or_result_is_refused_with_its_reason(body: bytes, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        read(body)
    assert refused.value.reason is reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
def test_text_is_read_in_every_encoding_a_platform_has_used(encoding: str) -> None:
    body = json.dumps({"session": {"id": "a", "initialText": "Zürich"}}, ensure_ascii=False).encode(encoding)
    message = read(body)
    assert isinstance(message, Session)
    assert message.initial_text == "Zürich"


def test_free_text_that_no_database_stores_is_repaired_because_the_caller_is_innocent() -> None:
    message = read(b'{"session": {"id": "a", "initialText": "a\\u0000b\\ud800c"}}')
    assert isinstance(message, Session)
    assert message.initial_text == "a\ufffdb\ufffdc"


def test_brackets_in_a_text_are_not_depth() -> None:
    body = json.dumps({"session": {"id": "a", "initialText": "[" * 500 + '\\"' + "{" * 500}}).encode()
    assert isinstance(read(body), Session)


@pytest.mark.parametrize(
    "actions",
    [{"name": "zip"}, [{"name": "zip"}], [{"name": "city"}, {"name": "zip"}]],
)
def test_actions_come_as_an_object_or_a_list(actions: object) -> None:
    message = read(json.dumps({"result": {"sessionId": "a", "actions": actions}}).encode())
    assert isinstance(message, Result)
    assert message.action("zip") is not None


@pytest.mark.parametrize("fields", [{}, {"actions": None}, {"actions": "x"}, {"actions": [7]}])
def test_a_result_without_usable_actions_has_none(fields: dict[str, Any]) -> None:
    message = read(json.dumps({"result": {"sessionId": "a"} | fields}).encode())
    assert isinstance(message, Result)
    assert message.actions == ()


def test_a_token_launch_has_neither_end_and_keeps_its_parameters() -> None:
    body = {"session": {"id": "a", "userType": "NONE", "parameters": {"dial": "7", "count": 3}}}
    message = read(json.dumps(body).encode())
    assert isinstance(message, Session)
    assert message.is_launch
    assert message.parameters == {"dial": "7", "count": "3"}


def test_the_early_name_of_state_is_read() -> None:
    message = read(b'{"result": {"sessionId": "a", "callState": "DISCONNECTED"}}')
    assert isinstance(message, Result)
    assert message.is_end


def test_nothing_that_a_caller_gave_is_in_a_repr() -> None:
    action = {"name": "pin", "utterance": "4711", "interpretation": "4711", "value": "4711"}
    answer = read(json.dumps({"result": {"sessionId": "a", "actions": action}}).encode())
    first = read(b'{"session": {"id": "a", "initialText": "4711", "from": {"id": "4711"}}}')
    assert "4711" not in repr(answer) + repr(first)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=9), children, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        "id",
        "sessionId",
        "callId",
        "state",
        "actions",
        "from",
        "to",
        "parameters",
        "initialText",
        "name",
        "sequence",
    ]
)


@given(st.sampled_from(["session", "result"]), st.dictionaries(FIELDS, json_values))
def test_whatever_json_comes_is_read_or_refused(kind: str, fields: dict[str, Any]) -> None:
    message = outcome(json.dumps({kind: fields}).encode())
    if isinstance(message, Refused):
        assert (message.reason, message.where[: len(kind) + 2]) == (Reason.IDENTIFIER, f"$.{kind}")
    else:
        assert isinstance(message, Session if kind == "session" else Result)


def outcome(body: bytes) -> Session | Result | Refused:
    try:
        return read(body)
    except Refused as refused:
        return refused


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        read(body)
