"""What the reports show: figures, the list of calls, one call's timeline."""

import re
from io import StringIO
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from calls.models import Call, Event, Line, Turn
from reports.forms import CallsQuery, read_calls_query
from reports.selectors import CALLS_A_PAGE, Figures, Who, call_story, calls_page, figures
from tests.rows import NOON, SECOND, a_call, a_run, a_turn, an_event, reader

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)></script>'\""


@pytest.fixture
def client(client: Client) -> Client:
    """A browser in which a reader is logged in."""
    client.force_login(reader())
    return client


def text(client: Client, path: str) -> str:
    """A page as it reads: without its tags, with single blanks."""
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def links_to_calls(client: Client, path: str) -> list[UUID]:
    found = re.findall(r'/reports/calls/([0-9a-f-]{36})/"', client.get(path).content.decode())
    return [UUID(key) for key in found]


class TestFigures:
    def test_tests_are_left_out_and_the_ends_add_up(self) -> None:
        a_call()
        a_call(answered_at=None, ended_by=Call.EndedBy.CALLER)
        a_call(ended_by=Call.EndedBy.CALLER)
        a_call(ended_by=Call.EndedBy.APPLICATION)
        a_call(ended_by=Call.EndedBy.UNKNOWN)
        a_call(is_test=True)
        assert figures() == Figures(
            calls=5,
            answered=4,
            in_progress=1,
            ended=4,
            ended_by_application=1,
            ended_by_caller=2,
            ended_unknown=1,
        )

    def test_each_stands_beside_what_it_is_a_part_of(self, client: Client) -> None:
        a_call()
        a_call(ended_by=Call.EndedBy.CALLER)
        a_call(ended_by=Call.EndedBy.APPLICATION)
        page = text(client, "/reports/")
        assert "Answered 3 of 3 calls" in page
        assert "In progress 1 of 3 calls" in page
        assert "Application ended the call 1 of 2 ended calls" in page
        assert "Caller hung up 1 of 2 ended calls" in page
        assert "not known by whom" not in page


class TestList:
    @pytest.mark.parametrize("path", ["/reports/", "/reports/calls/"])
    def test_the_newest_is_first(self, client: Client, path: str) -> None:
        late = a_call(started_at=NOON + SECOND)
        early = a_call(started_at=NOON - SECOND)
        middle = a_call(started_at=NOON)
        assert links_to_calls(client, path) == [late.pk, middle.pk, early.pk]

    def test_pages_hold_every_call_once(self, client: Client) -> None:
        """Calls of one microsecond, and times with and without a fraction, are the hard part on SQLite."""
        run = a_run()
        calls = [a_call(run=run, started_at=NOON + n // 40 * SECOND / 2) for n in range(2 * CALLS_A_PAGE + 7)]
        calls.sort(key=lambda call: (call.started_at, call.pk), reverse=True)
        path, seen = "/reports/calls/", []
        for _ in range(3):
            seen += links_to_calls(client, path)
            older = re.search(r'href="([^"]+)" rel="next"', client.get(path).content.decode())
            path = older[1].replace("&amp;", "&") if older else ""
        assert path == ""
        assert seen == [call.pk for call in calls]

    def test_a_page_that_is_just_full_has_no_next(self) -> None:
        run = a_run()
        for _ in range(CALLS_A_PAGE):
            a_call(run=run)
        page = calls_page()
        assert (len(page.rows), page.last) == (CALLS_A_PAGE, None)

    def test_times_written_by_the_database_page_as_well(self) -> None:
        """SQLite's own clock writes fewer digits than Django does."""
        first, second = a_call(), a_call()
        column = "strftime('%Y-%m-%d %H:%M:%f', '2026-03-02 12:00:00.123')"
        if connection.vendor == "postgresql":
            column = "timestamptz '2026-03-02 12:00:00.123Z'"
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE calls_call SET started_at = {column}")
        assert [row.call for row in calls_page(after=second.pk).rows] == [first]

    def test_whose_calls(self, client: Client) -> None:
        caller, test = a_call(), a_call(is_test=True)
        assert set(links_to_calls(client, "/reports/calls/")) == {caller.pk, test.pk}
        assert links_to_calls(client, "/reports/calls/?who=callers") == [caller.pk]
        assert links_to_calls(client, "/reports/calls/?who=tests") == [test.pk]

    def test_a_row(self, client: Client) -> None:
        line = Line.objects.create(number="+15550100", label="Front desk", flow="reception")
        run = a_run(outcome="booked")
        end = {"ended_by": Call.EndedBy.CALLER, "ended_at": NOON + 125 * SECOND}
        call = a_call(run=run, line=line, is_test=True, **end)
        a_turn(call, 1, result=Turn.Result.NO_MATCH)
        a_turn(call, 2, attempt=2)
        a_turn(call, 3, kind=Turn.Kind.END, result=Turn.Result.HUNG_UP)
        row = "2026-03-02 12:00:00 test +15550123 Front desk reception Voice booked caller 2:05 2"
        assert row in text(client, "/reports/calls/")

    def test_a_row_without_facts(self, client: Client) -> None:
        a_call(caller="")
        row = "2026-03-02 12:00:00 withheld +15550100 reception Voice - in progress - 0"
        assert row in text(client, "/reports/calls/").replace("\N{EN DASH}", "-")

    def test_with_no_calls_it_says_how_to_place_one(self, client: Client) -> None:
        page = text(client, "/reports/")
        assert "python manage.py phone --flow booking" in page
        assert "http://testserver/tropo/" in page
        assert "No caller has come through yet" in text(client, "/reports/calls/?who=callers")
        assert "appears here" in text(client, "/reports/calls/?who=tests")

    @pytest.mark.parametrize("name", ["who", "after"])
    @pytest.mark.parametrize("value", ["%00", "%ED%A0%80", "nobody", "-1", "9" * 400, "%27 OR 1=1", "", "[]"])
    def test_a_query_that_makes_no_sense_is_as_none(self, client: Client, name: str, value: str) -> None:
        call = a_call()
        for path in ("/reports/", "/reports/calls/"):
            assert links_to_calls(client, f"{path}?{name}={value}") == [call.pk]

    def test_behind_a_call_that_is_gone_is_the_first_page(self, client: Client) -> None:
        call = a_call()
        assert links_to_calls(client, f"/reports/calls/?after={uuid4()}") == [call.pk]

    def test_a_query_is_read(self) -> None:
        key = uuid4()
        assert read_calls_query({"who": "tests", "after": str(key)}) == CallsQuery(Who.TESTS, key)
        assert read_calls_query({"who": "\0", "after": "\0"}) == CallsQuery(Who.ALL, None)


class TestCall:
    def test_the_timeline_is_in_order(self, client: Client) -> None:
        run = a_run(
            step="",
            outcome="booked",
            state={"answers": [["start", "book", "book"], ["city", "Chicago", "Chicago"]]},
        )
        call = a_call(run=run, ended_by=Call.EndedBy.APPLICATION, ended_at=NOON + 42 * SECOND)
        a_turn(call, 3, attempt=2, mode="speech", utterance="chicago", value="Chicago", confidence=80)
        a_turn(call, 1, step="start", prompt="Book or person?", mode="keypad", utterance="1", value="book")
        a_turn(call, 2, result=Turn.Result.NO_INPUT)
        an_event(call, Event.Kind.DUPLICATE, NOON + 15 * SECOND)
        page = text(client, f"/reports/calls/{call.pk}/")
        expected = [
            "The application ended the call after 0:42 · outcome booked",
            "0:00 Call came in",
            "0:00 start attempt 1 Book or person? answered 1 → book keypad came 0:10 after the question",
            "0:10 city attempt 1 Which city do you live in? no input came",
            "0:15 duplicate a POST that was not a turn",
            "0:20 city attempt 2 Which city do you live in? answered chicago → Chicago speech, confidence 80",
            "0:42 The application ended the call",
            "Step Answer start book city Chicago",
            "Turns 3",
        ]
        places = [page.find(words) for words in expected]
        assert -1 not in places, dict(zip(expected, places, strict=True))
        assert places == sorted(places)

    def test_an_open_call_shows_the_question_it_stands_at(self, client: Client) -> None:
        run = a_run(step="zip_code", sent_at=NOON + 70 * SECOND, state={"prompt": "Key in your zip code."})
        page = text(client, f"/reports/calls/{a_call(run=run).pk}/")
        assert "in progress stands at zip_code" in page
        assert "1:10 zip_code Key in your zip code. waiting for an answer" in page
        assert "None was taken yet" in page

    def test_an_open_call_whose_conversation_is_over_says_so(self, client: Client) -> None:
        call = a_call(run=a_run(step="", state={"prompt": "Goodbye."}))
        page = text(client, f"/reports/calls/{call.pk}/")
        assert "the conversation is over; the platform has not said that the call is" in page
        assert "waiting" not in page

    def test_the_caller_who_hung_up_at_a_question(self, client: Client) -> None:
        call = a_call(ended_by=Call.EndedBy.CALLER)
        a_turn(call, 1, kind=Turn.Kind.END, result=Turn.Result.HUNG_UP)
        page = text(client, f"/reports/calls/{call.pk}/")
        assert "city attempt 1 Which city do you live in? hung up came 0:10 after the question" in page
        assert "1:00 The caller hung up" in page

    def test_a_transfer_shows_its_leg(self, client: Client) -> None:
        call = a_call()
        fields = {"leg_outcome": "answered", "connected_seconds": 90, "result": Turn.Result.TRANSFERRED}
        a_turn(call, 1, step="front_desk", visit=2, **fields)
        page = text(client, f"/reports/calls/{call.pk}/")
        assert "front_desk visit 2, attempt 1" in page
        assert "leg: answered, connected for 90 s" in page

    def test_another_calls_turns_and_events_stay_there(self) -> None:
        call, other = a_call(), a_call()
        turn = a_turn(call, 1)
        a_turn(other, 1)
        an_event(other, Event.Kind.LATE)
        an_event(None, Event.Kind.FORGED)
        story = call_story(call=call.pk)
        assert story is not None
        assert [entry.turn for entry in story.timeline] == [turn]

    def test_an_unknown_call_is_not_found(self, client: Client) -> None:
        response = client.get(f"/reports/calls/{uuid4()}/")
        assert response.status_code == 404
        assert "There is no such page" in response.content.decode()

    def test_the_reply_and_its_turn_token_are_not_shown(self, client: Client) -> None:
        call = a_call(run=a_run(reply='{"tropo": [{"on": {"next": "/tropo/?t=signed-token"}}]}'))
        assert "signed-token" not in client.get(f"/reports/calls/{call.pk}/").content.decode()


def test_what_callers_and_platforms_wrote_is_text(client: Client) -> None:
    state = {"prompt": HOSTILE, "answers": [[HOSTILE, HOSTILE, HOSTILE]]}
    run = a_run(step=HOSTILE, flow=HOSTILE, outcome=HOSTILE, milestones=[HOSTILE], state=state)
    line = Line.objects.create(number="+1", label=HOSTILE, flow="reception")
    names = ["caller", "called", "session_id", "call_id", "platform", "network", "language", "user_type"]
    call = a_call(run=run, line=line, **dict.fromkeys(names, HOSTILE[:10]))
    heard = {"utterance": HOSTILE, "value": HOSTILE + "!", "leg_outcome": HOSTILE[:20]}
    a_turn(call, 1, step=HOSTILE, prompt=HOSTILE, **heard)
    for path in ("/reports/", "/reports/calls/", f"/reports/calls/{call.pk}/"):
        page = client.get(path).content.decode()
        assert "&lt;img src=x" in page
        assert "<img" not in page
        assert "</script" not in page


def test_a_page_costs_the_same_queries_for_many_rows(client: Client) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    call = a_call(line=Line.objects.create(number="1", flow="reception"))
    a_turn(call, 1)
    an_event(call, Event.Kind.LATE)
    paths = ["/reports/", "/reports/calls/", f"/reports/calls/{call.pk}/"]
    few = [cost(path) for path in paths]
    for number in range(2, 12):
        a_turn(call, number)
        an_event(call, Event.Kind.LATE)
        a_turn(a_call(line=Line.objects.create(number=f"{number}", flow="reception")), 1)
    assert [cost(path) for path in paths] == few


def test_the_data_can_be_dumped() -> None:
    """`dumpdata` would ask a model without a table for its rows."""
    a_call()
    call_command("dumpdata", "calls", "reports", stdout=(out := StringIO()))
    assert '"model": "calls.call"' in out.getvalue()
