"""The state of a conversation between two turns: plain data that any server can take up."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, NamedTuple, Self

LARGEST = 32_000
"""Characters of a stored state. A conversation that knows more keeps it in tables of its own."""

_FORM = 1


class Answer(NamedTuple):
    """An answer as it is stored: the step that asked, the value, and how it is said."""

    step: str
    value: str
    words: str


class Frame(NamedTuple):
    """A flow that waits for a sub-flow: its name, and the step that follows then (empty: none)."""

    flow: str
    then: str


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands and what it knows.

    `step` is a step of `flow`, empty once all is over. `visit` counts the entries into this step,
    `attempt` the tries in this visit, both from 1; `visits` has the entries into every step. `rung` is how
    the question was asked, `offered` the answers that the caller is to confirm or to choose from, `prompt`
    the question as it was said. `answers` are in the order they were given: a loop gives several, and jsonb
    keeps no order of keys. `language` is set when it is no longer the call's, `stack` are the flows that
    called this one, `trail` the questions of this flow that were answered before. `dial` is the key of the
    call of ours that this is, if it is one. `sensitive` says that the answer is to be kept nowhere,
    also when a newer version no longer has the question.
    """

    flow: str = ""
    step: str = ""
    visit: int = 0
    visits: Mapping[str, int] = field(default_factory=dict)
    attempt: int = 0
    rung: str = ""
    offered: tuple[str, ...] = ()
    prompt: str = ""
    outcome: str = ""
    milestones: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""
    stack: tuple[Frame, ...] = ()
    trail: tuple[str, ...] = ()
    dial: str = ""
    sensitive: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The state as it is stored; the step, outcome and milestones have columns of their own too.

        Raises:
            TypeError: the data does not survive JSON, an outcome or a milestone is no text, or the whole has
                more than `LARGEST` characters.
        """
        if not all(isinstance(word, str) for word in (self.outcome, *self.milestones)):
            raise TypeError("flow.outcome and flow.milestone(...) take text")
        values = {name: getattr(self, name) for name in _defaults() if getattr(self, name)}
        written = json.dumps(values)
        if len(written) > LARGEST:
            raise TypeError(f"a conversation's state has {len(written)} characters; {LARGEST} are stored")
        return {"form": _FORM, **json.loads(written)}

    @classmethod
    def from_dict(cls, step: str, stored: Mapping[str, Any]) -> Self:
        """The state that was stored, by this version of the code, an earlier or a later one.

        What is not of the kind that this version stores counts as absent: a deploy can be taken back.
        """
        kinds = {name: _STORED.get(type(value), type(value)) for name, value in _defaults().items()}
        known = {name: stored[name] for name, kind in kinds.items() if type(stored.get(name)) is kind}
        for name in (name for name, kind in kinds.items() if kind is list):
            known[name] = tuple(known.get(name, ()))
        entries: dict[str, type[Answer] | type[Frame]] = {"answers": Answer, "stack": Frame}
        for name, entry in entries.items():
            size = len(entry._fields)
            whole = (one for one in known[name] if isinstance(one, list) and len(one) >= size)
            known[name] = tuple(entry(*one[:size]) for one in whole)
        if not known["offered"] and known.get("rung") in _OFFERING:
            del known["rung"]
        return cls(**known | {"step": step})


_OFFERING = ("confirmation", "choice")
"""The rungs that ask about what is offered."""

_STORED: Mapping[type, type] = {tuple: list}
"""What JSON makes of a type."""


@cache
def _defaults() -> Mapping[str, Any]:
    """What is stored in the state itself, by name, as it is at the beginning."""
    fresh = State()
    return {entry.name: getattr(fresh, entry.name) for entry in fields(State) if entry.name != "step"}


def refuse_unstorable(data: Mapping[str, Any]) -> None:
    """Raises `TypeError` for data that JSON changes or cannot hold: keys that are numbers, tuples, dates."""
    if json.loads(json.dumps(data)) != data:
        raise TypeError("flow.data must survive JSON: keys must be strings, sequences lists")
