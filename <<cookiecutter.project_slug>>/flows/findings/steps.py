"""What can be wrong with the steps of one flow and what follows them."""

import difflib
from collections.abc import Iterator

from flows.findings.finding import Finding, at_step, place_of
from flows.findings.study import Study
from flows.flow import Flow
from flows.graph import Kind, edges, reachable
from flows.graph.edges import ENDING_KINDS
from flows.steps import Ask, Step

_SECRET_WORDS = frozenset(("card", "cvv", "cvc", "pin", "iban", "ssn", "password", "secret"))
_CLOSING_KINDS = (*ENDING_KINDS, "say", "conference")
_SPEAKING = frozenset(("say", "again", "milestone"))


def unknown_names(study: Study) -> Iterator[Finding]:
    """What is named as `self.x` and is neither a step nor anything else of the flow."""
    if hasattr(study.flow, "__getattr__"):
        return
    for reading in study.readings:
        function = reading.part.function
        for name, line in dict(reading.unknown).items():
            if name not in study.attributes:
                near = difflib.get_close_matches(name, [*study.flow.steps, *study.attributes], n=1)
                yield Finding(
                    id="flows.E003",
                    message=f"{function.__qualname__} names self.{name}, "
                    f"and {study.flow.__name__} has no such step or attribute.",
                    hint=f"Did you mean self.{near[0]}?"
                    if near
                    else f"Its steps are: {_listed(study.flow)}.",
                    file=function.__code__.co_filename,
                    line=line,
                )


def dead_ends(study: Study) -> Iterator[Finding]:
    """Steps after which nothing follows, nothing is said and nothing is noted."""
    for step in study.flow.steps.values():
        if step.kind in _CLOSING_KINDS or not _only_ends(study.flow, step):
            continue
        used = study.usages_of(step)
        if not any(one.called & _SPEAKING or "outcome" in one.assigned for one in used):
            yield at_step(
                study.flow,
                step,
                Finding(
                    id="flows.W003",
                    message="is a dead end: nothing follows, nothing is said, and there is no outcome.",
                    hint="Return the step that follows, or set self.outcome before the end.",
                ),
            )


def unreachable(study: Study) -> Iterator[Finding]:
    """Steps that no conversation comes to."""
    if "start" in study.flow.steps:
        for name in study.flow.steps.keys() - reachable(study.flow):
            yield at_step(
                study.flow,
                study.flow.steps[name],
                Finding(
                    id="flows.W004",
                    message="follows no step: nobody gets there.",
                    hint="Return it from a method, name it in otherwise, or take it out.",
                ),
            )


def keyless_options(study: Study) -> Iterator[Finding]:
    """Options that a caller in a noisy street cannot choose."""
    for step in study.flow.steps.values():
        for name in getattr(getattr(step, "grammar", None), "keyless", ()):
            yield at_step(
                study.flow,
                step,
                Finding(
                    id="flows.W005",
                    message=f"has no key for the option {name!r}: who is not understood cannot choose it.",
                    hint=f'Give it a key: {name}=("1", ...).',
                ),
            )


def open_secrets(study: Study) -> Iterator[Finding]:
    """Questions whose name says that the answer must not be kept."""
    for step in study.flow.steps.values():
        words = _SECRET_WORDS & set(step.name.lower().split("_"))
        if isinstance(step, Ask) and words and not getattr(step, "sensitive", False):
            yield at_step(
                study.flow,
                step,
                Finding(
                    id="flows.E005",
                    message=f"asks for something secret by its name ({min(words)}), and its answer is kept.",
                    hint="Declare it with sensitive=True, or rename the step.",
                ),
            )


def no_beginning(flow: type[Flow]) -> Iterator[Finding]:
    """A flow that nobody can call and no other flow builds on."""
    if flow.steps and "start" not in flow.steps and not flow.__subclasses__():
        file, line = place_of(flow)
        yield Finding(
            id="flows.W006",
            message=f"{flow.__name__} has no step named start, and no flow inherits from it.",
            hint="Name its first step start.",
            file=file,
            line=line,
        )


def _only_ends(flow: type[Flow], step: Step) -> bool:
    """Whether the method of the step can end the flow and do nothing else."""
    ways = [edge for edge in edges(flow) if edge.source == step.name and edge.kind not in _DECLARED]
    return bool(ways) and all(not edge.target for edge in ways)


_DECLARED = (Kind.OTHERWISE, Kind.PERSON)


def _listed(flow: type[Flow]) -> str:
    return ", ".join(flow.steps)
