"""What the pages show of flows as they are written now. Nothing here reads a table."""

import inspect
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from flows.drawing import drawn
from flows.flow import Flow, registry
from flows.graph import Edge, Kind, describe, edges


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A flow in a list. `version` is the beginning of its hash."""

    name: str
    purpose: str
    version: str
    steps: int


@dataclass(frozen=True, slots=True)
class Follower:
    """What can follow a step: another step, another flow when `leaves`, or the end when it has no name."""

    name: str
    leaves: bool
    when: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step: its kind, what it says, and the ways on from it."""

    name: str
    kind: str
    prompt: str
    follows: Sequence[Follower]


@dataclass(frozen=True, slots=True)
class FlowPage:
    """One flow: what it is for, its picture, and the same in words."""

    row: FlowRow
    about: str
    picture: SafeString
    steps: Sequence[StepRow]


def flow_rows() -> list[FlowRow]:
    """All flows, by their names."""
    return [_row(flow) for _, flow in sorted(registry.items())]


def flow_page(name: str) -> FlowPage | None:
    """The flow of that name, or None."""
    flow = registry.get(name)
    if flow is None:
        return None
    # Its texts are escaped where they are drawn.
    picture = mark_safe(drawn(flow))
    return FlowPage(_row(flow), inspect.getdoc(flow) or "", picture, _steps(flow))


def _row(flow: type[Flow]) -> FlowRow:
    purpose = (flow.__doc__ or "").strip().partition("\n")[0]
    return FlowRow(flow.name, purpose, describe(flow).version[:8], len(flow.steps))


def _steps(flow: type[Flow]) -> list[StepRow]:
    known = edges(flow)
    return [
        StepRow(
            name=name,
            kind=node["kind"].replace("_", " "),
            prompt=node["prompts"].get("prompt") or "",
            follows=_followers([edge for edge in known if edge.source == name]),
        )
        for name, node in describe(flow).graph.items()
    ]


def _followers(edges: Sequence[Edge]) -> list[Follower]:
    ways: dict[tuple[str, bool], list[str]] = {}
    for edge in edges:
        ways.setdefault((edge.target, edge.leaves), []).append(_when(edge))
    return [Follower(name, leaves, ", ".join(filter(None, when))) for (name, leaves), when in ways.items()]


def _when(edge: Edge) -> str:
    words = {
        Kind.OTHERWISE: "after the last attempt",
        Kind.PERSON: "when a person is asked for",
        Kind.SUB_FLOW: "and back",
        Kind.FLOW: "for good",
    }
    return f"after {edge.via}" if edge.via else words.get(edge.kind, "")
