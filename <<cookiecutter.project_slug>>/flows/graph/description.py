"""A flow as a graph, and its version: what the records and the pages know of a flow as it is written."""

from dataclasses import dataclass
from typing import Any

from flows.flow import Flow
from flows.graph.edges import Edge, Kind, edges_of
from flows.graph.versions import version_of
from flows.steps import Step


@dataclass(frozen=True, slots=True)
class Description:
    """A flow as it is written: its graph, and the hash of it, 64 hexadecimal characters.

    The graph has for each step all that it declares, and its edges: `[target, kind, via]` each.
    """

    graph: dict[str, Any]
    version: str


_described: dict[type[Flow], Description] = {}


def describe(flow: type[Flow]) -> Description:
    """The graph and version of a flow; worked out once for each class."""
    if flow not in _described:
        graph = {name: _node(flow, step) for name, step in flow.steps.items()}
        _described[flow] = Description(graph, version_of(flow, graph))
    return _described[flow]


def edges(flow: type[Flow]) -> list[Edge]:
    """Every edge of a flow, in the order of its steps."""
    return [
        Edge(name, target, Kind(kind), via)
        for name, node in describe(flow).graph.items()
        for target, kind, via in node["edges"]
    ]


def followers(flow: type[Flow], step: Step) -> list[str]:
    """The names of the steps of the flow that can follow a step, in the order of the flow."""
    targets = {edge.target for edge in edges(flow) if edge.source == step.name and not edge.leaves}
    return [name for name in flow.steps if name in targets]


def reachable(flow: type[Flow]) -> set[str]:
    """The names of the steps that a conversation can come to."""
    ways: dict[str, list[str]] = {}
    for edge in edges(flow):
        if not edge.leaves:
            ways.setdefault(edge.source, []).append(edge.target)
    found: set[str] = set()
    waiting = ["start", getattr(flow, "machine", "")]
    while waiting:
        name = waiting.pop()
        if name in flow.steps and name not in found:
            found.add(name)
            waiting += ways.get(name, [])
    return found


def _node(flow: type[Flow], step: Step) -> dict[str, Any]:
    ways = [[edge.target, edge.kind.value, edge.via] for edge in edges_of(flow, step)]
    return {**step.spec(), "edges": ways}
