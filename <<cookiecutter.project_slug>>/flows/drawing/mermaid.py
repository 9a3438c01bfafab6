"""The picture of a flow as Mermaid text (https://mermaid.js.org/syntax/flowchart.html)."""

from flows.drawing.picture import Box, Line, picture
from flows.flow import Flow
from flows.graph import describe


def mermaid(flow: type[Flow]) -> str:
    """The flowchart. Steps are `s1`, `s2` and so on: some names, such as end, mean something to Mermaid."""
    shown = picture(describe(flow).graph)
    names = {box.name: f"s{number}" for number, box in enumerate(shown.boxes, 1)}
    boxes = [f"    {names[box.name]}{_shape(box)}" for box in shown.boxes]
    lines = [f"    {names[line.source]} {_arrow(line)} {names[line.target]}" for line in shown.lines]
    return "\n".join(["flowchart TD", *boxes, *lines]) + "\n"


def _shape(box: Box) -> str:
    text = f'"{"".join(box.lines)}<br/>{box.note}"'
    return f"[[{text}]]" if box.kind == "flow" else f"({text})" if box.name == "start" else f"[{text}]"


def _arrow(line: Line) -> str:
    arrow = "-->" if line.decided else "-.->"
    return f'{arrow}|"{line.label}"|' if line.label else arrow
