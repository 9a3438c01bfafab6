"""The state of a conversation between two turns: plain data that any server can take up."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Party:
    """Who talks, and how: the same through a whole call.

    `caller` and `called` are numbers in E.164 where they can be; `channel` is voice or text;
    `language` is the recogniser's code, such as en-us.
    """

    caller: str = ""
    called: str = ""
    channel: str = "voice"
    language: str = ""
    voice: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Where a conversation stands and what it knows.

    `step` is empty once it is over. `visit` counts the entries into this step, `attempt` the tries in
    this visit, both from 1; `visits` has the entries into every step. `prompt` is the question as it
    was said. `answers` are pairs of step and answer in the order they were given: a loop gives several,
    and jsonb keeps no order of keys.
    """

    step: str = ""
    visit: int = 0
    visits: Mapping[str, int] = field(default_factory=dict)
    attempt: int = 0
    prompt: str = ""
    outcome: str = ""
    milestones: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The part that is stored as JSON; the reports have `outcome` and `milestones` in columns too."""
        return {
            "visit": self.visit,
            "visits": dict(self.visits),
            "attempt": self.attempt,
            "prompt": self.prompt,
            "outcome": self.outcome,
            "milestones": list(self.milestones),
            "answers": [list(pair) for pair in self.answers],
            "data": dict(self.data),
        }

    @classmethod
    def from_dict(cls, step: str, stored: Mapping[str, Any]) -> Self:
        return cls(
            step=step,
            visit=stored["visit"],
            visits=stored["visits"],
            attempt=stored["attempt"],
            prompt=stored["prompt"],
            outcome=stored["outcome"],
            milestones=tuple(stored["milestones"]),
            answers=tuple((step, answer) for step, answer in stored["answers"]),
            data=stored["data"],
        )


def refuse_unstorable(data: Mapping[str, Any]) -> None:
    """Raises `TypeError` for data that JSON changes or cannot hold: keys that are numbers, tuples, dates."""
    if json.loads(json.dumps(data)) != data:
        raise TypeError("flow.data must survive JSON: keys must be strings, sequences lists")
