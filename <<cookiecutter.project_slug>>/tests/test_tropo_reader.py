"""What is read from a body, and what is refused: reliability starts at the door."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tropo import Reason, Refused, Result, Session
from tropo.reader import Post, read


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "$: is not JSON"),
        (b'{"session": {"id": "a", "x": NaN}}', "$: holds NaN, which JSON does not have"),
        (b'{"session": {"id": "a", "x": ' + b"1" * 20 + b"}}", "$: holds a number of more than 19 digits"),
        (b'{"session": {"id": "a", "id": "b"}}', "$: holds the same key twice in one object"),
        (b"[" * 25, "$: is nested deeper than 24"),
        (b"\xff\xfe{", "$: must be UTF-8, not UTF-16 or UTF-32"),
        (b"{}", "$: must hold exactly one of session and result, as an object"),
        (b'{"session": {"id": "a b"}}', "$.session.id: must be 1 to 64 letters, digits or _ . : -"),
        (b'{"result": {}}', "$.result.sessionId: must be 1 to 64 letters, digits or _ . : -"),
    ],
)
def test_a_refusal_says_what_was_wrong_and_where(body: bytes, detail: str) -> None:
    with pytest.raises(Refused) as refused:
        read(body)
    assert str(refused.value) == detail


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "iso-8859-1"])
def test_text_is_read_in_every_encoding_a_platform_has_used(encoding: str) -> None:
    body = json.dumps({"session": {"id": "a", "initialText": "Zürich"}}, ensure_ascii=False).encode(encoding)
    message = read(body)
    assert isinstance(message, Session)
    assert message.initial_text == "Zürich"


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"a\u0000b", "a\ufffdb"),
        (r"a\ud800b\uDFFFc", "a\ufffdb\ufffdc"),
        (r"\uD83D\ude00", "\U0001f600"),
        (r"\ud83d\ud83d\ude00", "\ufffd\U0001f600"),
        (r"\ude00\ud83d", "\ufffd\ufffd"),
        (r"\\u0000 \\ud800 \\\u0000", r"\u0000 \ud800 " + "\\\ufffd"),
        (r"\u00e9\uFFFF\u001f", "\u00e9\uffff\x1f"),
    ],
)
def test_text_that_no_database_stores_is_repaired_because_the_caller_is_innocent(
    written: str, text: str
) -> None:
    body = f'{{"session": {{"id": "a", "initialText": "{written}", "parameters": {{"{written}": "x"}}}}}}'
    message = read(body.encode())
    assert isinstance(message, Session)
    assert message.initial_text == text
    assert message.parameters == {text: "x"}
    assert message.source["initialText"] == text


@pytest.mark.parametrize(
    "body",
    [
        b'"' + b'\\"' * 32_000,
        b"[" * 30 + b'"' + b'\\"' * 32_000,
        b'"' * 65_536,
        b"[" * 30 + b'"' + b"\\" * 65_000,
        b"\\u" * 32_000,
        b"[" * 30 + b"\xff" * 65_000,
    ],
)
def test_a_body_made_to_be_slow_is_refused_like_any_other(body: bytes) -> None:
    """Bodies that a careless search takes 20 seconds for; `benchmarks/reading.py` has the figure."""
    with pytest.raises(Refused):
        read(body)


def test_brackets_in_a_text_are_not_depth() -> None:
    body = json.dumps({"session": {"id": "a", "initialText": "[" * 500 + '\\"' + "{" * 500}}).encode()
    assert isinstance(read(body), Session)


@pytest.mark.parametrize("fields", [{}, {"actions": None}, {"actions": "x"}, {"actions": [7]}])
def test_a_result_without_usable_actions_has_none(fields: dict[str, Any]) -> None:
    message = read(json.dumps({"result": {"sessionId": "a"} | fields}).encode())
    assert isinstance(message, Result)
    assert message.actions == ()


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


def outcome(body: bytes) -> Post | Refused:
    try:
        return read(body)
    except Refused as refused:
        return refused


@given(st.binary(max_size=200))
def test_whatever_bytes_come_are_refused(body: bytes) -> None:
    with pytest.raises(Refused):
        read(body)
