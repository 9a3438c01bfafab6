"""The promise of the turn: an answer counts once, whatever comes twice, late, or from elsewhere."""

import json
import threading
from typing import Any

import pytest
from django.core.signing import Signer
from django.db import connection
from pytest_django import DjangoAssertNumQueries, Settings

from calls.models import Call, Event, FlowVersion, Line, Run, Turn
from tests.flows import Booking
from tests.webhook import APOLOGY, SESSION_ID, keyed, next_of, post, result, session

pytestmark = pytest.mark.django_db


def spoken(response: Any) -> str:
    """Everything that the document says, in order."""
    words: list[str] = []
    for step in json.loads(response.content)["tropo"]:
        says = step.get("say") or step.get("ask", {}).get("say", [])
        words += [say["value"] for say in (says if isinstance(says, list) else [says])]
    return " ".join(words)


def events() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_progress_is_in_the_database_after_every_turn() -> None:
    first = post(session())
    call = Call.objects.get()
    assert (call.caller, call.called, call.state, call.run.step) == (
        "+14075550142",
        "+14075550100",
        "open",
        "start",
    )
    post(result(keyed("start", "1", value="appointment")), next_of(first))
    call.run.refresh_from_db()
    assert (call.run.step, call.run.turn, call.run.state["answers"]) == (
        "city",
        2,
        [["start", "appointment", "appointment"]],
    )
    turn = Turn.objects.get()
    assert (turn.step, turn.visit, turn.attempt, turn.result, turn.value) == (
        "start",
        1,
        1,
        "answered",
        "appointment",
    )
    assert (turn.mode, turn.confidence, turn.version) == ("keypad", None, FlowVersion.objects.get())
    assert turn.prompt.startswith("Welcome.")
    assert call.started_at <= turn.asked_at <= turn.heard_at


def test_a_document_asks_one_input_last_and_leads_every_event_back_here() -> None:
    document = json.loads(post(session()).content)["tropo"]
    assert [next(iter(step)) for step in document] == ["ask", "on", "on", "on", "on"]
    assert [step["on"]["event"] for step in document[1:]] == ["continue", "incomplete", "error", "hangup"]
    assert all(step["on"]["next"].startswith("?t=") for step in document[1:])
    assert (document[0]["ask"]["attempts"], document[0]["ask"]["minConfidence"]) == (1, 0)


def test_a_result_that_comes_twice_gets_the_same_bytes_and_counts_once() -> None:
    address = next_of(post(session()))
    answer = result(keyed("start", "1"))
    once, twice = post(answer, address), post(answer, address)
    assert once.content == twice.content
    assert Turn.objects.count() == 1
    assert events() == ["duplicate"]


@pytest.mark.once
def test_a_flow_that_draws_lots_gives_a_duplicate_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(range(100))
    monkeypatch.setattr(Booking, "no_match", property(lambda flow: f"Draw {next(drawn)}."))
    address = next_of(post(session()))
    wrong = result({"name": "start", "disposition": "NOMATCH"})
    first, again = post(wrong, address), post(wrong, address)
    assert "Draw 0." in spoken(first)
    assert first.content == again.content


def test_a_session_that_comes_twice_gets_the_question_the_run_stands_at() -> None:
    first = post(session())
    second = post(result(keyed("start", "1")), next_of(first))
    assert post(session()).content == second.content
    assert (Call.objects.count(), Run.objects.count(), events()) == (1, 1, ["duplicate"])


def test_a_late_result_changes_nothing_and_the_question_is_asked_again() -> None:
    first = post(session())
    second = post(result(keyed("start", "1")), next_of(first))
    third = post(result(keyed("city", "2442")), next_of(second))
    late = post(result(keyed("start", "0")), next_of(first))
    assert late.content == third.content
    assert Run.objects.get().state["answers"][0] == ["start", "appointment", "appointment"]
    assert events() == ["late"]


@pytest.mark.parametrize("address", ["/tropo/", "/tropo/?t=forged", "/tropo/?t=%00"])
def test_a_result_without_a_token_of_ours_hears_the_apology_and_is_noted(address: str) -> None:
    post(session())
    response = post(result(keyed("start", "1")), address)
    assert response.status_code == 200
    assert APOLOGY in spoken(response)
    assert events() == ["forged"]
    assert not Turn.objects.exists()


def test_a_token_signed_for_something_else_is_forged() -> None:
    token = Signer(salt="other").sign("a.1.start.1.1.v.continue")
    assert APOLOGY in spoken(post(result(), f"/tropo/?t={token}"))
    assert events() == ["forged"]


def test_a_token_of_another_call_is_stray() -> None:
    address = next_of(post(session()))
    post(session("another"))
    response = post(result(keyed("start", "1"), "another"), address)
    assert APOLOGY in spoken(response)
    assert events() == ["stray"]
    assert not Turn.objects.exists()


def test_keys_rotate_in_mid_call(settings: Settings) -> None:
    address = next_of(post(session()))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [settings.SECRET_KEY]
    assert "Which city" in spoken(post(result(keyed("start", "1")), address))


class TestEnd:
    def test_a_caller_who_hangs_up_at_a_question_ends_the_call(self) -> None:
        first = post(session())
        response = post(result(state="DISCONNECTED"), next_of(first, "hangup"))
        call, turn = Call.objects.get(), Turn.objects.get()
        assert json.loads(response.content) == {"tropo": []}
        assert (call.state, call.ended_by, call.run.step) == ("ended", "caller", "start")
        assert (turn.kind, turn.result, turn.step) == ("end", "hung up", "start")
        assert call.ended_at == call.run.ended_at
        assert call.ended_at is not None

    def test_the_end_counts_once(self) -> None:
        address = next_of(post(session()), "hangup")
        post(result(state="DISCONNECTED"), address)
        ended_at = Call.objects.get().ended_at
        post(result(state="DISCONNECTED"), address)
        assert Call.objects.get().ended_at == ended_at
        assert (Turn.objects.count(), events()) == (1, ["duplicate"])

    def test_a_hang_up_that_overtakes_our_reply_ends_the_call_at_the_next_question(self) -> None:
        first = post(session())
        post(result(keyed("start", "1")), next_of(first))
        post(result(state="DISCONNECTED"), next_of(first, "hangup"))
        results = Turn.objects.order_by("id").values_list("step", "result")
        assert list(results) == [("start", "answered"), ("city", "hung up")]
        assert Call.objects.get().ended_by == "caller"

    def test_an_answer_behind_its_own_hang_up_is_kept_and_the_call_stays_ended(self) -> None:
        first = post(session())
        post(result(state="DISCONNECTED"), next_of(first, "hangup"))
        assert post(result(keyed("start", "1")), next_of(first)).status_code == 200
        assert Turn.objects.filter(result="answered", value="appointment").count() == 1
        assert Call.objects.get().state == "ended"

    def test_a_disconnected_result_at_the_continue_address_is_an_end_too(self) -> None:
        post(result(state="DISCONNECTED"), next_of(post(session())))
        assert Call.objects.get().ended_by == "caller"

    def test_a_transfer_cut_by_hanging_up_is_an_answer_and_an_end_at_once(self) -> None:
        first = post(session())
        ringing = post(result(keyed("start", "0")), next_of(first))
        leg = {"name": "front_desk", "disposition": "SUCCESS", "connectedDuration": 9}
        post(result(leg, state="DISCONNECTED"), next_of(ringing, "hangup"))
        turn = Turn.objects.get(step="front_desk")
        assert (turn.result, turn.leg_outcome, turn.connected_seconds) == ("transferred", "success", 9)
        call = Call.objects.get()
        assert (call.state, call.ended_by, call.run.outcome) == ("ended", "caller", "spoke to a person")

    def test_our_own_hang_up_is_ended_by_the_application(self) -> None:
        response = post(session())
        for step, keys in (("start", "1"), ("city", "2442"), ("zip_code", "02134")):
            response = post(result(keyed(step, keys)), next_of(response))
        assert "Chicago, 0 2 1 3 4" in spoken(response)
        post(result(state="DISCONNECTED"), next_of(response, "hangup"))
        call = Call.objects.get()
        assert (call.ended_by, call.run.outcome, call.run.milestones) == ("application", "booked", ["city"])

    def test_a_platform_that_cannot_run_our_last_document_is_not_told_it_again_and_again(self) -> None:
        response = post(session())
        for step, keys in (("start", "1"), ("city", "2442"), ("zip_code", "02134")):
            response = post(result(keyed(step, keys)), next_of(response))
        again = post(result(error="there is no call yet"), next_of(response, "error"))
        assert json.loads(again.content) == {"tropo": [{"hangup": {}}]}
        call = Call.objects.get()
        assert (call.state, call.ended_by, call.run.outcome) == ("ended", "application", "booked")
        assert post(result(keyed("zip_code", "02134")), next_of(response)).content == again.content

    def test_a_duplicate_of_the_last_answer_still_gets_the_last_document(self) -> None:
        response = post(session())
        for step, keys in (("start", "1"), ("city", "2442"), ("zip_code", "02134")):
            address, answer = next_of(response), result(keyed(step, keys))
            response = post(answer, address)
        assert post(answer, address).content == response.content
        assert Call.objects.get().state == "open"

    def test_an_error_of_the_platform_is_no_silence_of_the_caller(self) -> None:
        response = post(result(error="the grammar is broken"), next_of(post(session()), "error"))
        assert Turn.objects.get().result == "error"
        assert "To book an appointment" in spoken(response)


class TestLines:
    def test_a_line_says_which_flow_answers_its_number_in_any_spelling(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        line = Line.objects.create(number="(407) 555-0100", flow="nowhere")
        assert line.number == "+14075550100"
        post(session(), "/tropo/")
        call = Call.objects.get()
        assert (call.line, call.run.flow) == (line, "booking"), "an unknown flow is answered by the default"

    def test_calls_from_the_phone_are_tests(self) -> None:
        post(session("a"), "/tropo/?platform=phone")
        post(session("b"), "/tropo/?platform=other")
        assert list(Call.objects.order_by("session_id").values_list("platform", "is_test")) == [
            ("phone", True),
            ("tropo", False),
        ]

    def test_a_text_is_answered_with_words_and_the_end(self) -> None:
        ends: Any = {"channel": "TEXT", "network": "SMS", "id": "14075550142"}
        response = post(session(to=ends, initialText="hello", **{"from": ends}))
        assert [next(iter(step)) for step in json.loads(response.content)["tropo"]][:2] == ["say", "hangup"]
        assert Call.objects.get().channel == "text"


@pytest.mark.parametrize(
    ("most", "message"),
    [(5, "new"), (3, "start"), (3, "replayed start")],
)
def test_a_turn_costs_few_statements(
    most: int, message: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = next_of(post(session("warm")))
    if message == "replayed start":
        post(session())
    body, where = {
        "new": (result(keyed("start", "1"), "warm"), address),
        "start": (session(), "/tropo/?flow=booking"),
        "replayed start": (session(), "/tropo/?flow=booking"),
    }[message]
    begin_and_limits = 4 if connection.vendor == "postgresql" else 2
    versions = 4  # inside a test nothing is ever committed, so the version is looked up every time
    with django_assert_max_num_queries(most + begin_and_limits + versions) as captured:
        post(body, where)
    ours = [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "SET LOCAL"))
        and "calls_flowversion" not in query["sql"]
    ]
    assert len(ours) <= most, "\n".join(ours)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("copies", [2, 6])
def test_copies_that_arrive_at_once_count_once(copies: int) -> None:
    address = next_of(post(session()))
    answer = result(keyed("start", "1"))
    replies = at_once(copies, lambda: post(answer, address).content)
    assert len(set(replies)) == 1
    assert b"Which city" in replies[0]
    assert Turn.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sessions_that_arrive_at_once_open_one_call() -> None:
    replies = at_once(4, lambda: post(session()).content)
    assert len(set(replies)) == 1
    assert (Call.objects.count(), Run.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", ["answer first", "hang-up first"])
def test_an_answer_and_its_hang_up_at_once_lose_neither(order: str) -> None:
    for number in range(8):
        first = post(session(f"{SESSION_ID}-{number}"))
        answer = result(keyed("start", "1"), f"{SESSION_ID}-{number}")
        end = result(None, f"{SESSION_ID}-{number}", state="DISCONNECTED")
        posts = [(answer, next_of(first)), (end, next_of(first, "hangup"))]
        queue = iter(posts if order == "answer first" else reversed(posts))
        at_once(2, lambda queue=queue: post(*next(queue)))
    assert Turn.objects.filter(result="answered").count() == 8
    assert Call.objects.filter(state="ended").count() == 8


def at_once(copies: int, work: Any) -> list[Any]:
    """What `copies` threads get that begin together; what one raises is raised here."""
    barrier = threading.Barrier(copies)
    results: list[Any] = []

    def run() -> None:
        barrier.wait()
        try:
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(copies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for outcome in results:
        if isinstance(outcome, Exception):
            raise outcome
    return results
