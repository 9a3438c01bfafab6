"""What a test run has reached of the owner's flows: steps, exits and recovery rungs."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from flows.flow import Flow, registry
from flows.state import State
from flows.steps import Ask, Step
from flows.testing.watch import Move, exits

Fact: TypeAlias = tuple[str, str, str, str]
"""A kind (step, exit or rung), a flow, a step, and the step that follows or the rung."""

Facts: TypeAlias = list[Fact]

KINDS = ("step", "exit", "rung")


class Coverage:
    """The facts that were reached, of all flows."""

    def __init__(self) -> None:
        self.seen = set[Fact]()

    def add(self, facts: Facts) -> None:
        self.seen.update((kind, flow, step, more) for kind, flow, step, more in facts)

    def facts(self) -> Facts:
        return sorted(self.seen)

    def note(self, flow: type[Flow], before: State, moves: Sequence[Move], after: State) -> None:
        """Take in one decision: where the conversation stood, the handlers that ran, where it stands now."""
        for move in moves:
            self.seen.add(("step", move.flow.name, move.step, ""))
            self.seen.add(("exit", move.flow.name, move.step, move.follows))
        now = after.flow or flow.name
        self.seen.add(("step", now, after.step, ""))
        self.seen.add(("rung", now, after.step, str(after.rung)))
        stood = before.flow or flow.name
        handled = any((move.flow.name, move.step) == (stood, before.step) for move in moves)
        stays = not moves and (after.step, after.visit) == (before.step, before.visit)
        if before.step and not handled and not stays:
            self.seen.add(("exit", stood, before.step, moves[0].step if moves else after.step))

    def reached(self, flow: type[Flow]) -> list[tuple[Fact, bool]]:
        """Everything a test can reach in a flow, and whether one did."""
        return [(fact, fact in self.seen) for fact in expected(flow)]


def owners() -> list[type[Flow]]:
    """The flows of the project, without those that tests write."""
    return [flow for _, flow in sorted(registry.items()) if not _is_of_tests(flow.__module__)]


def _is_of_tests(module: str) -> bool:
    parts = module.split(".")
    return any(part in ("tests", "conftest") or part.startswith("test_") for part in parts)


def expected(flow: type[Flow]) -> Iterator[Fact]:
    """What tests should reach: every step, every edge of the graph, every rung a question declares."""
    for name, step in flow.steps.items():
        yield "step", flow.name, name, ""
        for follows in exits(flow, name):
            yield "exit", flow.name, name, follows
        for rung in rungs(step):
            yield "rung", flow.name, name, rung


def rungs(step: Step) -> list[str]:
    """The recovery rungs for which the owner wrote words at this question."""
    if not isinstance(step, Ask):
        return []
    words = {"reworded": step.retry, "keypad": step.keypad, "confirmation": step.confirm}
    return [rung for rung, prompt in words.items() if prompt]
