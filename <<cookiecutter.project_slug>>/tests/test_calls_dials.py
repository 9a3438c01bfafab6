"""Calls and texts to be made: claimed by one server, held by one session, and never moved backwards."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from calls import dials, optouts
from calls.models import Dial
from flows.retries import Retries
from tests.rows import a_run

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PLAN = Retries(busy=(5, 15), no_answer=(60,), machine=(120,), failed=(30,)).after
FINAL = [Dial.State.DONE, Dial.State.FAILED, Dial.State.GIVEN_UP, Dial.State.OPTED_OUT, Dial.State.EXPIRED]

Answer = TypeVar("Answer")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def a_dial(**fields: Any) -> Dial:
    return Dial.objects.create(**{"flow": "reminder", "to": "+14075550142", "due_at": NOON} | fields)


def at_any_time(dial: Dial, now: datetime) -> datetime:
    return now


def state(dial: Dial) -> str:
    dial.refresh_from_db()
    return dial.state


def launched(**fields: Any) -> Dial:
    """A row whose first attempt is under way."""
    dial = a_dial(**fields)
    assert dials.claim(at_any_time) == dial
    dial.refresh_from_db()
    return dial


def answered(dial: Dial, session_id: str = "s1", attempt: int = 1) -> dials.DialStanding | None:
    return dials.answer_for({"dial": str(dial.id), "attempt": str(attempt)}, session_id)


def elsewhere(work: Callable[[], Answer]) -> Answer:
    """What `work` returns in another thread, which has a connection of its own."""

    def alone() -> Answer:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone).result()


class TestClaims:
    def test_what_is_due_is_launched_oldest_first_and_once(self, clock: time_machine.Traveller) -> None:
        late, early = a_dial(), a_dial(due_at=NOON - MINUTE)
        a_dial(due_at=NOON + MINUTE)
        claimed = [dials.claim(at_any_time) for _ in range(3)]
        assert claimed == [early, late, None]
        assert [(row.state, row.attempts, row.claimed_at) for row in claimed if row] == [
            ("launched", 1, NOON)
        ] * 2

    @pytest.mark.django_db(transaction=True)
    def test_of_many_servers_no_two_get_the_same_row(self) -> None:
        rows = {a_dial().id for _ in range(30)}

        def server() -> list[UUID]:
            try:
                return [row.id for row in iter(lambda: dials.claim(at_any_time), None)]
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            found = [one for running in [pool.submit(server) for _ in range(4)] for one in running.result()]
        assert len(found) == len(rows)
        assert set(found) == rows
        assert set(Dial.objects.values_list("state", "attempts")) == {("launched", 1)}

    @pytest.mark.django_db(transaction=True)
    def test_a_row_that_another_server_decides_about_is_passed_over(self) -> None:
        first, second = a_dial(), a_dial()
        seen: list[object] = []

        def other_server() -> Dial | None:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = 2000")
            return dials.claim(at_any_time)

        def meanwhile(dial: Dial, now: datetime) -> datetime:
            try:
                seen.append(elsewhere(other_server))
            except OperationalError as error:
                seen.append(type(error))
            return now

        assert dials.claim(meanwhile) == first
        # SQLite has one lock for everything: the other server waits for it, in vain while this one works.
        assert seen == ([OperationalError] if connection.vendor == "sqlite" else [second])

    @pytest.mark.django_db(transaction=True)
    def test_a_claim_is_committed_and_its_lock_gone(self) -> None:
        dial = a_dial()
        dials.claim(at_any_time)
        assert not connection.in_atomic_block
        assert elsewhere(lambda: Dial.objects.get(id=dial.id).state) == "launched"
        assert elsewhere(lambda: Dial.objects.filter(id=dial.id).update(last_reason="busy")) == 1

    def test_a_launch_that_nobody_heard_of_again_is_due_again(self, clock: time_machine.Traveller) -> None:
        dial = launched()
        clock.move_to(NOON + dials.LONGEST_LAUNCH - MINUTE)
        assert dials.claim(at_any_time) is None
        clock.move_to(NOON + dials.LONGEST_LAUNCH)
        assert dials.claim(at_any_time) == dial
        dial.refresh_from_db()
        assert (dial.state, dial.attempts, dial.session_id) == ("launched", 2, "")

    def test_an_attempt_that_was_lost_last_is_given_up(self, clock: time_machine.Traveller) -> None:
        dial = launched(most_attempts=1)
        clock.move_to(NOON + dials.LONGEST_LAUNCH)
        dials.claim(at_any_time)
        assert (state(dial), dial.attempts) == ("given up", 1)

    def test_who_talks_is_not_called(self, clock: time_machine.Traveller) -> None:
        dial = launched()
        dials.reached(dial.id, a_run().id)
        clock.move_to(NOON + timedelta(days=1))
        assert dials.claim(at_any_time) is None

    @pytest.mark.parametrize(
        ("opted_out", "channel", "expected"),
        [
            ("all", "voice", "opted out"),
            ("voice", "voice", "opted out"),
            ("text", "voice", "launched"),
            ("text", "text", "opted out"),
        ],
    )
    def test_who_opted_out_is_never_dialled(self, opted_out: str, channel: str, expected: str) -> None:
        optouts.add("407-555-0142", opted_out)
        dial = a_dial(channel=channel)
        dials.claim(at_any_time)
        assert state(dial) == expected

    def test_what_is_too_late_is_not_launched(self, clock: time_machine.Traveller) -> None:
        dial, other = a_dial(expires_at=NOON), a_dial(expires_at=NOON + MINUTE)
        dials.claim(at_any_time)
        dials.claim(at_any_time)
        assert [state(dial), dial.attempts, state(other)] == ["expired", 0, "launched"]

    def test_outside_the_calling_hours_it_waits_for_them(self, clock: time_machine.Traveller) -> None:
        dial = a_dial()
        dials.claim(lambda row, now: now + 60 * MINUTE)
        assert (state(dial), dial.due_at, dial.attempts) == ("waiting", NOON + 60 * MINUTE, 0)
        assert dials.claim(at_any_time) is None

    def test_a_flow_that_is_gone_fails(self, caplog: pytest.LogCaptureFixture) -> None:
        dial = a_dial()
        dials.claim(lambda row, now: None)
        assert state(dial) == "failed"
        assert "its flow is gone" in caplog.text

    def test_what_a_test_call_wrote_is_left_alone_unless_asked_for(self) -> None:
        dial = a_dial(is_test=True)
        assert dials.claim(at_any_time) is None
        assert dials.claim(at_any_time, tests=True) == dial

    def test_one_row_alone_can_be_claimed(self) -> None:
        a_dial(due_at=NOON - MINUTE)
        dial = a_dial()
        assert [dials.claim(at_any_time, only=dial.id), dials.claim(at_any_time, only=dial.id)] == [
            dial,
            None,
        ]

    def test_a_launch_that_started_nothing_counts_as_no_attempt(self, clock: time_machine.Traveller) -> None:
        dial = launched()
        dials.not_launched(dial)
        assert (state(dial), dial.attempts, dial.due_at, dial.last_reason) == (
            "waiting",
            0,
            NOON + dials.PLATFORM_AWAY,
            "not launched",
        )

    def test_a_session_that_came_all_the_same_keeps_its_attempt(self) -> None:
        dial = launched()
        answered(dial)
        dials.not_launched(dial)
        assert (state(dial), dial.attempts) == ("launched", 1)


class TestSessions:
    def test_the_session_gets_what_it_is_to_do(self) -> None:
        dial = launched(data={"when": "9:00"}, caller_id="+14075550100", channel="text", is_test=False)
        assert answered(dial) == dials.DialStanding(
            dial=dial.id,
            flow="reminder",
            to="+14075550142",
            caller_id="+14075550100",
            channel="text",
            data={"when": "9:00"},
            attempt=1,
            is_test=False,
            may_go_on=True,
        )
        dial.refresh_from_db()
        assert dial.session_id == "s1"

    def test_a_second_session_of_the_same_attempt_may_not_go_on(self) -> None:
        dial = launched()
        standings = [answered(dial, session_id) for session_id in ("s1", "s2", "s1")]
        assert [standing and standing.may_go_on for standing in standings] == [True, False, True]

    @pytest.mark.django_db(transaction=True)
    def test_of_sessions_that_come_at_once_one_may_go_on(self) -> None:
        dial = launched()

        def session(number: int) -> bool:
            try:
                with transaction.atomic():
                    standing = answered(dial, f"s{number}")
                return standing is not None and standing.may_go_on
            finally:
                connections.close_all()

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(session, range(4))) == [False, False, False, True]

    def test_the_session_of_an_attempt_that_was_lost_comes_too_late(
        self, clock: time_machine.Traveller
    ) -> None:
        dial = launched()
        clock.move_to(NOON + dials.LONGEST_LAUNCH)
        dials.claim(at_any_time)
        old, new = answered(dial, "s1", attempt=1), answered(dial, "s2", attempt=2)
        assert old is not None
        assert new is not None
        assert [old.may_go_on, new.may_go_on] == [False, True]

    @pytest.mark.parametrize("ended", [Dial.State.WAITING, *FINAL])
    def test_no_session_goes_on_for_a_row_that_was_not_launched(self, ended: Dial.State) -> None:
        standing = answered(a_dial(state=ended, attempts=1))
        assert standing is not None
        assert not standing.may_go_on

    def test_who_opted_out_since_is_not_called(self) -> None:
        dial = launched()
        optouts.add(dial.to)
        standing = answered(dial)
        assert standing is not None
        assert (standing.may_go_on, state(dial)) == (False, "opted out")

    @pytest.mark.parametrize(
        "parameters",
        [
            {},
            {"dial": str(uuid4()), "attempt": "1"},
            {"dial": "x", "attempt": "1"},
            {"dial": str(uuid4())},
            {"dial": str(uuid4()), "attempt": "-1"},
            {"dial": str(uuid4()), "attempt": "9" * 30},
        ],
    )
    def test_parameters_that_name_no_row(self, parameters: dict[str, str]) -> None:
        assert dials.answer_for(parameters, "s1") is None


class TestEnds:
    def test_who_is_there_talks_until_the_end(self) -> None:
        dial, run = launched(), a_run()
        dials.reached(dial.id, run.id)
        assert (state(dial), dial.run) == ("talking", run)
        dials.finished(dial.id)
        dials.finished(dial.id)
        assert state(dial) == "done"

    def test_each_reason_has_its_own_waits_and_then_it_is_given_up(
        self, clock: time_machine.Traveller
    ) -> None:
        dial, waits = launched(), list[timedelta | None]()
        for number, reason in enumerate(["busy", "no answer", "busy", "busy"], start=1):
            answered(dial, f"s{number}", number)
            now = datetime.now(UTC)
            dials.missed(dial.id, f"s{number}", reason, PLAN)
            waits.append(dial.due_at - now if state(dial) == "waiting" else None)
            assert dial.last_reason == reason
            clock.move_to(dial.due_at)
            dials.claim(at_any_time)
        assert waits == [5 * MINUTE, 60 * MINUTE, 15 * MINUTE, None]
        assert (state(dial), dial.attempts) == ("given up", 4)

    def test_the_most_attempts_go_before_the_plan(self) -> None:
        dial = launched(most_attempts=1)
        answered(dial)
        dials.missed(dial.id, "s1", "busy", PLAN)
        assert (state(dial), dial.last_reason) == ("given up", "busy")

    def test_a_further_attempt_that_would_be_too_late_is_not_made(
        self, clock: time_machine.Traveller
    ) -> None:
        dial = launched(expires_at=NOON + 5 * MINUTE)
        answered(dial)
        dials.missed(dial.id, "s1", "busy", PLAN)
        assert (state(dial), dial.last_reason) == ("expired", "busy")

    def test_a_miss_counts_once_and_only_for_the_session_of_the_attempt(self) -> None:
        dial = launched()
        answered(dial)
        for session_id in ("s2", "s1", "s1", ""):
            dials.missed(dial.id, session_id, "busy", PLAN)
        dial.refresh_from_db()
        assert dial.misses == {"busy": 1}

    def test_who_talks_was_not_missed(self) -> None:
        dial = launched()
        answered(dial)
        dials.reached(dial.id, a_run().id)
        dials.missed(dial.id, "s1", "machine", PLAN)
        assert (state(dial), dial.last_reason) == ("talking", "")

    def test_an_unknown_reason_is_refused(self) -> None:
        with pytest.raises(ValueError, match="asleep"):
            dials.missed(uuid4(), "s1", "asleep", PLAN)

    @pytest.mark.parametrize("ended", FINAL)
    def test_nothing_leaves_its_last_state(self, ended: Dial.State) -> None:
        dial = a_dial(state=ended, attempts=1, session_id="s1", claimed_at=NOON)
        dials.claim(at_any_time)
        dials.not_launched(dial)
        answered(dial)
        dials.reached(dial.id, a_run().id)
        dials.missed(dial.id, "s1", "busy", PLAN)
        dials.finished(dial.id)
        assert state(dial) == ended

    def test_the_table_takes_no_more_attempts_than_there_may_be(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            a_dial(attempts=2, most_attempts=1)


class TestPlans:
    @pytest.mark.parametrize("given", [{"busy": (0,)}, {"no_answer": (5, -1)}, {"most": 0}])
    def test_a_plan_that_cannot_be_kept_is_refused(self, given: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=rf"Retries\({next(iter(given))}="):
            Retries(**given)

    def test_every_reason_of_a_call_has_a_plan(self) -> None:
        reasons = set(Dial.Reason.values) - {Dial.Reason.NOT_LAUNCHED.value}
        assert {Retries().after(reason, 1) is not None for reason in reasons} == {True}
        assert {Retries().after(reason, 100) for reason in reasons} == {None}
