"""Where the boxes and lines of a graph go: in layers from the top, after Sugiyama, Tagawa and Toda (1981).

Lines that lead back are turned round, every box stands below all that lead to it, lines over several
layers get a bend in each, and boxes are moved beside each other until few lines cross.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flows.drawing.spreading import spread

Point = tuple[float, float]
Size = tuple[float, float]
Way = tuple[str, str]
Node = str | int
"""A box by its name, or a bend by its number."""

GAP = 28.0
LAYER_GAP = 60.0
_BEND_WIDTH = 14.0
_SWEEPS = 12
_STRAIGHT = 6
"""How much stronger bends pull at each other than boxes do: long lines shall be straight."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Places in pixels: the middle of each box, and the bends of each line with the height of their layer."""

    width: float
    height: float
    boxes: Mapping[str, Point]
    bends: Mapping[Way, Sequence[tuple[float, float, float]]]
    turned: frozenset[Way]


def lay_out(sizes: Mapping[str, Size], ways: Mapping[Way, float]) -> Layout:
    """The layout of boxes, the first of them at the top, and of the lines between different boxes.

    `ways` has for each line the width of its label, 0 for none; the label stands at the first bend.
    """
    lines = [way for way in ways if way[0] != way[1]]
    turned = _turned(list(sizes), lines)
    down = [(way[1], way[0]) if way in turned else way for way in lines]
    ranks = _ranks(list(sizes), down)
    layers: list[list[Node]] = [[] for _ in range(max(ranks.values()) + 1)]
    for name, rank in ranks.items():
        layers[rank].append(name)
    chains = _chains(down, ranks, layers)
    above, below = _neighbours(chains)
    layers = _ordered(layers, above, below)
    widths: dict[Node, float] = {name: size[0] for name, size in sizes.items()}
    for way, chain in zip(lines, chains, strict=True):
        bends = chain[-2:0:-1] if way in turned else chain[1:-1]
        widths |= dict.fromkeys(bends, _BEND_WIDTH)
        widths |= dict.fromkeys(bends[:1], max(ways[way], _BEND_WIDTH))
    across = _across(layers, above, below, widths)
    return _placed(layers, across, sizes, widths, dict(zip(lines, chains, strict=True)), turned)


def _turned(names: list[str], lines: list[Way]) -> frozenset[Way]:
    """The lines that lead back to a box on the way to their own: without them there is no cycle."""
    ways: dict[str, list[str]] = {name: [] for name in names}
    for source, target in lines:
        ways[source].append(target)
    found, done = set[Way](), set[str]()
    for name in names:
        path = {} if name in done else {name: iter(ways[name])}
        while path:
            here = next(reversed(path))
            for target in path[here]:
                if target in path:
                    found.add((here, target))
                elif target not in done:
                    path[target] = iter(ways[target])
                    break
            else:
                done.add(here)
                del path[here]
    return frozenset(found)


def _ranks(names: list[str], lines: list[Way]) -> dict[str, int]:
    """The layer of each box: one more than the lowest of those that lead to it."""
    ranks = dict.fromkeys(names, 0)
    missing = dict.fromkeys(names, 0)
    for _, target in lines:
        missing[target] += 1
    ready = [name for name in names if not missing[name]]
    while ready:
        name = ready.pop()
        for target in (target for source, target in lines if source == name):
            ranks[target] = max(ranks[target], ranks[name] + 1)
            missing[target] -= 1
            if not missing[target]:
                ready.append(target)
    return ranks


def _chains(lines: list[Way], ranks: Mapping[str, int], layers: list[list[Node]]) -> list[list[Node]]:
    """Each line from box to box, with a bend in every layer between them; the bends join the layers."""
    number = 0
    chains: list[list[Node]] = []
    for source, target in lines:
        chain: list[Node] = [source]
        for rank in range(ranks[source] + 1, ranks[target]):
            chain.append(number)
            layers[rank].append(number)
            number += 1
        chains.append([*chain, target])
    return chains


def _neighbours(chains: list[list[Node]]) -> tuple[dict[Node, list[Node]], dict[Node, list[Node]]]:
    above: dict[Node, list[Node]] = {}
    below: dict[Node, list[Node]] = {}
    for chain in chains:
        for upper, lower in pairwise(chain):
            below.setdefault(upper, []).append(lower)
            above.setdefault(lower, []).append(upper)
    return above, below


def _ordered(
    layers: list[list[Node]], above: Mapping[Node, list[Node]], below: Mapping[Node, list[Node]]
) -> list[list[Node]]:
    """Each layer in the order of the middles of its neighbours, swept down and up; the best order stays."""
    best, fewest = layers, _crossings(layers, below)
    for sweep in range(_SWEEPS):
        around, order = (above, layers) if sweep % 2 == 0 else (below, layers[::-1])
        places: dict[Node, float] = {}
        swept = []
        for layer in order:
            known = {node: index for index, node in enumerate(layer)}
            layer = sorted(layer, key=lambda node: _middle(node, around, places, known[node]))
            places |= {node: index for index, node in enumerate(layer)}
            swept.append(layer)
        layers = swept if sweep % 2 == 0 else swept[::-1]
        if (crossings := _crossings(layers, below)) < fewest:
            best, fewest = layers, crossings
    return best


def _middle(
    node: Node, around: Mapping[Node, list[Node]], places: Mapping[Node, float], otherwise: float
) -> float:
    known = [places[one] for one in around.get(node, ()) if one in places]
    return sum(known) / len(known) if known else otherwise


def _crossings(layers: list[list[Node]], below: Mapping[Node, list[Node]]) -> int:
    count = 0
    for upper, lower in pairwise(layers):
        places = {node: index for index, node in enumerate(lower)}
        ends = [place for node in upper for place in sorted(places[one] for one in below.get(node, ()))]
        count += sum(later < earlier for index, earlier in enumerate(ends) for later in ends[index + 1 :])
    return count


def _across(
    layers: list[list[Node]],
    above: Mapping[Node, list[Node]],
    below: Mapping[Node, list[Node]],
    widths: Mapping[Node, float],
) -> dict[Node, float]:
    """How far to the right the middle of each box and bend is: as near to its neighbours as there is room."""
    weights = {node: 1.0 if isinstance(node, str) else float(_STRAIGHT) for node in widths}
    both = {node: _pulling(node, above.get(node, []) + below.get(node, [])) for node in widths}
    across: dict[Node, float] = {}
    for layer in layers:
        across |= spread(layer, dict.fromkeys(layer, 0.0), widths, weights, GAP)
    for sweep in range(2 * _SWEEPS):
        around, order = (above, layers) if sweep % 2 == 0 else (below, layers[::-1])
        for layer in order:
            near = around if sweep < _SWEEPS else both
            wanted = {node: _middle(node, near, across, across[node]) for node in layer}
            across |= spread(layer, wanted, widths, weights, GAP)
    left = min(across[node] - widths[node] / 2 for node in across)
    return {node: place - left for node, place in across.items()}


def _pulling(node: Node, around: list[Node]) -> list[Node]:
    """The neighbours of a node, and of a bend its neighbouring bends several times."""
    bends = [] if isinstance(node, str) else [one for one in around if not isinstance(one, str)]
    return around + bends * (_STRAIGHT - 1)


def _placed(
    layers: list[list[Node]],
    across: Mapping[Node, float],
    sizes: Mapping[str, Size],
    widths: Mapping[Node, float],
    chains: Mapping[Way, list[Node]],
    turned: frozenset[Way],
) -> Layout:
    top = 0.0
    middles: dict[Node, tuple[float, float]] = {}
    for layer in layers:
        height = max((sizes[node][1] for node in layer if isinstance(node, str)), default=0.0)
        middles |= dict.fromkeys(layer, (top + height / 2, height))
        top += height + LAYER_GAP
    bends = {
        way: [(across[node], *middles[node]) for node in chain[1:-1]][:: -1 if way in turned else 1]
        for way, chain in chains.items()
    }
    return Layout(
        width=max(across[node] + widths[node] / 2 for node in across),
        height=top - LAYER_GAP,
        boxes={name: (across[name], middles[name][0]) for name in sizes},
        bends=bends,
        turned=turned,
    )
