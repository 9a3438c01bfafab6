"""manage.py sweep: what nobody will end is closed once, when it was last heard of."""

import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from pytest_django import Settings

from calls import endings, store
from calls.models import Call, Dial, Event, Run, Turn
from calls.sweeping import GRACE
from flows import Flow, Next, ask
from flows.grammars import Options
from tests.rows import SECOND, a_call, a_run, a_turn, an_event
from tests.webhook import APOLOGY, keyed, next_of, post, result, session

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LONGEST = timedelta(hours=4) + GRACE
ENDED: list[str] = []


class Parting(Flow):
    """Hears of its end, and may fail at it."""

    @ask("Size?", Options(small="1", large="2"))
    def start(self, answer: str) -> Next:
        return self.start

    def ended(self) -> None:
        ENDED.append(self.answers.get("start", "nothing"))
        self.outcome = "left"
        if self.answers.get("start") == "large":
            raise RuntimeError("the hook fails")


@pytest.fixture(autouse=True)
def ends() -> None:
    ENDED.clear()


def sweep() -> str:
    """What a sweep says that it did, without what it did not."""
    told = StringIO()
    call_command("sweep", stdout=told)
    lines = (" ".join(line.split()) for line in told.getvalue().splitlines())
    return ", ".join(line for line in lines if not line.startswith("0 "))


def age(call: Call, by: timedelta) -> None:
    """Moves a call with all that happened in it into the past: the database's clock cannot be frozen."""
    Call.objects.filter(pk=call.pk).update(started_at=F("started_at") - by)
    run = Run.objects.filter(pk=call.run_id)
    run.update(started_at=F("started_at") - by, sent_at=F("sent_at") - by)
    call.turns.update(asked_at=F("asked_at") - by, heard_at=F("heard_at") - by)
    call.events.update(at=F("at") - by)


def last_heard_before(ago: timedelta) -> Call:
    """An open call that was silent ever since."""
    return a_call(started_at=timezone.now() - ago)


class TestCalls:
    @pytest.mark.parametrize(("ago", "state"), [(LONGEST - 5 * SECOND, "open"), (LONGEST + SECOND, "ended")])
    def test_a_call_may_be_silent_for_as_long_as_a_session_lasts(self, ago: timedelta, state: str) -> None:
        call = last_heard_before(ago)
        sweep()
        call.refresh_from_db()
        assert call.state == state

    def test_it_ended_when_it_was_last_heard_of_and_nobody_knows_by_whom(self) -> None:
        call = last_heard_before(3 * LONGEST)
        a_turn(call, 1)
        late = an_event(call, Event.Kind.LATE, at=call.started_at + 90 * SECOND)
        assert sweep() == "1 calls closed, 1 replies blanked"
        call.refresh_from_db()
        assert (call.state, call.ended_by, call.ended_at) == ("ended", "unknown", late.at)
        assert call.run.ended_at == late.at

    def test_what_was_said_in_between_keeps_a_call_open(self) -> None:
        call = last_heard_before(2 * LONGEST)
        a_turn(call, 1, asked_at=call.started_at, heard_at=timezone.now() - LONGEST / 2)
        assert sweep() == ""

    def test_a_second_sweep_changes_nothing(self) -> None:
        for _ in range(3):
            last_heard_before(2 * LONGEST)
        assert sweep() == "3 calls closed, 3 replies blanked"
        assert sweep() == ""

    def test_session_max_is_a_setting(self, settings: Settings) -> None:
        settings.SESSION_MAX = 1
        last_heard_before(timedelta(hours=1) + GRACE + SECOND)
        assert sweep().startswith("1 calls closed")

    def test_more_calls_than_a_batch_has_are_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("calls.sweeping.BATCH", 2)
        monkeypatch.setattr("calls.jobs.BATCH", 2)
        for _ in range(5):
            last_heard_before(2 * LONGEST)
        assert sweep() == "5 calls closed, 5 replies blanked"

    def test_a_run_that_another_call_goes_on_with_stays_open(self) -> None:
        call = last_heard_before(2 * LONGEST)
        a_call(run=call.run, started_at=timezone.now())
        assert sweep() == "1 calls closed"
        call.run.refresh_from_db()
        assert call.run.ended_at is None


def test_progress_is_shown_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calls.sweeping.BATCH", 2)
    for _ in range(4):
        last_heard_before(2 * LONGEST)
    terminal = StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    call_command("sweep", stdout=terminal)
    line, _, _ = terminal.getvalue().replace("\x1b[K", "").partition("\n")
    half, whole = f"[{'#' * 15:<30}] 2 of 4 calls closed", f"[{'#' * 30}] 4 of 4 calls closed"
    assert line.split("\r") == ["", half, whole, "        4 calls closed"]
    last_heard_before(2 * LONGEST)
    assert "#" not in sweep()


class TestFlow:
    def test_it_hears_of_the_end_once(self) -> None:
        post(session(), "/tropo/?flow=parting")
        age(Call.objects.get(), 2 * LONGEST)
        sweep()
        sweep()
        run = Run.objects.get()
        assert (ENDED, run.outcome, run.ended_at) == (["nothing"], "left", Call.objects.get().ended_at)

    def test_a_hook_that_fails_stops_no_sweep(self) -> None:
        for name in ("a", "b"):
            post(result(keyed("start", "2"), name), next_of(post(session(name), "/tropo/?flow=parting")))
        for call in Call.objects.all():
            age(call, 2 * LONGEST)
        assert sweep().startswith("2 calls closed")
        assert ENDED == ["large", "large"]

    def test_what_cannot_be_closed_is_told_and_stops_nothing_else(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        calls = [last_heard_before(2 * LONGEST) for _ in range(3)]

        def close(standing: object) -> None:
            if getattr(standing, "call", None) == calls[0].pk:
                raise RuntimeError("no end for this one")

        monkeypatch.setattr(endings, "_close", close)
        with pytest.raises(CommandError, match="1 could not be closed"):
            sweep()
        states = Call.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["open", "ended", "ended"]
        assert "no end for this one" in caplog.text
        monkeypatch.undo()
        assert sweep().startswith("1 calls closed")

    def test_an_answer_that_comes_after_all_is_kept_and_the_call_stays_ended(self) -> None:
        first = post(session())
        age(Call.objects.get(), 2 * LONGEST)
        sweep()
        ended_at = Call.objects.get().ended_at
        assert b"Which city" in post(result(keyed("start", "1")), next_of(first)).content
        post(result(state="DISCONNECTED"), next_of(first, "hangup"))
        call = Call.objects.get()
        assert (call.state, call.ended_by, call.ended_at) == ("ended", "unknown", ended_at)
        assert Turn.objects.get().value == "appointment"


class TestTexts:
    @pytest.fixture
    def run(self) -> Run:
        ends: Any = {"channel": "TEXT", "network": "SMS", "id": "14075550142"}
        post(session(initialText="hello", to=ends, **{"from": ends}), "/tropo/?flow=parting")
        return Run.objects.get()

    def test_a_conversation_that_fell_asleep_is_closed_at_its_last_reply(self, run: Run) -> None:
        age(run.calls.get(), timedelta(hours=24, seconds=1))
        assert sweep() == "1 calls closed, 1 text conversations closed, 1 replies blanked"
        run.refresh_from_db()
        assert (ENDED, run.ended_at) == (["nothing"], run.sent_at)
        assert sweep() == ""

    def test_until_then_it_goes_on(self, run: Run) -> None:
        age(run.calls.get(), timedelta(hours=23, minutes=59))
        assert sweep() == "1 calls closed"
        run.refresh_from_db()
        assert (ENDED, run.ended_at, run.reply != "") == ([], None, True)


class TestDials:
    @pytest.mark.parametrize(("over", "state"), [(True, "done"), (False, "talking")])
    def test_a_call_of_ours_is_done_when_its_run_is(self, over: bool, state: str) -> None:
        now = timezone.now()
        run = a_run(ended_at=now if over else None)
        dial = Dial.objects.create(flow="x", to="+14075550142", due_at=now, state="talking", run=run)
        assert sweep() == ("1 dials done" if over else "")
        dial.refresh_from_db()
        assert dial.state == state


class TestReplies:
    @pytest.mark.parametrize(("seconds", "kept"), [(895, True), (901, False)])
    def test_the_last_reply_goes_15_minutes_after_the_end(self, seconds: int, kept: bool) -> None:
        post(result(state="DISCONNECTED"), next_of(post(session()), "hangup"))
        Run.objects.update(ended_at=timezone.now() - seconds * SECOND)
        sweep()
        assert bool(Run.objects.get().reply) == kept

    def test_a_post_that_comes_twice_after_that_hears_the_apology(self) -> None:
        post(result(state="DISCONNECTED"), next_of(post(session()), "hangup"))
        Run.objects.update(ended_at=timezone.now() - 901 * SECOND)
        sweep()
        assert APOLOGY.encode() in post(session()).content

    def test_0_keeps_it(self, settings: Settings) -> None:
        settings.RETENTION_REPLIES = 0
        a_call(run=a_run(reply="{}", ended_at=timezone.now() - LONGEST), ended_by="caller")
        assert sweep() == ""


@pytest.mark.django_db(transaction=True)
def test_a_turn_that_comes_at_the_same_moment_wins() -> None:
    call = last_heard_before(2 * LONGEST)
    locked, swept = threading.Event(), threading.Event()

    def turn() -> None:
        try:
            with transaction.atomic():
                standing = store.lock_run(call.run_id, call.session_id)
                assert standing is not None
                locked.set()
                # SQLite lets nobody else in until this is committed; on PostgreSQL the sweep passes by.
                swept.wait(0.5 if connection.vendor == "sqlite" else 10)
                a_turn(call, 1, asked_at=call.started_at, heard_at=timezone.now())
        finally:
            connection.close()

    caller = threading.Thread(target=turn)
    caller.start()
    assert locked.wait(10)
    told = sweep()
    swept.set()
    caller.join()
    assert (told, sweep(), Call.objects.get().state) == ("", "", "open")


@pytest.mark.django_db(transaction=True)
def test_two_servers_that_sweep_at_once_close_each_call_once() -> None:
    for number in range(12):
        post(session(f"session-{number}"), "/tropo/?flow=parting")
    for call in Call.objects.all():
        age(call, 2 * LONGEST)
    told: list[str] = []

    def server() -> None:
        try:
            told.append(sweep())
        finally:
            connection.close()

    servers = [threading.Thread(target=server) for _ in range(2)]
    for one in servers:
        one.start()
    for one in servers:
        one.join()
    assert ENDED == ["nothing"] * 12
    closed = [int(line.split()[0]) for words in told for line in words.split(", ") if "calls closed" in line]
    assert sum(closed) == 12
