"""The tests' caller itself: what it expects is strict, and what fails shows the call."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings

from phone import testing
from phone.desk import Desk
from phone.errors import LineDeadError
from phone.events import Post, Reply
from phone.habits import Habits
from phone.testing import Caller
from phone.transports import Transport
from phone.wire import Request
from tropo import rest

ASK = {"name": "city", "say": {"value": "Which  city?"}, "choices": {"value": "chicago, paris(1,paris)"}}
ON = [{"on": {"event": event, "next": f"?{event}"}} for event in ("continue", "incomplete", "hangup")]
ASKS = [{"say": {"value": "Welcome."}}, {"ask": ASK | {"minConfidence": 0}}, *ON]


class FakeTransport(Transport):
    """Asks for a city, then says what it made of the answer and asks again; after 1 it says goodbye."""

    posts: list[Post]

    def __init__(self, token: str) -> None:
        super().__init__("http://testserver", token)
        FakeTransport.posts = []

    def is_ours(self, url: str) -> bool:
        return True

    def send(self, request: Request) -> Reply:
        raise LineDeadError("there is no server here")

    def post(self, post: Post) -> Reply:
        self.posts.append(post)
        (message,) = json.loads(json.dumps(post.document)).values()
        action = message.get("actions", {})
        if "sequence" not in message:
            steps: list[object] = list(ASKS)
        elif action.get("value") == "paris":
            steps = [{"say": {"value": "Goodbye."}}, *ON[2:]]
        else:
            heard = f"{action.get('disposition')} {action.get('value')} {action.get('confidence')}."
            steps = [{"say": {"value": heard}}, *ASKS[1:]]
        return Reply(200, json.dumps({"tropo": steps}).encode())


class Dialling(FakeTransport):
    """Calls a number first, and asks whoever answers."""

    def post(self, post: Post) -> Reply:
        (message,) = json.loads(json.dumps(post.document)).values()
        if "actions" in message:
            return super().post(post)
        self.posts.append(post)
        if message.get("state") == "FAILED":
            return Reply(200, b"")
        call = {"call": {"to": "+14075550142", "machineDetection": True}}
        steps = [{"say": {"value": "This is the clinic."}}, *ASKS[1:]] if "state" in message else [call, *ON]
        return Reply(200, json.dumps({"tropo": steps}).encode())


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch) -> Caller:
    monkeypatch.setattr(testing, "ClientTransport", FakeTransport)
    return Caller()


def test_a_call_reads_like_one(caller: Caller) -> None:
    caller.dials("booking").hears("Welcome. Which city").says("chicago", confidence=42)
    caller.hears("SUCCESS chicago 42").stays_silent()
    caller.hears("TIMEOUT").says("rome").hears("NOMATCH").presses("1")
    caller.hears("Goodbye").hears_hang_up()
    assert "caller presses    1" in caller.transcript
    assert caller.transcript.endswith("Ended by the application after 0:39.")


def test_only_what_was_said_in_this_turn_counts(caller: Caller) -> None:
    caller.dials("booking").says("chicago")
    with pytest.raises(
        AssertionError, match=r"expected to hear 'Welcome', heard 'SUCCESS chicago 90\. Which"
    ):
        caller.hears("Welcome")
    with pytest.raises(AssertionError, match="expected to hear 'which city'"):
        caller.hears("which city")


def test_an_expectation_that_fails_shows_the_transcript(caller: Caller) -> None:
    caller.dials("booking")
    with pytest.raises(AssertionError, match=r"app says +Which city\?"):
        caller.hears("Which town")


def test_a_line_that_is_still_open_is_no_hang_up(caller: Caller) -> None:
    with pytest.raises(AssertionError, match="the line is open"):
        caller.dials("booking").hears_hang_up()


def test_hanging_up_oneself_is_not_being_hung_up_on(caller: Caller) -> None:
    caller.dials("booking").hangs_up()
    assert caller.ended is not None
    assert caller.ended.by == "caller"
    assert FakeTransport.posts[-1].url == "http://testserver/tropo/?hangup"
    with pytest.raises(AssertionError, match="ended by the caller"):
        caller.hears_hang_up()


def test_a_caller_can_act_in_the_middle_of_a_question(caller: Caller) -> None:
    caller.dials("booking").presses("1", after=0.25).hears("Goodbye").hears_hang_up()
    caller.dials("booking")
    asked = caller.transcript.count("Which city?")
    caller.hangs_up(after=0.25)
    assert caller.ended is not None
    assert caller.ended.by == "caller"
    assert caller.transcript.count("Which city?") == asked


def test_the_platform_has_the_habits_it_is_given(caller: Caller) -> None:
    Caller(habits=Habits(nomatch="nomatch")).dials("booking").says("rome").hears("nomatch")


def test_nothing_can_be_done_on_a_line_that_is_not_open(caller: Caller) -> None:
    with pytest.raises(AssertionError, match="no line is open"):
        caller.presses("1")
    caller.dials("booking").hangs_up()
    with pytest.raises(AssertionError, match="no line is open"):
        caller.stays_silent()


def test_a_dead_line_fails_the_test(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    caller.dials("booking")
    monkeypatch.setattr(FakeTransport, "post", lambda self, post: Reply(500, b""))
    with pytest.raises(AssertionError, match=r"the line went dead: .* was answered 500"):
        caller.says("chicago")


def test_a_flow_is_dialled_by_its_name_or_itself(caller: Caller) -> None:
    class Booking:
        name = "booking"

    for flow in ("booking", Booking, Booking()):
        caller.dials(flow)
        assert FakeTransport.posts[-1].url == "http://testserver/tropo/?flow=booking&platform=phone"


def test_a_text_is_a_session_of_its_own_unless_a_question_waits_for_it(caller: Caller) -> None:
    caller.texts("chicago", "booking").hears("SUCCESS chicago 100. Which city?")
    assert "initialText" in FakeTransport.posts[0].document["session"]  # type: ignore[operator]  # an object
    caller.texts("1").hears("Goodbye").hears_hang_up()
    posts = len(FakeTransport.posts)
    caller.texts("rome").hears("NOMATCH")
    assert FakeTransport.posts[posts].url.endswith("?flow=booking&platform=phone")
    assert caller.transcript.count("caller texts") == 3


def test_a_text_during_a_call_leaves_the_call(caller: Caller) -> None:
    caller.dials("booking").texts("rome").hears("NOMATCH")
    assert [next(iter(post.document)) for post in FakeTransport.posts] == ["session", "session", "result"]


@pytest.mark.django_db
def test_two_callers_at_once_do_not_hear_each_other() -> None:
    first, second = Caller().dials("booking"), Caller().dials("booking")
    first.presses("1").hears("Which city")
    second.presses("0").hears("One moment")
    first.says("chicago").hears("zip code")
    assert "city" not in second.transcript


def test_a_signal_comes_into_the_silence(caller: Caller) -> None:
    caller.dials("booking").gets_signal("exit").hears("EXTERNAL_EVENT None None. Which city?")
    assert "signal exit interrupts" in caller.transcript
    with pytest.raises(AssertionError, match="no line is open"):
        caller.hangs_up().gets_signal("exit")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("far_end", "heard"),
    [("answers", "One moment"), ("busy", "Nobody is free"), ("silent", "Nobody is free")],
)
def test_who_is_there_when_the_application_dials(far_end: str, heard: str) -> None:
    Caller().dials("booking", far_end=far_end).presses("0").hears(heard).hears_hang_up()


def test_what_must_not_be_heard(caller: Caller) -> None:
    caller.dials("booking").does_not_hear("Goodbye")
    with pytest.raises(AssertionError, match=r"(?s)expected not to hear 'Which city'.*app says +Welcome"):
        caller.does_not_hear("Which city")
    with pytest.raises(AssertionError, match=r"expected to hear nothing, heard 'Welcome\. Which city\?'"):
        caller.hears_nothing()
    caller.hangs_up().hears_nothing()


def test_a_failure_shows_keys_words_and_how_sure_the_recogniser_was(caller: Caller) -> None:
    caller.dials("booking").says("chicago", confidence=42).presses("9")
    with pytest.raises(AssertionError) as failed:
        caller.hears("Paris")
    for shown in ("Which city?", "chicago (confidence 42)", "caller presses    9"):
        assert shown in str(failed.value)


def test_the_clock_stands_at_the_moment_the_caller_was_given(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    moments: list[datetime] = []
    take = FakeTransport.post

    def post(self: FakeTransport, post: Post) -> Reply:
        moments.append(datetime.now(UTC))
        return take(self, post)

    settings.TIME_ZONE = "America/New_York"
    monkeypatch.setattr(FakeTransport, "post", post)
    caller.dials("booking", at="2026-12-24 17:59").says("rome")
    caller.at("2026-12-24T18:01:00+00:00").stays_silent()
    assert [f"{moment:%d %H:%M}" for moment in moments] == ["24 22:59", "24 22:59", "24 18:01"]
    session: Any = FakeTransport.posts[0].document["session"]
    assert session["timestamp"] == "2026-12-24T22:59:00.000Z"


def test_a_call_of_the_applications_own_is_answered(platform: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "ClientTransport", Dialling)
    launched = rest.launch({"dial": "7"})
    caller = Caller(platform=platform).is_called().hears("This is the clinic")
    session: Any = Dialling.posts[0].document["session"]
    assert (session["id"], session["parameters"]["dial"]) == (launched.session_id, "7")
    caller.presses("1").hears("Goodbye").hears_hang_up()
    with pytest.raises(AssertionError, match="it has launched no session"):
        caller.is_called()


@pytest.mark.parametrize(
    ("far_end", "state", "user_type"),
    [("answers", "ANSWERED", "HUMAN"), ("machine", "ANSWERED", "MACHINE"), ("busy", "FAILED", None)],
)
def test_who_is_there_when_it_rings(
    platform: Desk, monkeypatch: pytest.MonkeyPatch, far_end: str, state: str, user_type: str | None
) -> None:
    monkeypatch.setattr(testing, "ClientTransport", Dialling)
    rest.launch({})
    Caller(platform=platform).is_called(far_end=far_end)
    result: Any = Dialling.posts[1].document["result"]
    assert (result["state"], result.get("userType")) == (state, user_type)


def test_a_signal_goes_to_the_session_it_names(platform: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "ClientTransport", Dialling)
    session_id = rest.launch({}).session_id
    with pytest.raises(rest.SignalFailed):
        rest.signal(session_id, "exit")
    caller = Caller(platform=platform).is_called()
    rest.signal(session_id, "exit")
    caller.stays_silent().hears("EXTERNAL_EVENT").hangs_up()
    with pytest.raises(rest.SignalFailed):
        rest.signal(session_id, "exit")


def test_the_platform_refuses_a_token_it_does_not_know(platform: Desk, settings: Settings) -> None:
    settings.TROPO_VOICE_TOKEN = "another"
    with pytest.raises(rest.LaunchFailed):
        rest.launch({})
    assert not platform.launched


def test_what_fails_the_test_inside_the_application_shows_the_call(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller.dials("booking")
    monkeypatch.setattr(FakeTransport, "post", lambda self, post: pytest.fail("a handler sent mail"))
    with pytest.raises(AssertionError, match=r"(?s)a handler sent mail.*caller presses +9"):
        caller.presses("9")
