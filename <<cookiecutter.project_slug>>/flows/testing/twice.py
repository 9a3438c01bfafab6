"""Every decision is made twice under test, for a handler may run twice; the first is rolled back.

What differs then, or was done outside of the database, fails the test.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from dataclasses import dataclass, fields
from functools import wraps
from itertools import takewhile
from traceback import walk_tb
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction

from flows import engine, state
from flows.flow import Flow
from flows.state import State
from flows.testing import watch
from flows.testing.coverage import Coverage
from flows.testing.watch import Watched, fail

_DECISIONS = ("begin", "proceed", "ended")

_ADVICE = (
    "A handler may run twice for one answer, so what it does must follow from the call and the database. "
    "Draw random numbers and ask other systems in a lookup, whose value is kept; a test of something else "
    "that cannot do so says @pytest.mark.once."
)


@dataclass(frozen=True)
class Outcome:
    """One run: what was noticed, and what it gave (a decision, or the state after the end) or raised."""

    watched: Watched
    gave: Any = None
    error: Exception | None = None

    @property
    def document(self) -> str:
        return self.gave.document.to_json() if hasattr(self.gave, "document") else ""

    @property
    def state(self) -> State:
        found: State = self.gave if isinstance(self.gave, State) else self.gave.state
        return found


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
            if hasattr(engine, name):
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


def compare(place: str, first: Outcome, final: Outcome) -> None:
    """Fails the test when the rehearsal and the decision differ, or leave what cannot be stored."""
    for outcome in (first, final):
        if unstorable := _unstorable(outcome):
            fail(f"{place} left data that cannot be stored: {unstorable}")
    if type(_cause(first)) is not type(_cause(final)):
        fail(f"{place} {_raised(first)} in the rehearsal and {_raised(final)} in earnest. {_ADVICE}")
    if first.error is not None:
        return
    rows = set(zip(first.watched.rows, final.watched.rows, strict=False))
    texts = {"document": (first.document, final.document)} | {
        f"state ({field.name})": (_text(first.state, field.name), _text(final.state, field.name))
        for field in fields(State)
    }
    for name, (one, other) in texts.items():
        if not alike(one, other, rows):
            shown = " and then ".join(repr(part) for part in _excerpts(one, other))
            fail(f"{place} gave another {name} when it ran again: {shown}. {_ADVICE}")


def alike(one: str, other: str, rows: set[tuple[str, str]]) -> bool:
    """Whether two texts are the same but for the keys of rows: a rollback does not give a number back."""
    words = [re.split(r"([\w-]+)", text) for text in (one, other)]
    return len(words[0]) == len(words[1]) and all(
        left == right or (left, right) in rows for left, right in zip(*words, strict=True)
    )


def _cause(outcome: Outcome) -> BaseException | None:
    return outcome.error and (outcome.error.__cause__ or outcome.error)


def _raised(outcome: Outcome) -> str:
    cause = _cause(outcome)
    return "raised nothing" if cause is None else f"raised {type(cause).__name__}: {cause}"


def _unstorable(outcome: Outcome) -> BaseException | None:
    """What the module that stores the state has raised, or raises now."""
    cause = _cause(outcome)
    if cause is None:
        try:
            json.dumps(outcome.state.to_dict())
        except (TypeError, ValueError) as error:
            return error
        return None
    files = [frame.f_code.co_filename for frame, _ in walk_tb(cause.__traceback__)]
    return cause if state.__file__ in files else None


def _text(now: State, name: str) -> str:
    return json.dumps(getattr(now, name), default=repr, sort_keys=True)


def _excerpts(one: str, other: str) -> tuple[str, str]:
    """The places where two texts begin to differ."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    start = max(0, len(list(same)) - 40)
    return one[start : start + 80], other[start : start + 80]
