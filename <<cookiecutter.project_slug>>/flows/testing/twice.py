"""Every decision is made twice under test, for a handler may run twice; the first is rolled back.

What differs then, or was done outside of the database, fails the test.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from functools import wraps
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction

from flows import engine
from flows.flow import Flow
from flows.state import State
from flows.testing import watch
from flows.testing.compare import Outcome, compare
from flows.testing.coverage import Coverage
from flows.testing.watch import fail

_DECISIONS = ("begin", "proceed", "ended")


class Rehearsal:
    """Wraps the functions of `flows.engine`. `on` says whether there is a rehearsal before a decision.

    Only the thread that runs the tests has rehearsals: a handler in several threads is a test of its own.
    """

    def __init__(self, coverage: Coverage) -> None:
        self.on = True
        self.coverage = coverage

    def install(self, patches: pytest.MonkeyPatch) -> None:
        """Puts it in place until `patches` are undone."""
        watch.install(patches)
        for name in _DECISIONS:
            patches.setattr(engine, name, self._wrapped(getattr(engine, name)))

    def _wrapped(self, decide: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(decide)
        def decided(flow: type[Flow], *args: Any, **options: Any) -> Any:
            if watch.watching() or threading.current_thread() is not threading.main_thread():
                return decide(flow, *args, **options)
            # The state's data is the handler's to change, and the turn gives it a fresh copy each time.
            copies = [_copy(one) for one in args]
            known = {name: _copy(one) for name, one in options.items()}
            before = next((one for one in args if isinstance(one, State)), State())
            with time_machine.travel(time.time(), tick=False):
                first = _rehearse(decide, flow, before, *copies, **known) if self.on else None
                final = _run(decide, flow, *args, **options)
            if first is not None:
                compare(_place(flow, before, final), first, final)
            if final.error is not None:
                raise final.error
            self.coverage.note(flow, before, final.watched.moves, final.state)
            return final.gave

        return decided


def _run(decide: Callable[..., Any], *args: Any, **options: Any) -> Outcome:
    with watch.watched() as seen:
        try:
            return Outcome(seen, decide(*args, **options))
        except Exception as error:
            return Outcome(seen, error=error)


def _copy(given: Any) -> Any:
    return deepcopy(given) if isinstance(given, State) else given


def _rehearse(
    decide: Callable[..., Any], flow: type[Flow], before: State, *args: Any, **options: Any
) -> Outcome:
    outbox: list[Any] = getattr(mail, "outbox", [])
    sent = len(outbox)
    with _rolled_back():
        outcome = _run(decide, flow, *args, **options)
    if len(outbox) > sent:
        subject = outbox[sent].subject
        del outbox[sent:]
        fail(
            f"{_place(flow, before, outcome)} sent mail ({subject!r}), which no rollback takes back: send it "
            "by transaction.on_commit, or write a row that a command works off"
        )
    return outcome


@contextmanager
def _rolled_back() -> Iterator[None]:
    """A savepoint, or a transaction; nothing where the test has no database."""
    has_database = _has_database()
    with transaction.atomic() if has_database else nullcontext():
        yield
        if has_database:
            transaction.set_rollback(True)


def _has_database() -> bool:
    """False in a test that has not asked for one: pytest-django raises RuntimeError then."""
    try:
        connection.ensure_connection()
    except RuntimeError:
        return False
    return True


def _place(flow: type[Flow], before: State, outcome: Outcome) -> str:
    """The last handler that ran, or where the conversation stood."""
    if outcome.watched.moves:
        last = outcome.watched.moves[-1]
        return watch.where(last.flow, last.step)
    return watch.where(flow, before.step)
