"""The state of a conversation between two turns: plain data that any server can take up."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
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
        values = {name: getattr(self, name) for name in _names() if getattr(self, name)}
        written = json.dumps(values)
        if len(written) > LARGEST:
            raise TypeError(f"a conversation's state has {len(written)} characters; {LARGEST} are stored")
        return {"form": _FORM, **json.loads(written)}

    @classmethod
    def from_dict(cls, step: str, stored: Mapping[str, Any]) -> Self:
        """The state that was stored, by this version of the code or by an earlier one."""
        known = {name: stored[name] for name in _names() if name in stored}
        for name, kind in {"answers": Answer, "stack": Frame}.items():
            known[name] = tuple(kind(*entry) for entry in stored.get(name, ()))
        for name in ("milestones", "offered", "trail"):
            known[name] = tuple(stored.get(name, ()))
        return cls(**known | {"step": step})


def _names() -> tuple[str, ...]:
    return tuple(entry.name for entry in fields(State) if entry.name != "step")


def refuse_unstorable(data: Mapping[str, Any]) -> None:
    """Raises `TypeError` for data that JSON changes or cannot hold: keys that are numbers, tuples, dates."""
    if json.loads(json.dumps(data)) != data:
        raise TypeError("flow.data must survive JSON: keys must be strings, sequences lists")
