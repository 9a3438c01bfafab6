"""Documents out: what tropo-webapi-python could say, and every option of the protocol by its own name."""

import json
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from decimal import Decimal
from typing import Any

import pytest

import tropo
from tropo import (
    Answer,
    Ask,
    Call,
    Choices,
    Conference,
    GeneralLogSecurity,
    Hangup,
    JoinPrompt,
    LeavePrompt,
    MachineDetection,
    Message,
    On,
    Record,
    RecordUrlTuple,
    Redirect,
    Reject,
    Say,
    StartRecording,
    StopRecording,
    Transcription,
    Transfer,
    TransferOnChoices,
    Tropo,
    Wait,
)
from tropo.parts import Part

# What must be given, and every option, as the protocol spells it.
OPTIONS: dict[type[Part], tuple[dict[str, Any], str]] = {
    Answer: ({}, "headers"),
    Ask: (
        {"choices": "[1 DIGIT]"},
        "choices say name attempts bargein interdigitTimeout minConfidence recognizer sensitivity "
        "speechCompleteTimeout speechIncompleteTimeout timeout voice required allowSignals asrLogSecurity "
        "maskTemplate promptLogSecurity",
    ),
    Call: (
        {"to": "+14075550100"},
        "to from name channel network timeout answerOnMedia headers machineDetection voice callbackUrl label "
        "recording required allowSignals promptLogSecurity",
    ),
    Choices: ({"value": "[1 DIGIT]"}, "value mode terminator"),
    Conference: (
        {"id": "staff"},
        "id name mute playTones terminator interdigitTimeout joinPrompt leavePrompt required allowSignals "
        "promptLogSecurity",
    ),
    Hangup: ({}, "headers"),
    JoinPrompt: ({"value": "Hello"}, "value voice"),
    LeavePrompt: ({"value": "Goodbye"}, "value voice"),
    MachineDetection: ({"introduction": "Hello"}, "introduction voice"),
    Message: (
        {"say": "Hello", "to": "+14075550100"},
        "say to from name channel network timeout answerOnMedia headers voice required promptLogSecurity",
    ),
    On: ({"event": "continue"}, "event next say ask message wait post name required"),
    Record: (
        {},
        "url say name asyncUpload attempts bargein beep choices format interdigitTimeout maxSilence maxTime "
        "method minConfidence password sensitivity timeout transcription username voice required "
        "allowSignals promptLogSecurity",
    ),
    RecordUrlTuple: ({"url": "https://example.com/r"}, "url username password method"),
    Redirect: ({"to": "sip:staff@example.com"}, "to name required"),
    Reject: ({}, ""),
    Say: (
        {"value": "Hello"},
        "value as event voice name required allowSignals promptLogSecurity media",
    ),
    StartRecording: (
        {"url": "https://example.com/r"},
        "url asyncUpload format method username password transcriptionID transcriptionEmailFormat "
        "transcriptionLanguage transcriptionOutURI",
    ),
    StopRecording: ({}, ""),
    Transcription: ({"url": "mailto:a@example.com"}, "url id emailFormat language"),
    Transfer: (
        {"to": "+14075550100"},
        "to from name timeout answerOnMedia ringRepeat playTones choices on interdigitTimeout headers "
        "machineDetection voice callbackUrl label required allowSignals promptLogSecurity",
    ),
    TransferOnChoices: ({}, "terminator"),
    Wait: ({"milliseconds": 500}, "milliseconds allowSignals"),
}
EACH = [(kind, needed, wire) for kind, (needed, wires) in OPTIONS.items() for wire in wires.split()]


def snake(wire: str) -> str:
    """The field that carries an option of that name."""
    name = re.sub(r"[A-Z]+", lambda capitals: f"_{capitals[0].lower()}", wire)
    return f"{name}_" if name in ("as", "from") else name


def build(kind: type[Part], **options: Any) -> Part:
    """An action made of options whose names are put together in a test."""
    return kind(**options)


def test_every_class_is_in_the_table() -> None:
    public = [getattr(tropo, name) for name in tropo.__all__]
    parts = {kind for kind in public if isinstance(kind, type) and issubclass(kind, Part)}
    assert parts - {tropo.Action, GeneralLogSecurity} == set(OPTIONS)


@pytest.mark.parametrize(("kind", "wires"), [(kind, wires.split()) for kind, (_, wires) in OPTIONS.items()])
def test_a_class_has_every_option_of_the_protocol_and_no_other(kind: type[Part], wires: list[str]) -> None:
    never_sent = {"voice"} if kind is On else set()
    names = {known.name for known in fields(kind)}  # type: ignore[arg-type]  # every part is a dataclass
    assert names - never_sent == {snake(wire) for wire in wires}


@pytest.mark.parametrize(("kind", "needed", "wire"), EACH)
def test_an_option_is_sent_under_its_own_name(kind: type[Part], needed: dict[str, Any], wire: str) -> None:
    value = {"value": "Hello"}
    made = build(kind, **needed | {snake(wire): value})
    assert made.body()[wire] == value
    assert made == build(kind, **needed | {wire: value})


@pytest.mark.parametrize(("kind", "needed", "wire"), EACH)
def test_a_slip_in_an_option_is_refused_with_the_right_name(
    kind: type[Part], needed: dict[str, Any], wire: str
) -> None:
    with pytest.raises(TypeError, match=rf"{kind.__name__} has no option '{wire}x': did you mean '{wire}'\?"):
        build(kind, **needed, **{f"{wire}x": 1})


@pytest.mark.parametrize("kind", list(OPTIONS))
def test_what_is_not_said_is_not_sent(kind: type[Part]) -> None:
    needed, wires = OPTIONS[kind]
    nothing = {snake(wire): None for wire in wires.split() if wire not in needed}
    assert build(kind, **needed).body().keys() == needed.keys()
    assert build(kind, **needed, **nothing) == build(kind, **needed)


def test_an_action_is_a_value_that_stays_as_it_was_made() -> None:
    said = Say("Hello")
    with pytest.raises(FrozenInstanceError):
        said.value = "Goodbye"  # type: ignore[misc]
    assert not hasattr(said, "__dict__")
    assert {said, Say("Hello")} == {Say("Hello")}


def test_texts_stand_for_the_parts_they_are_the_whole_of() -> None:
    assert Ask("[1 DIGIT]", "Which?") == Ask(say="Which?", choices="[1 DIGIT]")
    assert Ask("[1 DIGIT]", "Which?").body() == Ask(Choices("[1 DIGIT]"), Say("Which?")).body()
    assert On("connect", ask="[1 DIGIT]").body() == On("connect", ask=Ask(Choices("[1 DIGIT]"))).body()
    assert (
        On("ring", say="Hold on.", voice="kate").body()
        == On("ring", say=Say("Hold on.", voice="kate")).body()
    )


def test_parts_stand_in_parts() -> None:
    transfer = Transfer(
        ["+14075550100", "sip:staff@example.com"],
        choices=TransferOnChoices(terminator="#"),
        machine_detection=MachineDetection("Hello"),
        on=[On("ring", say="Hold on."), On("connect", ask=Ask("[1 DIGIT]", [Say("Press 1."), Say("Now.")]))],
    )
    assert transfer.to_dict() == {
        "transfer": {
            "to": ["+14075550100", "sip:staff@example.com"],
            "choices": {"terminator": "#"},
            "machineDetection": {"introduction": "Hello"},
            "on": [
                {"event": "ring", "say": {"value": "Hold on."}},
                {
                    "event": "connect",
                    "ask": {
                        "choices": {"value": "[1 DIGIT]"},
                        "say": [{"value": "Press 1."}, {"value": "Now."}],
                    },
                },
            ],
        }
    }


def test_documents_are_joined_and_stay_as_they_were() -> None:
    first, second = Tropo(Say("Hello")), Tropo(GeneralLogSecurity("suppress"), Hangup())
    assert (first + second).to_json() == (
        '{"tropo":[{"say":{"value":"Hello"}},{"generalLogSecurity":"suppress"},{"hangup":{}}]}'
    )
    assert first.to_dict() == {"tropo": [{"say": {"value": "Hello"}}]}


@pytest.mark.parametrize(
    ("action", "where"),
    [
        (Ask("[1 DIGIT]", timeout=float("nan")), r"\$\.tropo\[1\]\.ask\.timeout: JSON has no number nan"),
        (Ask("[1 DIGIT]", [Say("a"), Say(b"b")]), r"\$\.tropo\[1\]\.ask\.say\[1\]\.value: .* type bytes"),  # type: ignore[arg-type]
        (Wait(Decimal(7)), r"\$\.tropo\[1\]\.wait\.milliseconds: .* type Decimal"),  # type: ignore[arg-type]
    ],
)
def test_what_json_does_not_have_is_named_with_its_place(action: tropo.Action, where: str) -> None:
    with pytest.raises(TypeError, match=where):
        Tropo(Say("Hello"), action).to_json()


def test_what_must_be_given_must_be_given_once() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'choices'"):
        build(Ask)
    with pytest.raises(TypeError, match="Say was given 'as_' twice, once as '_as'"):
        build(Say, value="1", as_="DIGITS", _as="DATE")


# What programs wrote for tropo-webapi-python, and the steps that its own tests expect of them.
OLD: dict[str, tuple[Callable[[Tropo], Any], dict[str, Any]]] = {
    "ask": (
        lambda t: t.ask("[5 digits]", say="Please enter a 5 digit zip code"),
        {"ask": {"say": {"value": "Please enter a 5 digit zip code"}, "choices": {"value": "[5 digits]"}}},
    ),
    "ask with a choices object": (
        lambda t: t.ask(Choices("[5 digits]", mode="dtmf"), say=Say("Your zip code").json),
        {"ask": {"say": {"value": "Your zip code"}, "choices": {"value": "[5 digits]", "mode": "dtmf"}}},
    ),
    "ask with choices.obj": (
        lambda t: t.ask(Choices("[5 digits]").obj, minConfidence=45, allowSignals=["exit", "stop"]),
        {"ask": {"choices": {"value": "[5 digits]"}, "minConfidence": 45, "allowSignals": ["exit", "stop"]}},
    ),
    "ask with prompts for events": (
        lambda t: t.ask(
            "[4 DIGITS]",
            say=[
                {"value": "Sorry, I did not hear anything.", "event": "timeout"},
                {"value": "Don't think that was a year. ", "event": "nomatch:1"},
                {"value": "Nope, still not a year.", "event": "nomatch:2"},
                {"value": "What is your birth year?"},
            ],
            attempts=3,
            bargein=True,
            timeout=5,
            name="year",
            required=True,
        ),
        {
            "ask": {
                "attempts": 3,
                "say": [
                    {"value": "Sorry, I did not hear anything.", "event": "timeout"},
                    {"value": "Don't think that was a year. ", "event": "nomatch:1"},
                    {"value": "Nope, still not a year.", "event": "nomatch:2"},
                    {"value": "What is your birth year?"},
                ],
                "choices": {"value": "[4 DIGITS]"},
                "bargein": True,
                "timeout": 5,
                "name": "year",
                "required": True,
            }
        },
    ),
    "answer": (
        lambda t: t.answer(headers={"x-city": "Boston"}),
        {"answer": {"headers": {"x-city": "Boston"}}},
    ),
    "call": (
        lambda t: t.call("5555953376", network="SMS", channel="TEXT", _from="5555950100"),
        {"call": {"to": "5555953376", "network": "SMS", "channel": "TEXT", "from": "5555950100"}},
    ),
    "call of 15.13.0": (
        lambda t: t.call(
            "5555953376",
            network="SMS",
            channel="TEXT",
            label="labelofcall",
            voice="Tian-tian",
            callbackUrl="foourl",
            promptLogSecurity="suppress",
        ),
        {
            "call": {
                "to": "5555953376",
                "network": "SMS",
                "channel": "TEXT",
                "label": "labelofcall",
                "voice": "Tian-tian",
                "callbackUrl": "foourl",
                "promptLogSecurity": "suppress",
            }
        },
    ),
    "call of several": (lambda t: t.call(["tel:+15556926446"]), {"call": {"to": ["tel:+15556926446"]}}),
    "call with a name": (
        lambda t: t.call("%s", name="Staff Meeting"),
        {"call": {"to": "%s", "name": "Staff Meeting"}},
    ),
    "conference": (
        lambda t: t.conference("foo", playTones=True, mute=False, name="Staff Meeting", terminator="#"),
        {
            "conference": {
                "playTones": True,
                "mute": False,
                "name": "Staff Meeting",
                "id": "foo",
                "terminator": "#",
            }
        },
    ),
    "conference of 15.13.0": (
        lambda t: t.conference(
            id="foo",
            joinPrompt=JoinPrompt("Welcome", voice="kate").json,
            leavePrompt=True,
            promptLogSecurity="suppress",
        ),
        {
            "conference": {
                "id": "foo",
                "joinPrompt": {"value": "Welcome", "voice": "kate"},
                "leavePrompt": True,
                "promptLogSecurity": "suppress",
            }
        },
    ),
    "generalLogSecurity": (lambda t: t.generalLogSecurity("suppress"), {"generalLogSecurity": "suppress"}),
    "hangup": (lambda t: t.hangup(), {"hangup": {}}),
    "message": (
        lambda t: t.message("Hello World", "%s", channel="TEXT", network="SMS", timeout=5),
        {
            "message": {
                "to": "%s",
                "say": {"value": "Hello World"},
                "network": "SMS",
                "timeout": 5,
                "channel": "TEXT",
            }
        },
    ),
    "message with a say object": (
        lambda t: t.message(say_obj=Say(["Hello", "World"]).obj, to="%s", promptLogSecurity="suppress"),
        {
            "message": {
                "to": "%s",
                "say": [{"value": "Hello"}, {"value": "World"}],
                "promptLogSecurity": "suppress",
            }
        },
    ),
    "on": (
        lambda t: t.on("continue", next="/weather.py?uri=end", say="Please hold."),
        {"on": {"say": {"value": "Please hold."}, "event": "continue", "next": "/weather.py?uri=end"}},
    ),
    "on of 15.13.0": (
        lambda t: t.on("connect", say="Please hold.", post="http://foo.com/bar", ask="1, 2", voice="kate"),
        {
            "on": {
                "say": {"value": "Please hold.", "voice": "kate"},
                "ask": {"choices": {"value": "1, 2"}, "voice": "kate"},
                "post": "http://foo.com/bar",
                "event": "connect",
            }
        },
    ),
    "record": (
        lambda t: t.record(
            url="/receive_recording.py",
            say="Tell us about yourself",
            choices=Choices("", terminator="#").json,
        ),
        {
            "record": {
                "url": "/receive_recording.py",
                "say": {"value": "Tell us about yourself"},
                "choices": {"terminator": "#", "value": ""},
            }
        },
    ),
    "record of 15.13.0": (
        lambda t: t.record(
            url=[RecordUrlTuple("/a", username="u", password="p").json],
            transcription=build(Transcription, url="mailto:a@example.com", emailFormat="plain").json,
            asyncUpload=True,
        ),
        {
            "record": {
                "url": [{"url": "/a", "username": "u", "password": "p"}],
                "transcription": {"url": "mailto:a@example.com", "emailFormat": "plain"},
                "asyncUpload": True,
            }
        },
    ),
    "redirect": (lambda t: t.redirect("5555953376"), {"redirect": {"to": "5555953376"}}),
    "redirect by name": (lambda t: t.redirect(id="5555953376"), {"redirect": {"to": "5555953376"}}),
    "redirect of 15.13.0": (
        lambda t: t.redirect("5555953376", "fakeredirectname"),
        {"redirect": {"name": "fakeredirectname", "to": "5555953376"}},
    ),
    "reject": (lambda t: t.reject(), {"reject": {}}),
    "say": (lambda t: t.say("Hello, World"), {"say": {"value": "Hello, World"}}),
    "say with a reserved word": (
        lambda t: t.say(message="20100401", _as="DATE", promptLogSecurity="suppress"),
        {"say": {"value": "20100401", "as": "DATE", "promptLogSecurity": "suppress"}},
    ),
    "say several": (
        lambda t: t.say(["Hello, World", "How ya doing?"], voice="kate"),
        {"say": [{"value": "Hello, World", "voice": "kate"}, {"value": "How ya doing?", "voice": "kate"}]},
    ),
    "say one of a list": (lambda t: t.say(["Hello, World"]), {"say": {"value": "Hello, World"}}),
    "startRecording": (
        lambda t: t.startRecording("/receive_recording.py", transcriptionID="7", transcriptionOutURI="/t"),
        {
            "startRecording": {
                "url": "/receive_recording.py",
                "transcriptionID": "7",
                "transcriptionOutURI": "/t",
            }
        },
    ),
    "stopRecording": (lambda t: t.stopRecording(), {"stopRecording": {}}),
    "transfer": (
        lambda t: t.transfer(
            "5555953376",
            _from="5555950100",
            on=On("ring", say="Hold on.").json,
            choices=TransferOnChoices(terminator="#").json,
            callbackUrl="http://foo.com/bar",
            label="front desk",
        ),
        {
            "transfer": {
                "to": "5555953376",
                "from": "5555950100",
                "on": {"event": "ring", "say": {"value": "Hold on."}},
                "choices": {"terminator": "#"},
                "callbackUrl": "http://foo.com/bar",
                "label": "front desk",
            }
        },
    ),
    "wait": (lambda t: t.wait(500, allowSignals=""), {"wait": {"milliseconds": 500, "allowSignals": ""}}),
}


@pytest.mark.parametrize(("call", "step"), list(OLD.values()), ids=list(OLD))
def test_what_was_written_for_tropo_webapi_python_says_the_same(
    call: Callable[[Tropo], Any], step: dict[str, Any]
) -> None:
    document = Tropo()
    call(document)
    assert document.to_dict() == {"tropo": [step]}


def test_the_steps_stand_in_the_order_of_the_calls() -> None:
    document = Tropo()
    document.say("One moment please.")
    document.transfer("5555953376")
    document.say("Hi. I am a robot")
    plain = (
        '{"tropo": [{"say": {"value": "One moment please."}}, {"transfer": {"to": "5555953376"}}, '
        '{"say": {"value": "Hi. I am a robot"}}]}'
    )
    assert document.RenderJson() == plain
    assert json.loads(document.RenderJson(pretty=True)) == json.loads(plain)
    assert document.RenderJson(pretty=True).startswith('{\n    "tropo": [\n')


def test_a_voice_is_spoken_by_every_later_ask_and_say_that_names_none() -> None:
    document = Tropo()
    document.say("Before")
    document.setVoice("kate")
    document.say("After")
    document.say("Other", voice="dave")
    document.ask("1, 2", say="Which?")
    document.on("continue", say="Thank you.")
    assert document.to_dict()["tropo"] == [
        {"say": {"value": "Before"}},
        {"say": {"value": "After", "voice": "kate"}},
        {"say": {"value": "Other", "voice": "dave"}},
        {"ask": {"choices": {"value": "1, 2"}, "say": {"value": "Which?"}, "voice": "kate"}},
        {"on": {"event": "continue", "say": {"value": "Thank you."}}},
    ]


def test_a_list_of_texts_is_said_as_it_was_when_it_was_given() -> None:
    texts = ["Hello"]
    document = Tropo()
    document.say(texts)
    texts.append("Goodbye")
    assert document.to_dict() == {"tropo": [{"say": {"value": "Hello"}}]}


def test_an_old_option_that_never_was_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Ask has no option 'minConfidance': did you mean 'minConfidence'\?"):
        Tropo().ask("1, 2", minConfidance=45)
    with pytest.raises(TypeError, match="Reject has no option 'reason': it takes none"):
        build(Reject, reason="busy")
