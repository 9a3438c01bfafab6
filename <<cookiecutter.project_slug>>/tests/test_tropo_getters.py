"""What programs for tropo-webapi-python ask of a session or a result."""

import copy
import json
import pickle
from typing import Any

import pytest

from tropo import Refused, Result, Session
from tropo.reader import read

TWO = [
    {"name": "directory", "value": "yes", "interpretation": "1"},
    {"name": "color", "value": "blue", "interpretation": "2"},
]


def result(**said: Any) -> Any:
    return build(Result, json.dumps({"result": said}))


def build(kind: Any, body: str | bytes) -> Any:
    """A session or result as old programs make it; the type checker knows only the typed way."""
    return kind(body)


def test_the_values_of_several_actions_are_read_by_place_and_by_name() -> None:
    heard = result(sessionId="a", actions=TWO, userType="HUMAN")
    assert heard.getActions() == TWO
    assert heard.getActionsCount() == 2
    assert (heard.getValue(), heard.getIndexedValue(1), heard.getNamedActionValue("color")) == (
        "yes",
        "blue",
        "blue",
    )
    assert (heard.getInterpretation(), heard.getIndexdedInterpretation(1)) == ("1", "2")
    assert heard.getNamedActionInterpretation("color") == "2"
    assert heard.getUserType() == "HUMAN"


def test_a_single_action_comes_as_an_object() -> None:
    heard = result(sessionId="a", actions=TWO[0])
    assert heard.getActionsCount() == 1
    assert (heard.getValue(), heard.getIndexedValue(0), heard.getNamedActionValue("any")) == ("yes",) * 3


def test_an_action_that_recognised_nothing_has_no_value() -> None:
    heard = result(sessionId="a", actions=[{"name": "zip", "disposition": "TIMEOUT"}])
    assert (heard.getValue(), heard.getInterpretation()) == ("NoValue", "NoValue")
    assert heard.getNamedActionValue("city") == "NoValue"


@pytest.mark.parametrize("said", [{}, {"actions": None}, {"actions": []}])
def test_a_result_without_actions_has_no_value(said: dict[str, Any]) -> None:
    heard = result(sessionId="a", **said)
    assert heard.getActionsCount() == 0
    with pytest.raises(AttributeError, match="the result says nothing of 'actions'"):
        heard.getValue()


def test_what_had_no_getter_was_read_with_a_line_before_it() -> None:
    heard = result(sessionId="a", state="ANSWERED", sequence=1, error=None)
    assert (heard._sessionId, heard._state, heard._sequence) == ("a", "ANSWERED", 1)
    assert not hasattr(heard, "_error")
    assert not hasattr(heard, "sessionId")


def test_a_session_has_every_field_under_the_name_of_the_platform() -> None:
    ends = {"from": {"id": "4075550142", "channel": "VOICE"}, "to": {"id": "4075550100", "name": None}}
    said = {"id": "a", "initialText": None, "timestamp": "2011-09-25T18:36:30.737Z", "unheardOf": 7} | ends
    session = build(Session, json.dumps({"session": said}))
    assert (session.id, session.initialText, session.unheardOf) == ("a", None, 7)
    assert session.timestamp == "2011-09-25T18:36:30.737Z"
    assert session.fromaddress["id"] == "4075550142"
    assert (session.to["id"], session.to.get("network"), "name" in session.to) == ("4075550100", None, True)
    assert dict(session.to) == ends["to"]
    assert session.dict == said
    assert not hasattr(session, "accountId")


def test_the_typed_fields_are_there_as_well() -> None:
    body = json.dumps({"session": {"id": "a", "from": {"id": "4075550142"}}}).encode()
    assert build(Session, body) == read(body)
    assert build(Session, body).from_.id == "4075550142"


def test_a_field_of_the_sender_is_never_taken_for_one_of_python() -> None:
    session = build(Session, '{"session": {"id": "a", "__html__": 1, "__deepcopy__": 1}}')
    assert not hasattr(session, "__html__")
    for again in (copy.copy(session), copy.deepcopy(session), pickle.loads(pickle.dumps(session))):
        assert again == session


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(Refused, match="is not JSON"):
        build(Session, "session=1")
    with pytest.raises(KeyError, match="session"):
        build(Session, '{"result": {"sessionId": "a"}}')
