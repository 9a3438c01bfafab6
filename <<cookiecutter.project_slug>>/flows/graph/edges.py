"""The edges of a flow: which step, or which other flow, can follow a step, and why."""

import ast
from dataclasses import dataclass
from enum import StrEnum

from flows.flow import Flow
from flows.graph.endings import may_end
from flows.graph.parts import Part, handler
from flows.graph.reading import Reading, read
from flows.steps import Ask, Step

ENDING_KINDS = ("hang_up", "reject")
"""Kinds of steps after which nothing follows, whatever their method returns."""


class Kind(StrEnum):
    """Why a step follows: its method says so, the attempts are used up, the caller asks for a person,
    the step is named by a flow. `FLOW` and `SUB_FLOW` go to another flow, which ends or comes back."""

    HANDLER = "handler"
    OTHERWISE = "otherwise"
    PERSON = "person"
    SUB_FLOW = "sub-flow"
    FLOW = "flow"


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """One way on from a step.

    `target` is a step of the same flow, the name of a flow where `kind` is `FLOW` or `SUB_FLOW`, or empty:
    the end. `via` is the sub-flow that is passed on the way.
    """

    source: str
    target: str
    kind: Kind = Kind.HANDLER
    via: str = ""

    @property
    def leaves(self) -> bool:
        """Whether the target is another flow."""
        return self.kind in (Kind.FLOW, Kind.SUB_FLOW)


def edges_of(flow: type[Flow], step: Step) -> list[Edge]:
    """The ways on from a step: those that its method names, then those that are declared."""
    return list(dict.fromkeys([*_by_method(flow, step), *_declared(flow, step)]))


def _by_method(flow: type[Flow], step: Step) -> list[Edge]:
    if step.kind in ENDING_KINDS:
        return [Edge(step.name, "")]
    roots = handler(flow, step)
    readings = read(flow, roots)
    found = []
    for reading in readings:
        found += [Edge(step.name, to, via=via.name if via else "") for to, via in reading.steps]
        found += [Edge(step.name, other.name, Kind.FLOW) for other in reading.flows]
        found += [Edge(step.name, other.name, Kind.SUB_FLOW) for other in reading.sub_flows]
    return [*found, Edge(step.name, "")] if _Endings(readings).of(roots[-1]) else found


def _declared(flow: type[Flow], step: Step) -> list[Edge]:
    found = [Edge(step.name, name, Kind.OTHERWISE) for name in step.followers()]
    if not isinstance(step, Ask):
        return found
    person: str = getattr(flow, "person", "")
    if not found:
        found.append(Edge(step.name, person, Kind.OTHERWISE))
    commands = getattr(step, "commands", None)
    allowed = getattr(flow, "commands", ()) if commands is None else commands
    if person and "person" in allowed and person != step.name:
        found.append(Edge(step.name, person, Kind.PERSON))
    return found


class _Endings:
    """Which of the functions that a method reaches can give None."""

    def __init__(self, readings: list[Reading]) -> None:
        self.readings = {reading.part: reading for reading in readings}
        self.asked: set[Part] = set()

    def of(self, part: Part) -> bool:
        reading = self.readings.get(part)
        if reading is None or part in self.asked:
            return False
        self.asked.add(part)
        if reading.code.tree is None:
            return True
        return may_end(reading.code.tree, lambda call: self.call(reading, call))

    def call(self, reading: Reading, call: ast.Call) -> bool:
        """A call that is returned: of a helper, or `self.call(Other)` with nothing after it."""
        if call in reading.calls:
            return self.of(reading.calls[call])
        function = call.func
        is_sub = isinstance(function, ast.Attribute) and function.attr == "call"
        return is_sub and len(call.args) < 2 and not any(one.arg == "then" for one in call.keywords)
