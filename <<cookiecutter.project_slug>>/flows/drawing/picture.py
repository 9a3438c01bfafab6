"""What a picture of a flow shows: a box for each step and each other flow, a line for each way on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.graph import Edge, Kind

_LONGEST_LINE = 18


@dataclass(frozen=True, slots=True)
class Box:
    """A step, or another flow. `note` says what it is, `words` what is said there."""

    name: str
    lines: Sequence[str]
    kind: str
    note: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A way on. `label` says when it is taken, if the method does not decide that alone."""

    source: str
    target: str
    label: str
    decided: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """The boxes, where it begins first, and the lines between them."""

    boxes: Sequence[Box]
    lines: Sequence[Line]


def picture(graph: Mapping[str, Any]) -> Picture:
    """What to draw of a graph, as a `Description` has it and as it is stored."""
    edges = [
        Edge(name, to, Kind(kind), via) for name, node in graph.items() for to, kind, via in node["edges"]
    ]
    names = sorted(graph, key=lambda name: name != "start")
    others = dict.fromkeys(_box_of(edge) for edge in edges if edge.leaves)
    steps = [_step(name, graph[name], edges) for name in names]
    flows = [Box(name, wrapped(name[1:]), "flow", "flow") for name in others]
    return Picture([*steps, *flows], _lines(edges))


def wrapped(name: str) -> list[str]:
    """A name in lines that are not too long, broken behind its underscores where it has some."""
    lines = [""]
    for word in name.replace("_", "_ ").split(" "):
        if lines[-1] and len(lines[-1]) + len(word) > _LONGEST_LINE:
            lines.append("")
        lines[-1] += word
    return [
        line[start : start + _LONGEST_LINE] for line in lines for start in range(0, len(line), _LONGEST_LINE)
    ]


def _step(name: str, node: Mapping[str, Any], edges: Sequence[Edge]) -> Box:
    ends = any(edge.source == name and not edge.target and edge.kind is Kind.HANDLER for edge in edges)
    kind = node["kind"].replace("_", " ")
    note = f"{kind}, can end" if ends and kind not in ("hang up", "reject") else kind
    words = node["prompts"].get("prompt") or ""
    return Box(name, wrapped(name), node["kind"].replace("_", "-"), note, words)


def _lines(edges: Sequence[Edge]) -> list[Line]:
    """One line for each two boxes. The end is no box: a step says of itself that it can end."""
    ways: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        if edge.target:
            ways.setdefault((edge.source, _box_of(edge)), []).append(edge)
    return [_line(*way, known) for way, known in ways.items()]


def _line(source: str, target: str, edges: Sequence[Edge]) -> Line:
    kinds = {edge.kind for edge in edges}
    declared = next((kind.value for kind in (Kind.OTHERWISE, Kind.PERSON) if kind in kinds), "")
    decided = bool(kinds - {Kind.OTHERWISE, Kind.PERSON})
    passed = [f"after {edge.via}" for edge in edges if edge.via]
    words = [*passed, f"or {declared}" if declared and decided else declared]
    return Line(source, target, ", ".join(filter(None, words)), decided)


def _box_of(edge: Edge) -> str:
    """The name of the box that an edge leads to; with a mark that of another flow: a step may have it too."""
    return f"@{edge.target}" if edge.leaves else edge.target
