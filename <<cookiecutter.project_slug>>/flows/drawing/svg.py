"""The picture of a flow as SVG: shapes with classes, for the style sheet of a page or of its own."""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from flows.drawing.layout import Layout, Point, lay_out
from flows.drawing.picture import Box, Line, Picture, picture
from flows.flow import Flow
from flows.graph import describe

_LETTER = 8.2
_SMALL_LETTER = 6.2
_LINE = 18.0
_PADDING = 14.0
_LOOP = 26.0
_MARGIN = 10.0

_STYLE = """
.flow { color-scheme: light dark; font: 13px system-ui, sans-serif; background: light-dark(#fff, #12171a); }
.flow .box rect { fill: light-dark(#fff, #1a2125); stroke: light-dark(#57646c, #9dabb3); stroke-width: 1.25; }
.flow .box.first rect { stroke-width: 2.5; }
.flow .box.flow rect { stroke-dasharray: 5 3; }
.flow .name { font-weight: 600; fill: light-dark(#1a2226, #e7ebed); text-anchor: middle; }
.flow .note, .flow .label { font-size: 11px; fill: light-dark(#57646c, #9dabb3); text-anchor: middle; }
.flow .label { stroke: light-dark(#fff, #12171a); stroke-width: 4; paint-order: stroke; }
.flow .line { fill: none; stroke: light-dark(#57646c, #9dabb3); stroke-width: 1.25; }
.flow .line.undecided { stroke-dasharray: 4 3; }
.flow marker path { fill: light-dark(#57646c, #9dabb3); }
"""


_drawn: dict[type[Flow], str] = {}


def drawn(flow: type[Flow]) -> str:
    """The picture for a page, whose style sheet has rules for `svg.flow`; drawn once for each class."""
    if flow not in _drawn:
        _drawn[flow] = _svg(flow, "")
    return _drawn[flow]


def standalone(flow: type[Flow]) -> str:
    """The picture as a file, with a style sheet in it."""
    return _svg(flow, f"<style>{_STYLE}</style>")


def _svg(flow: type[Flow], style: str) -> str:
    shown = picture(describe(flow).graph)
    loops = {line.source for line in shown.lines if line.source == line.target}
    sizes = {box.name: _size(box, box.name in loops) for box in shown.boxes}
    labels = {(line.source, line.target): len(line.label) * _SMALL_LETTER for line in shown.lines}
    layout = lay_out(sizes, labels)
    width, height = (round(side + 2 * _MARGIN) for side in (layout.width, layout.height))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="flow" width="{width}" height="{height}" '
        f'viewBox="{-_MARGIN:g} {-_MARGIN:g} {width} {height}" role="img" '
        'aria-labelledby="flow-title flow-words">',
        f'<title id="flow-title">The flow {escape(flow.name)}</title>',
        f'<desc id="flow-words">{escape(_words(shown))}</desc>',
        style,
        '<defs><marker id="flow-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto-start-reverse"><path d="M0 0L8 4L0 8z"/></marker></defs>',
        *_drawn_lines(shown, layout, sizes),
        *(_drawn_box(box, layout.boxes[box.name], sizes[box.name], box.name in loops) for box in shown.boxes),
        "</svg>",
    ]
    return "\n".join(filter(None, parts)) + "\n"


def _words(shown: Picture) -> str:
    return (
        f"{len(shown.boxes)} boxes and {len(shown.lines)} lines; the table of edges says the same in words."
    )


def _size(box: Box, loops: bool) -> tuple[float, float]:
    letters = max(*map(len, box.lines), len(box.note) * 0.85)
    return letters * _LETTER + 2 * _PADDING + (2 * _LOOP if loops else 0), (
        len(box.lines) + 1
    ) * _LINE + _PADDING


def _drawn_box(box: Box, middle: Point, size: tuple[float, float], loops: bool) -> str:
    across, down = middle
    width, height = size[0] - (2 * _LOOP if loops else 0), size[1]
    first = " first" if box.name == "start" else ""
    tip = f"<title>{escape(box.words)}</title>" if box.words else ""
    top = down - height / 2 + _PADDING / 2
    names = "".join(
        f'<text class="name" x="{across:.0f}" y="{top + _LINE * (index + 0.75):.0f}">{escape(line)}</text>'
        for index, line in enumerate(box.lines)
    )
    below = top + _LINE * (len(box.lines) + 0.7)
    corner = f'x="{across - width / 2:.0f}" y="{down - height / 2:.0f}"'
    return (
        f'<g class="box {box.kind}{first}">{tip}'
        f'<rect {corner} width="{width:.0f}" height="{height:.0f}" rx="8"/>'
        f'{names}<text class="note" x="{across:.0f}" y="{below:.0f}">{escape(box.note)}</text></g>'
    )


def _drawn_lines(shown: Picture, layout: Layout, sizes: Mapping[str, tuple[float, float]]) -> list[str]:
    paths, labels = [], []
    for line in shown.lines:
        path, middle = _path(line, shown, layout, sizes)
        kind = "line" if line.decided else "line undecided"
        paths.append(f'<path class="{kind}" d="{path}" marker-end="url(#flow-arrow)"/>')
        if line.label:
            place = f'x="{middle[0]:.0f}" y="{middle[1] + 4:.0f}"'
            labels.append(f'<text class="label" {place}>{escape(line.label)}</text>')
    return [*paths, *labels]


def _path(
    line: Line, shown: Picture, layout: Layout, sizes: Mapping[str, tuple[float, float]]
) -> tuple[str, Point]:
    """The path of a line, and where its label goes."""
    if line.source == line.target:
        return _loop(layout.boxes[line.source], sizes[line.source])
    turned = (line.source, line.target) in layout.turned
    side = -1 if turned else 1
    bends = layout.bends[line.source, line.target]
    begin = (_port(line, shown, layout, sizes, leaving=True), _edge(line.source, layout, sizes, side))
    end = (_port(line, shown, layout, sizes, leaving=False), _edge(line.target, layout, sizes, -side))
    stops = [begin]
    for across, down, height in bends:
        stops += [(across, down - side * height / 2), (across, down + side * height / 2)]
    stops.append(end)
    path = f"M{begin[0]:.0f} {begin[1]:.0f}"
    for index in range(0, len(stops) - 1, 2):
        (left, top), (right, bottom) = stops[index : index + 2]
        half = (top + bottom) / 2
        path += f"C{left:.0f} {half:.0f} {right:.0f} {half:.0f} {right:.0f} {bottom:.0f}"
        if index + 2 < len(stops):
            path += f"L{stops[index + 2][0]:.0f} {stops[index + 2][1]:.0f}"
    if bends:
        return path, bends[0][:2]
    return path, ((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2)


def _loop(middle: Point, size: tuple[float, float]) -> tuple[str, Point]:
    right = middle[0] + size[0] / 2 - _LOOP
    top, bottom = middle[1] - size[1] / 5, middle[1] + size[1] / 5
    out = right + _LOOP
    return (
        f"M{right:.0f} {top:.0f}C{out:.0f} {top - 8:.0f} {out:.0f} {bottom + 8:.0f} {right:.0f} {bottom:.0f}",
        (out, middle[1] - size[1] / 2 - 6),
    )


def _edge(name: str, layout: Layout, sizes: Mapping[str, tuple[float, float]], side: int) -> float:
    """The height of the lower (1) or upper (-1) edge of a box."""
    return layout.boxes[name][1] + side * sizes[name][1] / 2


def _port(
    line: Line, shown: Picture, layout: Layout, sizes: Mapping[str, tuple[float, float]], *, leaving: bool
) -> float:
    """Where on the edge of its box a line begins or ends: those of one side are spread over it."""
    name = line.source if leaving else line.target
    side = _side(line, layout, leaving)
    beside = [
        (_next(other, layout, leaving=other.source == name), other.source, other.target)
        for other in shown.lines
        if other.source != other.target
        and name in (other.source, other.target)
        and _side(other, layout, other.source == name) == side
    ]
    place = sorted(beside).index((_next(line, layout, leaving=leaving), line.source, line.target))
    room = min(sizes[name][0] * 0.6, 44.0 * (len(beside) - 1))
    step = room / (len(beside) - 1) if len(beside) > 1 else 0.0
    return layout.boxes[name][0] - room / 2 + place * step


def _side(line: Line, layout: Layout, leaving: bool) -> int:
    """1 below the box, -1 above it."""
    return 1 if leaving != ((line.source, line.target) in layout.turned) else -1


def _next(line: Line, layout: Layout, *, leaving: bool) -> float:
    """How far to the right the next bend or box of a line is, seen from its beginning or its end."""
    bends = layout.bends[line.source, line.target]
    if bends:
        return bends[0 if leaving else -1][0]
    return layout.boxes[line.target if leaving else line.source][0]
