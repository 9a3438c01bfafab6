"""The protocol's own tables and worked examples: what the platform posts, case by case.

Written from the description of the protocol; section numbers are its sections.
"""

from typing import Any

import pytest

from phone.actions import Action, HangUp, Keys, Silence, Words
from phone.events import FarEnd, Kind
from phone.habits import Habits
from phone.sessions import launch
from tests.lines import ASK, NOON, ON, SAY, TRANSFER, Call, Caller, at

SILENT = at("none", Silence())
MATCHED = {"name": "sure", "attempts": 1, "disposition": "SUCCESS", "confidence": 100}
MATCHED |= {"interpretation": "1", "utterance": "1", "concept": "yes", "value": "yes"}
CONNECTED = {"name": "desk", "duration": 62, "disposition": "SUCCESS", "connectedDuration": 60}
CONNECTED |= {"timestamp": "2017-06-08T12:01:02.000Z", "calledid": "+14075550199", "userType": "HUMAN"}
CUT = CONNECTED | {"duration": 2, "connectedDuration": 0, "timestamp": "2017-06-08T12:00:02.000Z"}
UP = "http://app.example.com/recordings"
RECORD = {"name": "memo", "url": UP, "beep": False, "choices": {"terminator": "#"}}
ROOM = {"name": "room", "id": "1234", "terminator": "*"}
KEY = dict.fromkeys(("interpretation", "utterance", "concept", "value"), "#") | {"confidence": 100}
TEXT = {"message": {"to": "+14075550177", "channel": "TEXT", "say": {"value": "hi"}}}
LAUNCH = launch({"token": "abc"}, "0123456789abcdef" * 2, NOON)
ABSENT = "absent"
SPOKEN = "nine four zero seven zero"


def unfinished(disposition: str, attempts: int = 1) -> dict[str, Any]:
    return {"name": "sure", "attempts": attempts, "disposition": disposition}


def recorded(milliseconds: int, **fields: Any) -> dict[str, Any]:
    known = {"name": "memo", "attempts": 1, "disposition": "SUCCESS", "duration": milliseconds, "url": UP}
    return known | {"uploadStatus": "success"} | fields


def conferred(disposition: str, seconds: int) -> dict[str, Any]:
    return {"name": "room", "duration": seconds, "disposition": disposition}


def failed(disposition: str, seconds: int) -> dict[str, Any]:
    return {"name": "desk", "duration": seconds, "disposition": disposition}


def late(action: Action) -> Caller:
    """A caller who does something once the line is at its second moment or later."""
    return lambda moment: action if moment.at > 0 else Silence()


def dictates(end: Action) -> Caller:
    """A caller who says four words into a recording, and ends it so."""
    words = Words("call me back please")
    return lambda moment: end if moment.going_on else words if moment.question else Silence()


ROWS = [
    ("ask matched", [{"ask": ASK}], at("Ask", Keys("1")), ("continue", "ANSWERED", True, MATCHED)),
    ("ask, no input", [{"ask": ASK}], SILENT, ("incomplete", "ANSWERED", False, unfinished("TIMEOUT"))),
    (
        "ask, wrong input",
        [{"ask": ASK | {"attempts": 3}}],
        at("Ask", Words("maybe")),
        ("incomplete", "ANSWERED", False, unfinished("NOMATCH", 3)),
    ),
    (
        "only say, wait, message",
        [SAY, {"wait": {"milliseconds": 900}}, TEXT],
        SILENT,
        ("continue", "ANSWERED", True, ABSENT),
    ),
    (
        "record ended by silence",
        [{"record": RECORD | {"maxSilence": 2}}],
        dictates(Silence()),
        ("continue", "ANSWERED", True, recorded(3600)),
    ),
    (
        "record ended by maxTime",
        [{"record": RECORD | {"maxTime": 1}}],
        dictates(Silence()),
        ("continue", "ANSWERED", True, recorded(1000)),
    ),
    (
        "record ended by a key",
        [{"record": RECORD}],
        dictates(Keys("#", after=3)),
        ("continue", "ANSWERED", True, recorded(5100) | KEY),
    ),
    (
        "hang-up during record",
        [{"record": RECORD}],
        dictates(HangUp()),
        (
            "hangup",
            "DISCONNECTED",
            True,
            {"name": "memo", "attempts": 1, "disposition": "SUCCESS", "url": UP},
        ),
    ),
    ("hang-up during say", [SAY], at("Say", HangUp()), ("hangup", "DISCONNECTED", True, ABSENT)),
    ("hang-up during ask", [{"ask": ASK}], at("Ask", HangUp()), ("hangup", "DISCONNECTED", False, ABSENT)),
    (
        "hang-up during its prompt",
        [{"ask": ASK}],
        at("Say", HangUp()),
        ("hangup", "DISCONNECTED", False, ABSENT),
    ),
    (
        "hang-up during wait",
        [{"wait": {"milliseconds": 10}}],
        at("Wait", HangUp()),
        ("hangup", "DISCONNECTED", True, ABSENT),
    ),
    (
        "hang-up in conference",
        [{"conference": ROOM}],
        at("Conference", HangUp(after=48)),
        ("hangup", "DISCONNECTED", True, conferred("HANGUP", 48)),
    ),
    (
        "conference left by its key",
        [{"conference": ROOM}],
        at("Conference", Keys("*", after=28)),
        ("continue", "ANSWERED", True, conferred("SUCCESS", 28)),
    ),
    ("transfer over", [{"transfer": TRANSFER}], SILENT, ("continue", "ANSWERED", True, CONNECTED)),
    (
        "hang-up during transfer",
        [{"transfer": TRANSFER}],
        late(HangUp()),
        ("hangup", "DISCONNECTED", True, CUT),
    ),
    ("hangup step", [SAY, {"hangup": None}], SILENT, ("hangup", "DISCONNECTED", True, ABSENT)),
    ("reject", [{"reject": None}], SILENT, ("hangup", "DISCONNECTED", True, ABSENT)),
    ("redirect", [{"redirect": {"to": "sip:a@b"}}], SILENT, ("hangup", "DISCONNECTED", True, ABSENT)),
]


@pytest.mark.parametrize(("steps", "caller", "row"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_is_posted(steps: list[object], caller: Caller, row: tuple[object, ...]) -> None:
    """Section 4.4, what a caller can bring about."""
    assert Call([[*steps, *ON]], caller=caller).results[0] == row


def test_the_end_of_the_script_is_a_hangup() -> None:
    assert Call([[SAY, ON[3]]]).results == [("hangup", "DISCONNECTED", True, ABSENT)]


@pytest.mark.parametrize(
    ("far_end", "disposition", "seconds"),
    [
        (FarEnd(rings=31), "TIMEOUT", 30),
        (FarEnd("TIMEOUT"), "TIMEOUT", 30),
        (FarEnd("BUSY"), "BUSY", 2),
        (FarEnd("REJECTED"), "REJECTED", 2),
        (FarEnd("FAILED", rings=0), "FAILED", 0),
    ],
)
def test_a_transfer_or_call_that_is_not_answered(far_end: FarEnd, disposition: str, seconds: int) -> None:
    """Section 4.4: incomplete, else continue."""
    call = Call([[{"transfer": TRANSFER}, SAY, *ON]], far_end=far_end)
    assert call.results[0] == ("incomplete", "ANSWERED", False, failed(disposition, seconds))
    assert Call([[{"transfer": TRANSFER}, ON[0]]], far_end=far_end).results[0][0] == "continue"
    launched = Call([[{"call": {"to": "+14075550142"}}, SAY, *ON], []], opened=LAUNCH, far_end=far_end)
    assert launched.results[0] == ("incomplete", "FAILED", False, ABSENT)
    assert launched.heard(Kind.APP_SAYS) == []


def test_a_call_that_is_answered() -> None:
    """Section 4.4; and 4: `calledid` and `callId` are those of the new leg."""
    call = Call([[{"call": {"to": ["+14075550142"]}}, SAY, *ON]], opened=LAUNCH)
    assert call.results[0] == ("continue", "ANSWERED", True, ABSENT)
    assert call.posted[0]["callId"] is None
    assert len(call.posted[1]["callId"]) == 32
    assert call.posted[1]["calledid"] == "4075550142"
    assert "userType" not in call.posted[1]


@pytest.mark.parametrize("step", [SAY, {"wait": {"milliseconds": 900}}])
@pytest.mark.parametrize(("signal", "handler"), [("continue", "continue"), ("hangup", "hangup")])
def test_a_signal_fires_the_handler_of_its_name(step: dict[str, object], signal: str, handler: str) -> None:
    """Section 4.4; the rest of the document is dropped (9.2)."""
    name = next(iter(step)).capitalize()
    call = Call([[step, {"ask": ASK}, *ON]], signals={name: signal})
    assert call.results[0] == (handler, "ANSWERED", True, ABSENT)


def test_a_signal_without_a_handler_goes_to_continue() -> None:
    assert Call([[SAY, *ON]], signals={"Say": "quit"}).results[0] == ("continue", "ANSWERED", True, ABSENT)


@pytest.mark.parametrize(
    ("step", "signalled", "actions"),
    [
        ({"conference": ROOM}, "Conference", conferred("EXTERNAL_EVENT", 0)),
        ({"ask": ASK}, "Ask", unfinished("EXTERNAL_EVENT")),
        ({"record": RECORD}, "Record", unfinished("EXTERNAL_EVENT") | {"name": "memo"}),
        (
            {"transfer": TRANSFER | {"choices": {"terminator": "#"}}},
            "Transfer",
            failed("EXTERNAL_EVENT", 0),
        ),
    ],
)
def test_a_signal_during_what_is_reported(
    step: dict[str, object], signalled: str, actions: dict[str, object]
) -> None:
    quit_handler = {"on": {"event": "quit", "next": "?on=quit"}}
    call = Call([[step, quit_handler, *ON]], signals={signalled: "quit"}, caller=SILENT)
    assert call.results[0] == ("quit", "ANSWERED", True, actions)


def test_trouble_goes_to_error() -> None:
    """Section 4.4: a grammar that cannot be fetched, and a step out of its place."""
    ask = ASK | {"choices": {"value": "http://files.example.com/city.grxml"}}
    call = Call([[{"ask": ask}, *ON]])
    assert call.results[0] == ("error", "ANSWERED", False, ABSENT)
    assert "$.tropo[0].ask.choices.value could not be reached" in call.posted[1]["error"]
    again = Call([[{"call": {"to": "+14075550142"}}, ON[0]]])
    assert again.results[0][0] == "continue"
    assert "there is a call already" in again.posted[1]["error"]


def test_the_numbering_of_results() -> None:
    """Section 1: six documents of an application for zip codes, one result each, the last a hang-up."""
    zip_code = {"ask": {"name": "zip", "choices": {"value": "[5 DIGITS]"}}}
    paths = ["process_zip", "process_selection", "process_selection", "send_text_message", "goodbye"]
    documents: list[list[object]] = [
        [zip_code, {"on": {"event": "continue", "next": f"/{path}.json"}}] for path in paths
    ]
    last: list[object] = [SAY, {"on": {"event": "hangup", "next": "/hangup.json"}}]
    call = Call([*documents, last], *[Keys("94070")] * 5)
    assert [result["sequence"] for result in call.posted[1:]] == [1, 2, 3, 4, 5, 6]
    assert [url.rpartition("/")[2] for url in call.urls[1:]] == [
        *(f"{path}.json" for path in paths),
        "hangup.json",
    ]
    assert call.results[-1][1:] == ("DISCONNECTED", True, ABSENT)


def test_the_report_of_the_recogniser() -> None:
    """Section 4.5, blanks and line ends as they were captured."""
    call = Call([[{"ask": ASK}, *ON]], Keys("1"))
    grammar = "0@01234567.vxmlgrammar"
    assert call.posted[1]["actions"]["xml"] == (
        f'<?xml version="1.0"?>\r\n<result grammar="{grammar}">\r\n'
        f'    <interpretation grammar="{grammar}" confidence="100">\r\n        \r\n'
        '      <input mode="dtmf">dtmf-1</input>\r\n    </interpretation>\r\n</result>\r\n'
    )


@pytest.mark.parametrize(
    ("grammar", "action", "interpretation", "utterance", "value", "concept", "confidence"),
    [
        ("[4 DIGITS]", Keys("1234"), "1234", "1234", "1234", None, 100),
        ("[5 DIGITS]", Words(SPOKEN, 53), "94070", SPOKEN, SPOKEN, None, 53),
        ("[1 DIGIT]", Keys("1"), "1", "1", "1", None, 100),
        ("1,2,3,4", Keys("3"), "3", "3", "3", "3", 100),
        ("yes(yes,y,1), no(no,n,2)", Keys("1"), "1", "1", "yes", "yes", 100),
        ("red(red,1), blue(blue,2)", Keys("2"), "2", "2", "blue", "blue", 100),
        ("sales(1, sales), support(2, help)", Words("help", 50), "help", "help", "support", "support", 50),
    ],
)
def test_how_the_fields_are_filled(
    grammar: str,
    action: Action,
    interpretation: str,
    utterance: str,
    value: str,
    concept: str | None,
    confidence: int,
) -> None:
    """Section 6.2, the rows of 2017 and those that never changed; the older rows are below."""
    call = Call([[{"ask": {"name": "a", "choices": {"value": grammar}}}, *ON]], action)
    expected: dict[str, object] = {"name": "a", "attempts": 1, "disposition": "SUCCESS"}
    expected |= {"confidence": confidence, "interpretation": interpretation, "utterance": utterance}
    expected |= {"value": value} | ({"concept": concept} if concept else {})
    assert call.results[0][3] == expected


@pytest.mark.parametrize(
    ("habits", "value"),
    [
        (Habits(spaced_keys=True), {"value": "10246"}),
        (Habits(spaced_keys=True, keyed_value=False), {}),
    ],
)
def test_how_the_fields_of_keyed_digits_were_filled_before(habits: Habits, value: dict[str, object]) -> None:
    """Section 6.2, the rows of 2010 to 2013 and of early 2010."""
    steps = [{"ask": {"name": "a", "choices": {"value": "[5 DIGITS]"}}}, *ON]
    expected = {"confidence": 100, "interpretation": "10246", "utterance": "1 0 2 4 6"} | value
    call = Call([steps], Keys("10246"), habits=habits)
    assert call.results[0][3] == {"name": "a", "attempts": 1, "disposition": "SUCCESS"} | expected


def test_any_text() -> None:
    """Section 6.2: the text in all three fields, and no concept."""
    call = Call([[{"ask": {"name": "a", "choices": {"value": "[ANY]"}}}, *ON]], text="Book me in")
    expected = dict.fromkeys(("interpretation", "utterance", "value"), "Book me in") | {"confidence": 100}
    assert call.results[0][3] == expected | {"name": "a", "attempts": 1, "disposition": "SUCCESS"}


def test_one_prompt_more_than_failures_is_never_played() -> None:
    """Section 6.5: with two attempts there is one re-prompt, in the order of the array."""
    prompts = [
        {"value": "Sorry.", "event": "nomatch:1 nomatch:2 nomatch:3"},
        {"value": "Which one?"},
        {"value": "Last attempt.", "event": "nomatch"},
    ]
    call = Call([[{"ask": ASK | {"attempts": 2, "say": prompts}}, *ON]], *[Words("maybe")] * 2)
    assert call.heard(Kind.APP_SAYS) == ["Which one?", "Sorry.", "Which one?", "Last attempt."]


def test_signals_are_taken_in_their_order() -> None:
    """Section 9.2: what does not match is discarded up to the first that does; the rest stays."""
    picky = {"wait": {"milliseconds": 1000, "allowSignals": ["two", "three"]}}
    handlers = [{"on": {"event": name, "next": f"?on={name}"}} for name in ("one", "two", "three", "four")]
    documents: list[list[object]] = [[picky, *handlers], [picky, *handlers], [SAY, *handlers]]
    call = Call(documents, queued=["one", "two", "four", "three"])
    assert [row[0] for row in call.results] == ["two", "three"]


@pytest.mark.parametrize(
    ("first", "event"),
    [
        ({"wait": {"milliseconds": 1000, "allowSignals": ""}}, "continue"),
        ({"say": {"value": "Hello.", "allowSignals": "other"}}, "continue"),
        ({"transfer": TRANSFER}, "quit"),
        ({"message": TEXT["message"]}, "quit"),
    ],
)
def test_what_no_signal_interrupts(first: dict[str, object], event: str) -> None:
    """Sections 9.2 and 5.6: a signal that is not allowed is lost; without a terminator it waits."""
    call = Call([[first, SAY, *ON, {"on": {"event": "quit", "next": "?on=quit"}}]], queued=["quit"])
    assert call.results[0][0] == event
