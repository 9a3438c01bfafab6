"""Things side by side, each as near to where it should be as the others leave it room."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


def spread(
    row: Sequence[T],
    wanted: Mapping[T, float],
    widths: Mapping[T, float],
    weights: Mapping[T, float],
    gap: float,
) -> dict[T, float]:
    """The middles of things in a row that keep their order and do not overlap.

    The weighted squares of the distances from what is wanted are the least there can be: neighbours that
    want the same place become one block, which stands at the mean of what its parts want.
    """
    offsets: list[float] = []
    for index, thing in enumerate(row):
        before = row[index - 1] if index else thing
        step = (widths[before] + widths[thing]) / 2 + gap if index else 0.0
        offsets.append((offsets[-1] if offsets else 0.0) + step)
    blocks: list[tuple[float, float, int]] = []
    for thing, offset in zip(row, offsets, strict=True):
        weight, count = weights[thing], 1
        total = (wanted[thing] - offset) * weight
        while blocks and blocks[-1][0] / blocks[-1][1] > total / weight:
            earlier = blocks.pop()
            total, weight, count = total + earlier[0], weight + earlier[1], count + earlier[2]
        blocks.append((total, weight, count))
    bases = [total / weight for total, weight, count in blocks for _ in range(count)]
    return {thing: base + offset for thing, base, offset in zip(row, bases, offsets, strict=True)}
