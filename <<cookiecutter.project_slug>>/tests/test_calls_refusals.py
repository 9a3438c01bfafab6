"""The counting of refused POSTs: off the request, exact under threads and processes, kept if it must wait."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import DatabaseError, OperationalError, connection, connections
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from calls import refusals
from calls.models import Refusal
from calls.refusals import Tally
from tests.webhook import post
from tropo import Reason
from tropo.signals import refused


def counts() -> dict[str, int]:
    found: dict[str, int] = {}
    for reason, count in Refusal.objects.values_list("reason", "count"):
        found[reason] = found.get(reason, 0) + count
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end, "waited for 10 s"
        time.sleep(0.01)


def from_threads(number: int, work: Callable[[], object]) -> None:
    """Runs `work` in that many threads at once, each with a connection of its own."""
    together = threading.Barrier(number)

    def one() -> None:
        together.wait()
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        for running in [pool.submit(one) for _ in range(number)]:
            running.result()


@pytest.mark.django_db
def test_a_refused_post_is_counted_off_the_request(
    tally: Tally, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert Client().post("/tropo/", b"x" * 60_000, content_type="application/json").status_code == 401
        assert Client().post("/tropo/wrong/", b"{}", content_type="application/json").status_code == 404
    assert post(b"not json").status_code == 400
    assert counts() == {}
    assert tally.flush() == 3
    assert counts() == {"token": 2, "json": 1}


@pytest.mark.django_db
def test_a_row_is_a_minute_and_a_reason(tally: Tally) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 9, 0, 59, tzinfo=UTC), tick=False) as clock:
        tally.add(Reason.TOKEN)
        tally.add(Reason.JSON)
        tally.flush()
        tally.add(Reason.TOKEN)
        clock.shift(1)
        tally.add(Reason.TOKEN)
        tally.flush()
    assert list(
        Refusal.objects.order_by("minute", "reason").values_list("minute__minute", "reason", "count")
    ) == [
        (0, "json", 1),
        (0, "token", 2),
        (1, "token", 1),
    ]
    assert tally.flush() == 0


@pytest.mark.django_db
def test_nothing_to_write_asks_nothing(
    tally: Tally, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        assert tally.flush() == 0


@pytest.mark.django_db(transaction=True)
def test_threads_that_count_and_write_at_once_lose_nothing(tally: Tally) -> None:
    def work() -> None:
        for _ in range(10):
            for _ in range(20):
                refused.send(sender=None, reason=Reason.TOKEN, address="/tropo/")
                refused.send(sender=None, reason=Reason.SIZE, address="/tropo/")
            tally.flush()

    from_threads(4, work)
    tally.flush()
    assert counts() == {"token": 800, "size": 800}


@pytest.mark.django_db(transaction=True)
def test_two_that_meet_at_a_new_row_add_up() -> None:
    def work() -> None:
        own = Tally(every=None)
        for reason in ("b", "a", "c"):
            own.add(reason)
        while own.flush() == 0:
            pass

    from_threads(4, work)
    assert counts() == {"a": 4, "b": 4, "c": 4}


@pytest.mark.django_db(transaction=True)
def test_the_writer_begins_with_a_refusal_and_ends_when_nothing_is_left() -> None:
    tally = Tally(every=0.05)
    for total in (1, 2):
        tally.add(Reason.TOKEN)
        assert "refusals" in names_of_threads()
        wait_until(lambda: "refusals" not in names_of_threads())
        assert counts() == {"token": total}


def names_of_threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


@pytest.mark.django_db(transaction=True)
def test_the_writer_goes_on_until_the_database_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    write, faults = refusals._write, iter([OperationalError, RuntimeError, DatabaseError])

    def fail_at_first(*args: object) -> None:
        for fault in faults:
            raise fault
        write(*args)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(refusals, "_write", fail_at_first)
    Tally(every=0.02).add(Reason.TOKEN)
    wait_until(lambda: "refusals" not in names_of_threads())
    assert counts() == {"token": 1}


@pytest.mark.django_db
def test_counts_are_kept_while_the_database_is_away(
    tally: Tally, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*args: object) -> None:
        tally.add(Reason.TOKEN)  # one that comes in the middle
        raise OperationalError("could not connect to server 10.1.2.3")

    tally.add(Reason.TOKEN)
    with monkeypatch.context() as patch:
        patch.setattr(refusals, "_write", away)
        assert [tally.flush(), tally.flush()] == [0, 0]
    assert caplog.text.count("refusals could not be written (OperationalError), keeping them") == 2
    assert "10.1.2.3" not in caplog.text
    assert tally.flush() == 3
    assert counts() == {"token": 3}


@pytest.mark.django_db
def test_what_waits_is_bounded_and_what_is_lost_is_told(
    tally: Tally, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(refusals, "_MOST_ROWS", 2)
    for reason in ("token", "json", "size", "token", "shape"):
        tally.add(reason)
    assert tally.flush() == 3
    assert counts() == {"token": 2, "json": 1}
    assert "2 refusals were not counted" in caplog.text


def test_a_process_that_gets_no_thread_refuses_and_counts_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none_left(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none_left)
    tally = Tally()
    monkeypatch.setattr(refusals, "tally", tally)
    assert [post(b"{}").status_code, post(b"{}").status_code] == [400, 400]
    assert tally._waiting.total() == 2


# A process as gunicorn has it: it forks, both count, and neither lives until the writer's first turn.
PROCESS = """
import os
import django
django.setup()
from tropo.signals import refused
def refuse(times):
    for _ in range(times):
        refused.send(sender=None, reason="token", address="/tropo/")
refuse(3)
child = os.fork()
if child:
    status = os.waitpid(child, 0)[1]
    raise SystemExit(os.waitstatus_to_exitcode(status))
refuse(4)
"""


@pytest.mark.django_db(transaction=True)
def test_processes_that_fork_and_end_at_once_lose_nothing_and_count_nothing_twice() -> None:
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "DATABASE_URL": address()}
    command = [sys.executable, "-c", PROCESS]
    running = [
        subprocess.Popen(command, env=environment, cwd=Path(__file__).parent.parent, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    errors = [process.communicate(timeout=60)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], errors
    assert counts() == {"token": 14}


def address() -> str:
    """The DATABASE_URL of the database under test."""
    name = connection.settings_dict["NAME"]
    server = os.environ.get("TEST_DATABASE_URL")
    return urlsplit(server)._replace(path=f"/{name}").geturl() if server else f"sqlite:///{name}"
