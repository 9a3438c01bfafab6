"""The simulated platform against documents written by hand: what it posts where, and what is heard."""

import json

import pytest

from phone.actions import Action, HangUp, Keys, Silence, Words
from phone.errors import LineDeadError
from phone.events import Ended, Kind, Reply
from phone.habits import Habits
from phone.platform import DOCUMENTS_MAX, Line
from tests.lines import ASK, ON, SAY, START, YES_NO, Call, at, session


def test_the_session_is_one_of_2017() -> None:
    call = Call([[{"hangup": None}]])
    opened = call.posted[0]
    assert call.urls[0] == START
    assert list(opened) == [
        *("id", "accountId", "applicationId", "timestamp", "userType", "initialText"),
        *("callId", "to", "from", "headers"),
    ]
    assert opened["timestamp"] == "2017-06-08T12:00:00.000Z"
    assert (opened["userType"], opened["initialText"]) == ("HUMAN", None)
    assert opened["from"] == dict.fromkeys(("id", "e164Id", "name"), "4075550142") | {
        "channel": "VOICE",
        "network": "SIP",
    }
    assert opened["headers"]["Request URI"] == "sip:4075550100@phone.invalid"


def test_a_result_has_the_fields_of_the_wire_in_their_order() -> None:
    call = Call([[{"ask": ASK}, *ON]], Keys("1"))
    result = call.posted[1]
    assert list(result) == [
        *("sessionId", "callId", "state", "sessionDuration", "sequence"),
        *("complete", "error", "calledid", "actions"),
    ]
    assert (result["sessionId"], result["callId"]) == (session().id, session().call_id)
    assert (result["error"], result["calledid"], result["sequence"]) == (None, "4075550100", 1)
    assert result["actions"]["xml"] == (
        '<?xml version="1.0"?>\r\n<result grammar="0@01234567.vxmlgrammar">\r\n'
        '    <interpretation grammar="0@01234567.vxmlgrammar" confidence="100">\r\n        \r\n'
        '      <input mode="dtmf">dtmf-1</input>\r\n    </interpretation>\r\n</result>\r\n'
    )


def test_speech_has_its_confidence_and_mode() -> None:
    zip_code = {"name": "zip", "choices": {"value": "[5 DIGITS]"}}
    call = Call([[{"ask": zip_code}, *ON]], Words("nine four zero seven zero", 53))
    actions = call.posted[1]["actions"]
    assert "concept" not in actions
    assert actions["confidence"] == 53
    assert actions["interpretation"] == "94070"
    assert actions["utterance"] == actions["value"] == "nine four zero seven zero"
    assert '<input mode="speech">nine four zero seven zero</input>' in actions["xml"]


def test_two_reportable_actions_are_an_array_and_post_once() -> None:
    call = Call([[{"ask": ASK}, SAY, {"ask": ASK | {"name": "really"}}, *ON], []], Keys("1"), Keys("2"))
    (_, _, _, actions), *_ = call.results
    assert isinstance(actions, list)
    assert [(action["name"], action["value"]) for action in actions] == [("sure", "yes"), ("really", "no")]
    assert "0@" in actions[0]["xml"]
    assert "1@" in actions[1]["xml"]


def test_an_action_that_is_not_required_may_fail() -> None:
    call = Call([[{"ask": ASK | {"required": False}}, SAY, *ON]], Silence())
    assert call.results[0][:3] == ("continue", "ANSWERED", True)
    assert call.heard(Kind.APP_SAYS) == ["Are you sure?", "Hello."]


def test_a_required_action_that_fails_ends_the_document() -> None:
    call = Call([[{"ask": ASK}, SAY, *ON]], Silence())
    assert call.heard(Kind.APP_SAYS) == ["Are you sure?"]


@pytest.mark.parametrize(
    ("confidence", "option", "disposition"),
    [
        (30, {}, "SUCCESS"),
        (29, {}, "NOMATCH"),
        (0, {"minConfidence": 0}, "SUCCESS"),
        (49, {"minConfidence": 50}, "NOMATCH"),
    ],
)
def test_the_confidence_a_question_needs(confidence: int, option: dict[str, int], disposition: str) -> None:
    call = Call([[{"ask": ASK | option}, *ON]], Words("yes", confidence))
    assert call.results[0][3]["disposition"] == disposition


@pytest.mark.parametrize(
    ("mode", "action", "disposition"),
    [
        ("dtmf", Keys("1"), "SUCCESS"),
        ("DTMF", Words("yes"), "TIMEOUT"),
        ("speech", Keys("1"), "TIMEOUT"),
        ("speech", Words("yes"), "SUCCESS"),
    ],
)
def test_a_question_hears_its_own_mode_only(mode: str, action: Action, disposition: str) -> None:
    call = Call([[{"ask": ASK | {"choices": YES_NO | {"mode": mode}}}, *ON]], action)
    assert call.results[0][3]["disposition"] == disposition


def test_prompts_for_events_are_played_in_order_at_a_new_attempt() -> None:
    prompts = [
        {"value": "Sorry?", "event": "nomatch:1 nomatch:2"},
        {"value": "Still there?", "event": "timeout"},
        {"value": "Which city?"},
        {"value": "Last try.", "event": "nomatch:2"},
    ]
    ask = ASK | {"say": prompts, "attempts": 4}
    call = Call([[{"ask": ask}, *ON]], Words("maybe"), Silence(), Words("maybe"), Silence())
    assert call.heard(Kind.APP_SAYS) == [
        *("Which city?", "Sorry?", "Which city?", "Still there?", "Which city?"),
        *("Sorry?", "Which city?", "Last try."),
    ]
    assert call.results[0][3] == {"name": "sure", "attempts": 4, "disposition": "TIMEOUT"}


def test_the_clock_is_virtual() -> None:
    hour = {"wait": {"milliseconds": 3_600_000}}
    call = Call([[hour, {"ask": ASK | {"timeout": 12.5}}, *ON]], Silence())
    asking, waiting = 1.2, 12.5
    assert call.posted[1]["sessionDuration"] == int(3600 + asking + waiting)


def test_next_is_resolved_like_a_link_of_its_document() -> None:
    nexts = ["/calls/one?t=1", "two", "?t=3", "https://app.example.com/other/", "../five"]
    documents: list[list[object]] = [[{"on": {"event": "continue", "next": address}}] for address in nexts]
    assert Call([*documents, []]).urls[1:] == [
        "http://app.example.com/calls/one?t=1",
        "http://app.example.com/calls/two",
        "http://app.example.com/calls/two?t=3",
        "https://app.example.com/other/",
        "https://app.example.com/five",
    ]


@pytest.mark.parametrize("address", ["ftp://example.com/", "https://", "http://[", "http://a:b/", "/städte"])
def test_next_that_is_no_address_ends_the_line(address: str) -> None:
    with pytest.raises(LineDeadError, match="no address to post to"):
        Call([[{"on": {"event": "continue", "next": address}}]])


@pytest.mark.parametrize(
    ("handlers", "heard", "posted"),
    [
        ([{"event": "continue", "next": "?on=continue"}], [], ["continue"]),
        ([{"event": "incomplete", "say": {"value": "Too bad."}}], ["Too bad."], []),
        (
            [
                {"event": "incomplete", "say": {"value": "Too bad."}},
                {"event": "continue", "next": "?on=continue", "say": {"value": "On."}},
            ],
            ["Too bad.", "On."],
            ["continue"],
        ),
        ([{"event": "hangup", "next": "?on=hangup"}], [], ["hangup"]),
        ([{"event": "continue"}, {"event": "hangup", "next": "?on=hangup"}], [], ["hangup"]),
        ([], [], []),
    ],
)
def test_which_handler_gets_a_question_that_failed(
    handlers: list[object], heard: list[str], posted: list[str]
) -> None:
    call = Call([[{"ask": ASK}, *({"on": handler} for handler in handlers)]], Silence())
    assert call.heard(Kind.APP_SAYS) == ["Are you sure?", *heard]
    assert [row[0] for row in call.results] == posted
    assert call.ended.by == "application"


def test_without_a_hangup_handler_a_caller_just_leaves() -> None:
    call = Call([[{"ask": ASK}, *ON[:3]]], HangUp())
    assert call.results == []
    assert call.ended.by == "caller"


def test_a_caller_can_hang_up_on_a_handler() -> None:
    handler = {"on": {"event": "continue", "next": "?on=continue", "say": {"value": "Bye."}}}
    call = Call([[{"wait": {"milliseconds": 1}}, handler, *ON[1:]]], caller=at("Say", HangUp()))
    assert call.results == [("hangup", "DISCONNECTED", True, "absent")]


def test_a_call_that_was_answered_cannot_be_rejected() -> None:
    call = Call([[SAY, {"reject": None}, *ON]])
    assert call.results[0] == ("error", "ANSWERED", False, "absent")
    assert "after the call was answered" in call.posted[1]["error"]


def test_the_first_question_takes_the_text_that_opened_the_session() -> None:
    anything = {"name": "all", "choices": {"value": "[ANY]"}}
    call = Call([[SAY, {"ask": anything}, {"ask": ASK}, *ON], []], Words("Y"), text="Book me in")
    actions = call.results[0][3]
    assert {actions[0][field] for field in ("interpretation", "utterance", "value")} == {"Book me in"}
    assert "concept" not in actions[0]
    assert (actions[1]["value"], actions[1]["utterance"]) == ("yes", "Y")
    assert call.heard(Kind.APP_TEXTS) == ["Hello.", "Are you sure?"]
    opened = call.posted[0]
    assert (opened["initialText"], opened["from"]["name"]) == ("Book me in", None)
    assert (opened["from"]["id"], opened["from"]["network"]) == ("14075550142", "SMS")


def test_what_is_heard_is_speech_not_markup() -> None:
    call = Call([[{"say": {"value": "<speak>Smith &amp; <emphasis>Co</emphasis></speak>"}}]])
    assert call.heard(Kind.APP_SAYS) == ["Smith & Co"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_only_2xx_keeps_the_line_alive(status: int) -> None:
    line = Line(session(), START)
    with pytest.raises(LineDeadError, match=rf"the session posted to /tropo/ was answered {status}"):
        line.replied(Reply(status, b'{"tropo": []}'))


def test_a_line_says_what_it_needs() -> None:
    line = Line(session(), START)
    with pytest.raises(ValueError, match="cannot act now"):
        line.acted(Silence())
    line.replied(Reply(200, json.dumps({"tropo": [{"ask": ASK}]}).encode()))
    with pytest.raises(ValueError, match="no reply is due"):
        line.replied(Reply(200, b""))


def test_a_session_that_never_ends_is_ended_by_the_platform() -> None:
    forever: list[object] = [{"wait": {"milliseconds": 3_600_000}}, *ON]
    call = Call([forever] * 5)
    assert call.ended == Ended(Habits().session_max, "platform")
    assert call.results[-1] == ("hangup", "DISCONNECTED", True, "absent")


def test_an_application_that_goes_in_circles_is_reported() -> None:
    with pytest.raises(LineDeadError, match="goes in circles"):
        Call([[{"on": {"event": "continue", "next": "?"}}]] * (DOCUMENTS_MAX + 1))
