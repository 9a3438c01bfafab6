"""A flow as the rules see it: its code as it was read, and the flows that a conversation may pass between."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise

from flows.findings.finding import place_of
from flows.findings.usage import Usage, instance_attributes, usage
from flows.flow import Flow, registry
from flows.graph import edges
from flows.graph.parts import handler, owner_of, roots
from flows.graph.reading import Reading, read
from flows.prompts import message_id
from flows.steps import Step


@dataclass(frozen=True, slots=True)
class Words:
    """A text that a caller may hear: which prompt of what it is, where it is written, and what fills it."""

    text: str
    option: str
    owner: str
    file: str
    line: int
    places: tuple[str, ...] = ()


class Study:
    """One flow, read once for all the rules."""

    def __init__(self, flow: type[Flow]) -> None:
        self.flow = flow

    @cached_property
    def readings(self) -> list[Reading]:
        return read(self.flow, list(roots(self.flow)))

    @cached_property
    def usages(self) -> list[tuple[Reading, Usage]]:
        return [(reading, usage(reading)) for reading in self.readings]

    @cached_property
    def attributes(self) -> set[str]:
        return instance_attributes(self.flow)

    def usages_of(self, step: Step) -> list[Usage]:
        """What the method of a step does, and what it calls."""
        return [usage(reading) for reading in read(self.flow, handler(self.flow, step))]

    def words(self) -> Iterator[Words]:
        """Every text that the source says a caller may hear."""
        for step in self.flow.steps.values():
            for option, prompt in step.prompts().items():
                yield from self._of(prompt, option, f"{self.flow.__name__}.{step.name}", *step.place())
        for name in vars(Flow):
            base = owner_of(self.flow, name)
            if base not in (None, Flow) and not name.startswith("__"):
                yield from self._of(getattr(self.flow, name), name, self.flow.__name__, *place_of(self.flow))
        for reading, found in self.usages:
            function = reading.part.function
            file = function.__code__.co_filename
            for said in found.spoken:
                yield Words(said.text, "say", function.__qualname__, file, said.line, said.places)

    def _of(self, prompt: Any, option: str, owner: str, file: str, line: int) -> Iterator[Words]:
        prompt = getattr(prompt, "text", prompt)
        if isinstance(prompt, str | Promise):
            yield Words(message_id(prompt) or "", option, owner, file, line)


def related(flow: type[Flow]) -> set[type[Flow]]:
    """The flows that may be part of one conversation with this one: answers and data go along."""
    ways = [
        (known, registry.get(edge.target)) for known in {*registry.values(), flow} for edge in edges(known)
    ]
    pairs = [(one, other) for one, other in ways if other is not None and one is not other]
    found, waiting = {flow}, [flow]
    while waiting:
        here = waiting.pop()
        beside = {other for pair in pairs if here in pair for other in pair} - found
        found |= beside
        waiting += beside
    return found
