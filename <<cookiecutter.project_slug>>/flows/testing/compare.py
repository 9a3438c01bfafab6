"""A rehearsal and the decision that followed it: what must be the same in both, and what must be storable."""

import json
import re
from dataclasses import dataclass, fields
from itertools import takewhile
from traceback import walk_tb
from typing import Any

from flows import state
from flows.state import State
from flows.testing.watch import Watched, fail

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
