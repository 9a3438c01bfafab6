"""Nothing that a caller says, keys or types can raise or lose the call, or is taken for markup or a place."""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from calls.models import Call, Event, Line, Run, Turn
from flows import (
    Flow,
    Found,
    Leg,
    Message,
    Next,
    Sent,
    Stay,
    Waited,
    ask,
    conference,
    lookup,
    message,
    record,
    say,
    transfer,
    wait,
)
from flows.flow import registry
from flows.grammars import (
    Address,
    Amount,
    Date,
    Digits,
    Grammar,
    Number,
    Options,
    Phone,
    Phrases,
    Text,
    Time,
    YesNo,
)
from tests.leaks import spoken
from tests.webhook import APOLOGY, SESSION_ID, keyed, next_of, post, result, session

pytestmark = [pytest.mark.django_db, pytest.mark.once]

GRAMMARS: dict[str, Grammar[Any]] = {
    "address": Address("https://example.com/own.grxml"),
    "amount": Amount(0, 900),
    "date": Date(),
    "digits": Digits(2, 6),
    "number": Number(0, 500),
    "options": Options(one=("1", "first one"), two="2", help_me="3"),
    "phone": Phone("US"),
    "phrases": Phrases(["Springfield", "Springdale", "O'Fallon", "St. Louis", "Zürich", "R&D <east>"]),
    "text": Text(),
    "time": Time(),
    "yes_no": YesNo(),
}
FLOWS: dict[str, type[Flow]] = {}


def of_grammar(name: str, grammar: Grammar[Any]) -> type[Flow]:
    """A flow that asks for one thing, confirms what it doubts, and says the answer back."""

    class Asks(Flow):
        @ask(
            "Which {data.none}?",
            grammar,
            confirm="Was that {value}?",
            validate=lambda flow, value: "{value} {answers.start}" if value == "refuse" else None,
            attempts=2,
        )
        def start(self, answer: object) -> Next:
            self.data["heard"] = str(answer)
            self.say("You said {answers.start}, {data.heard}.")
            return self.more

        @ask("And {answers.start}?", Options(yes="1"))
        def more(self, answer: str) -> Next:
            return None

    Asks.name = f"asks_{name}"
    del registry["asks"]
    return Asks


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    before = dict(registry)
    registry.update({f"asks_{name}": of_grammar(name, grammar) for name, grammar in GRAMMARS.items()})
    yield
    registry.clear()
    registry.update(before)


PLACES = "{answers.start} {data.heard} {value} {0.__class__} {} {{7*7}} %s%n ${7*7}"
MARKUP = "<speak> </speak><audio/> <break/> &amp; & <!-- ]]> '; DROP_TABLE_calls_call;-- ../../etc/passwd"
KEYED = "#help #repeat # * dtmf-2 dtmf-star dtmf-pound 0 1 4 4711 12:30 -5 1e308 nan 12.34.56 $5 +14075550142"
FIGURES = "\u0663 \u00b2 \u2167 \uff11\uff12\uff13 \u00bd \u4e00\u4e8c\u4e09 \u0a69"
LETTERS = "Z\u00fcrich \u0130 \u00df \ufb01 \U0001f600 \U0001f469\u200d\U0001f467 e\u0301\u0301\u0301"
SPOKEN = [
    "yes",
    "no",
    "double two",
    "twenty one",
    "springfield",
    "february 30",
    "yesterday",
    "noon",
    "refuse",
]
COMMANDS = ["help", "back", "repeat", "operator", "stop it"]
STRANGE = [
    "\x00",
    "\ud800",
    "\udfff",
    "\u202e",
    "\u200f",
    "\ufeff",
    "\u2028",
    "\x1b[31m",
    "\x07",
    "\r\n",
    "\ufffe",
]
LONG = ["a" * 5000, "1" * 5000, "one " * 400, "<" * 1000, "\U0001f600" * 1000]
PIECES = [
    *f"{PLACES} {MARKUP} {KEYED} {FIGURES} {LETTERS}".split(),
    *(*SPOKEN, *COMMANDS, *STRANGE, *LONG),
]
TEXTS = st.one_of(
    st.sampled_from(PIECES),
    st.lists(st.sampled_from(PIECES), min_size=2, max_size=4).map(" ".join),
    st.text(st.characters(), max_size=60),
    st.text(f"0123456789*# {FIGURES}+-.:/$", max_size=20),
)
MODES = st.sampled_from([None, "dtmf", "speech", "odd"])
DISPOSITIONS = st.sampled_from(["SUCCESS", "SUCCESS", "SUCCESS", "NOMATCH", "TIMEOUT", "ERROR", "", "ODD"])


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """What a platform may report of a question, as long as it is JSON."""
    same = draw(st.booleans())
    words = draw(TEXTS)
    mode = draw(MODES)
    return {name: words if same else draw(TEXTS) for name in ("value", "utterance", "interpretation")} | {
        "confidence": draw(st.sampled_from([0, 30, 50, 64, 90, 100, -1, None, "high"])),
        "disposition": draw(DISPOSITIONS),
        "xml": f'<input mode="{mode}">{words}</input>' if mode else None,
    }


def body_of(message: Any) -> bytes:
    return json.dumps(message).encode()


def fit_to_be_spoken(response: Any) -> list[dict[str, Any]]:
    """The document: it came with 200, says something or asks, and every `say` of it is XML text or SSML."""
    assert response.status_code == 200
    document: list[dict[str, Any]] = json.loads(response.content)["tropo"]
    assert spoken(response).strip()
    assert APOLOGY not in spoken(response)
    return document


def as_xml(response: Any) -> list[ElementTree.Element]:
    """What a voice is given to say, as a parser of SSML reads it."""
    return [ElementTree.fromstring(f"<speak>{words}</speak>") for words in spoken(response).split(" / ")]


def calm(caplog: pytest.LogCaptureFixture) -> bool:
    return not [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]


@pytest.mark.parametrize("name", GRAMMARS)
@settings(max_examples=40, suppress_health_check=[*HealthCheck])
@given(heard=st.lists(answers(), min_size=1, max_size=3))
@example(heard=[{"disposition": "SUCCESS", "utterance": "²", "value": "²", "interpretation": "²"}])
@example(heard=[{"disposition": "SUCCESS", "utterance": "\x01\x08", "value": "a\x1bb", "confidence": 50}])
def test_no_answer_in_a_call_can_raise(
    name: str, heard: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    if name == "text":
        return  # there is no grammar for it on the telephone, which `flows check` says
    session_id = uuid4().hex
    caplog.clear()
    response = post(session(session_id), f"/tropo/?flow=asks_{name}")
    for one in heard:
        step = Run.objects.get(calls__session_id=session_id).step or "start"
        message = result({"name": step, "attempts": 1, **one}, session_id)
        response = post(body_of(message), next_of(response))
        if json.loads(response.content)["tropo"] == [{"hangup": {}}]:
            break  # an answer after the end
        fit_to_be_spoken(response)
        assert not [tag for said in as_xml(response) for tag in said.iter() if tag.tag not in ("speak",)]
    assert calm(caplog)


@pytest.mark.parametrize("name", GRAMMARS)
@settings(max_examples=40, suppress_health_check=[*HealthCheck])
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
@example(texts=["<speak>{answers.start}</speak>", "²", "STOP", "START"])
def test_no_text_can_raise(name: str, texts: list[str], caplog: pytest.LogCaptureFixture) -> None:
    caplog.clear()
    number = str(14070000000 + uuid4().int % 10**7)
    ends = {"from": {"id": number, "channel": "TEXT"}, "to": {"id": "14075550100", "channel": "TEXT"}}
    for words in texts:
        message = session(uuid4().hex, initialText=words, **ends)
        document = fit_to_be_spoken(post(body_of(message), f"/tropo/?flow=asks_{name}"))
        assert [next(iter(step)) for step in document][:2] == ["say", "hangup"]
    assert calm(caplog)


@pytest.mark.parametrize("words", ["<speak>hi</speak>", "a & b", "{answers.more}{data.heard}", "]]> <!-- "])
def test_what_was_said_comes_back_as_words(words: str) -> None:
    first = post(session(), "/tropo/?flow=asks_address")
    heard = {"name": "start", "disposition": "SUCCESS", "utterance": words, "value": words, "confidence": 90}
    response = post(result(heard), next_of(first))
    said = ["".join(part.itertext()) for part in as_xml(response)]
    assert said == [f"You said {words}, {words}.", f"And {words}?"]
    unsure = post(session("other"), "/tropo/?flow=asks_address")
    response = post(result({**heard, "confidence": 50}, "other"), next_of(unsure))
    assert ["".join(part.itertext()) for part in as_xml(response)] == [f"Was that {words}?"]


def test_what_was_said_for_long_is_cut_and_kept() -> None:
    """A caller who goes on and on, at a question that comes again and again, is heard to the end."""
    response = post(session(), "/tropo/?flow=chatter")
    for _ in range(60):
        words = "a" * 5000
        heard = {"name": "start", "disposition": "SUCCESS", "utterance": words, "value": words}
        response = post(result(heard), next_of(response))
        if "More" not in spoken(response):
            break
    assert APOLOGY in spoken(response), "the state of a conversation has a largest size"
    turns = Turn.objects.order_by("number")
    assert set(turns.values_list("result", flat=True)) == {"answered", "error"}
    assert turns.last().utterance == "a" * 1000  # type: ignore[union-attr]  # there are some
    assert Run.objects.get().step == ""


class Chatter(Flow):
    """Asks for ever."""

    @ask("More?", Address("https://example.com/any.grxml"))
    def start(self, answer: str) -> Next:
        return self.start


WAYS = ("say", "ask", "transfer", "conference", "record", "wait", "message", "lookup", "prompt", "grammar",
        "validate", "to", "number", "returns", "state", "endless")  # fmt: skip


class Brittle(Flow):
    """Raises at whatever kind of step the caller asks for, after it has written a row."""

    @ask("Which one?", Options(**{way: way.replace("_", " ") for way in WAYS}), commands=())
    def start(self, answer: str) -> Next:
        Line.objects.create(number=f"row-{answer}", flow="brittle")
        match answer:
            case "ask":
                raise RuntimeError("the owner's own fault")
            case "state":
                self.data["everything"] = "x" * 40_000
            case "returns":
                return "city"  # type: ignore[return-value]  # the mistake
        ways: dict[str, Next] = {
            "say": self.at_say,
            "transfer": self.at_transfer,
            "conference": self.at_conference,
            "record": self.at_record,
            "wait": self.at_wait,
            "message": self.at_message,
            "lookup": self.at_lookup,
            "prompt": self.at_prompt,
            "grammar": self.at_grammar,
            "validate": self.at_validate,
            "to": self.to_nobody,
            "number": self.send_nowhere,
            "endless": self.endless,
        }
        return ways.get(answer)

    def boom(self, *heard: object) -> NoReturn:
        Line.objects.create(number="row-boom", flow="brittle")
        raise RuntimeError("the owner's own fault")

    @say("Hello.")
    def at_say(self) -> Next:
        self.boom()

    @transfer("+15550111")
    def at_transfer(self, leg: Leg) -> Next:
        self.boom()

    @conference("team")
    def at_conference(self, stay: Stay) -> Next:
        self.boom()

    @record("Speak.")
    def at_record(self, message: Message) -> Next:
        self.boom()

    @wait(1)
    def at_wait(self, waited: Waited) -> Next:
        self.boom()

    @message("Hi.", to="+15550111")
    def at_message(self, sent: Sent) -> Next:
        self.boom()

    @lookup(lambda flow: 3, "One moment.")
    def at_lookup(self, found: Found) -> Next:
        self.boom()

    @ask(boom, Digits(1))
    def at_prompt(self, answer: str) -> Next:
        return None

    @ask("Number?", boom)
    def at_grammar(self, answer: str) -> Next:
        return None

    @ask("Number?", Digits(1), validate=boom)
    def at_validate(self, answer: str) -> Next:
        return None

    @transfer(boom)
    def to_nobody(self, leg: Leg) -> Next:
        return None

    @message("Hi.", to=boom)
    def send_nowhere(self, sent: Sent) -> Next:
        return None

    @say("And on.")
    def endless(self) -> Next:
        return self.endless


AFTER = {"transfer", "conference", "record", "wait", "message", "lookup", "validate"}
"""The ways that fail one turn later, when something has come back."""


@pytest.mark.parametrize("fallback", ["", "+15550199"])
@pytest.mark.parametrize("way", WAYS)
def test_a_fault_of_the_owner_in_a_call(
    way: str, fallback: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.FALLBACK_NUMBER = fallback
    first = post(session(), "/tropo/?flow=brittle")
    heard = {"name": "start", "disposition": "SUCCESS", "utterance": way, "value": way, "confidence": 90}
    response = post(result(heard), next_of(first))
    kept = {"row-" + way} if way in AFTER else set()
    if way in AFTER:
        assert APOLOGY not in spoken(response)
        back = keyed(f"at_{way}", "5")
        again = (result(back), next_of(response))
        response = post(*again)
        assert post(*again).content == response.content, "a duplicate is not told to the flow again"
    assert spoken(response) == APOLOGY
    kinds = [next(iter(step)) for step in json.loads(response.content)["tropo"]]
    assert kinds[:3] == (["say", "transfer", "hangup"] if fallback else ["say", "hangup", "on"])
    assert set(Line.objects.values_list("number", flat=True)) == kept, "what it wrote is taken back"
    last = Turn.objects.order_by("number").last()
    assert last is not None
    assert (last.result, last.interpretation or last.utterance) in [
        ("error", way),
        ("error", "5"),
        ("error", ""),
    ]
    call = Call.objects.get()
    faults = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [f"call {call.pk}: the flow brittle raised at" in fault.getMessage() for fault in faults] == [True]
    assert call.run.step == ""


@pytest.mark.parametrize("way", ["ask", "say", "record", "lookup", "prompt", "grammar", "validate", "state"])
def test_a_fault_of_the_owner_in_a_text(
    way: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.FALLBACK_NUMBER = "+15550199"
    ends = {"from": {"id": "14075550142", "channel": "TEXT"}, "to": {"id": "14075550100", "channel": "TEXT"}}
    for number, words in enumerate(["hello", way, "5"]):
        response = post(session(f"text-{number}", initialText=words, **ends), "/tropo/?flow=brittle")
        if way == "lookup" and words == way:
            response = post(result(session_id=f"text-{number}"), next_of(response))
        if APOLOGY in spoken(response):
            break
    document = json.loads(response.content)["tropo"]
    assert document[:2] == [{"say": {"value": APOLOGY}}, {"hangup": {}}]
    assert Run.objects.get().ended_at is not None
    assert re.search(r"the flow brittle raised at", caplog.text)


class Stillborn(Flow):
    """Fails before its first word."""

    @ask(lambda flow: flow.nothing, Digits(1))
    def start(self, answer: str) -> Next:
        return None

    def ended(self) -> None:
        Line.objects.create(number="row-ended", flow="stillborn")


@pytest.mark.parametrize("fallback", ["", "+15550199"])
def test_a_fault_before_the_first_word(
    fallback: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.FALLBACK_NUMBER = fallback
    first = post(session(), "/tropo/?flow=stillborn")
    assert spoken(first) == APOLOGY
    assert ("transfer" in first.json()["tropo"][1]) == bool(fallback)
    assert f"session {SESSION_ID}: the flow stillborn raised at its beginning" in caplog.text
    assert post(session(), "/tropo/?flow=stillborn").content == first.content
    post(result(state="DISCONNECTED"), next_of(first, "hangup"))
    call = Call.objects.get()
    assert (call.state, call.run.flow, Line.objects.count()) == ("ended", "stillborn", 1)


class Unsaid(Flow):
    """Cannot even say that it is sorry."""

    apology = property(lambda flow: 1 / 0)

    @ask("Yes?", Options(yes="1"))
    def start(self, answer: str) -> Next:
        raise RuntimeError("the owner's own fault")


class Mute(Unsaid):
    """The same, said by a function."""

    apology = staticmethod(lambda flow: flow.nothing)


@pytest.mark.parametrize("flow", ["unsaid", "mute"])
def test_an_apology_that_raises_is_that_of_the_language(flow: str) -> None:
    response = post(result(keyed("start", "1")), next_of(post(session(), f"/tropo/?flow={flow}")))
    assert spoken(response) == APOLOGY
    assert (Turn.objects.get().result, Turn.objects.get().interpretation) == ("error", "1")


class Circling(Flow):
    """Goes in circles."""

    @ask("Again?", Options(yes="1"))
    def start(self, answer: str) -> Next:
        return self.start


@pytest.mark.parametrize("fallback", ["", "+15550199"])
def test_a_conversation_in_circles_is_cut_off(
    fallback: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TURNS_MAX, settings.FALLBACK_NUMBER = 5, fallback
    response = post(session(), "/tropo/?flow=circling")
    for _ in range(4):
        response = post(result(keyed("start", "1")), next_of(response))
        assert spoken(response) == "Again?"
    response = post(result(keyed("start", "1")), next_of(response))
    assert spoken(response) == APOLOGY
    assert ("transfer" in response.json()["tropo"][1]) == bool(fallback)
    assert "cut off after 5 turns" in caplog.text
    assert f"call {Call.objects.get().pk}" in caplog.text
    assert list(Turn.objects.order_by("number").values_list("result", flat=True)) == ["answered"] * 4 + [
        "error"
    ]
    assert not Event.objects.exists()
