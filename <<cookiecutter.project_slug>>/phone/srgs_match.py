"""How a grammar file is matched: every way through its rules at once, with what their tags say.

The first way to reach a word counts. A file that would take too long to match matches nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from phone.srgs_index import Index

BUDGET = 100_000
"""Tokens looked at in one match; a limit of this simulator."""

KEY_TOKENS = {key: f"dtmf-{key}" for key in "0123456789"} | {"*": "dtmf-star", "#": "dtmf-pound"}
"""How a key is written in a grammar for words."""

KEY_WORDS = frozenset(KEY_TOKENS.values())

MANY = 50
"""Alternatives beyond which those that are plain words are looked up, and not tried one by one."""

_STATEMENT = re.compile(
    r"\s*(?:out|\$)(?:\.\w+)?\s*(?P<add>\+)?=\s*"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<number>-?\d+(?:\.\d+)?|true|false)"
    r"|(?P<latest>rules\.latest\(\))|(?:rules\.|\$)(?P<rule>\w+)(?:\.\w+)?)\s*(?:;|\Z)"
)


@dataclass(frozen=True)
class State:
    """What the tags of a rule have said so far: its value, if any, and the values of the rules in it."""

    out: str | None = None
    rules: tuple[tuple[str, str], ...] = ()


Front: TypeAlias = dict[int, State]
"""The positions reached, each with the first way there."""


class TooMuchError(Exception):
    """The budget is spent."""


@dataclass
class Run:
    """One match of a grammar against tokens. `hungry` says that a further token might have been taken."""

    rules: "dict[str, Rule]"
    tokens: list[str]
    hungry: bool = False
    budget: int = BUDGET
    _known: dict[tuple[str, int], dict[int, str]] = field(default_factory=dict)

    def take(self, position: int, token: str | None) -> bool:
        """Whether that token, or any for None, stands at a position."""
        self.budget -= 1
        if self.budget < 0:
            raise TooMuchError
        if position == len(self.tokens):
            self.hungry = True
            return False
        if token is None:
            return self.tokens[position] not in KEY_WORDS
        return self.tokens[position] == token

    def rule(self, name: str, start: int) -> dict[int, str]:
        """Give where a rule can end that begins there, with its value; one that begins with itself fails."""
        if (name, start) not in self._known:
            self._known[name, start] = {}
            front = self.rules[name].content.step(self, {start: State()})
            self._known[name, start] = {end: self._value(state, start, end) for end, state in front.items()}
        return self._known[name, start]

    def _value(self, state: State, start: int, end: int) -> str:
        if state.out is not None:
            return state.out
        return state.rules[-1][1] if state.rules else " ".join(self.tokens[start:end])


@dataclass(frozen=True)
class Tokens:
    """Words or keys one after the other, or a reference to a rule."""

    words: tuple[str, ...]
    rule: str = ""

    def step(self, run: Run, front: Front) -> Front:
        """Go on from every position."""
        reached: Front = {}
        for position, state in front.items():
            if self.rule:
                for end, value in run.rule(self.rule, position).items():
                    reached.setdefault(end, State(state.out, (*state.rules, (self.rule, value))))
            elif all(run.take(position + n, word) for n, word in enumerate(self.words)):
                reached.setdefault(position + len(self.words), state)
        return reached


@dataclass(frozen=True)
class Tag:
    """Says what a rule means: statements that set `out`, or else text that is the value itself."""

    text: str

    def step(self, run: Run, front: Front) -> Front:
        """Let every way say so."""
        return {position: self._said(state) for position, state in front.items()}

    def _said(self, state: State) -> State:
        at = 0
        while at < len(self.text):
            found = _STATEMENT.match(self.text, at)
            if found is None:
                return State(self.text, state.rules)
            value = self._operand(found, state)
            state = State((state.out or "") + value if found["add"] else value, state.rules)
            at = found.end()
        return state

    def _operand(self, found: re.Match[str], state: State) -> str:
        if found["latest"]:
            return state.rules[-1][1] if state.rules else ""
        if found["rule"]:
            return next((value for name, value in reversed(state.rules) if name == found["rule"]), "")
        return found["double"] or found["single"] or found["number"] or ""


@dataclass(frozen=True)
class Sequence:
    parts: "tuple[Expansion, ...]"

    def step(self, run: Run, front: Front) -> Front:
        """Go through the parts in their order."""
        for part in self.parts:
            front = part.step(run, front)
        return front


@dataclass(frozen=True)
class Alternatives:
    """Any one of the items. Of many, those that begin with plain words are looked up by them."""

    items: "tuple[Expansion, ...]"

    def step(self, run: Run, front: Front) -> Front:
        """Take every item; of two that end alike the first counts."""
        if len(self.items) <= MANY:
            return _tried(self.items, run, front)
        reached: Front = {}
        for position, state in front.items():
            rest = tuple(run.tokens[position:])
            run.hungry = run.hungry or self._index.goes_on(rest)
            fitting = (self.items[place] for place in self._index.fitting(rest))
            reached = _tried(fitting, run, {position: state}) | reached
        return reached

    @cached_property
    def _index(self) -> Index:
        return Index(map(_first_words, self.items))


def _tried(items: "Iterable[Expansion]", run: Run, front: Front) -> Front:
    reached: Front = {}
    for item in items:
        reached = item.step(run, front) | reached
    return reached


def _first_words(item: "Expansion") -> tuple[str, ...]:
    first = item.parts[0] if isinstance(item, Sequence) and item.parts else None
    return first.words if isinstance(first, Tokens) else ()


@dataclass(frozen=True)
class Repeat:
    """`most` is None for any number of times."""

    content: Sequence
    least: int
    most: int | None

    def step(self, run: Run, front: Front) -> Front:
        """Repeat until nothing new is reached."""
        reached = dict(front) if self.least == 0 else {}
        times = 0
        while front and (self.most is None or times < self.most):
            times += 1
            before, front = front, self.content.step(run, front)
            if times >= self.least:
                front = {end: state for end, state in front.items() if end not in reached}
                reached |= front
            elif front.keys() == before.keys():
                times = self.least - 1
        return reached


@dataclass(frozen=True)
class Garbage:
    def step(self, run: Run, front: Front) -> Front:
        """Pass over any number of words."""
        reached = dict(front)
        for start, state in front.items():
            position = start
            while run.take(position, None):
                position += 1
                reached.setdefault(position, state)
        return reached


@dataclass(frozen=True)
class Never:
    def step(self, run: Run, front: Front) -> Front:
        """Lead nowhere."""
        return {}


Expansion: TypeAlias = Tokens | Tag | Sequence | Alternatives | Repeat | Garbage | Never


@dataclass(frozen=True)
class Rule:
    content: Sequence
    public: bool = False
