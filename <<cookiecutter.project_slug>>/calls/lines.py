"""What a line needs to know of the flows: their names. The flows are another room's, so it tells us."""

from collections.abc import Callable, Iterable

_names: Callable[[], Iterable[str]] = tuple


def offer_flows(names: Callable[[], Iterable[str]]) -> None:
    """Says where the names of the flows come from. They are asked for each time."""
    global _names
    _names = names


def flow_names() -> list[str]:
    """The names of the flows that can answer a line."""
    return sorted(_names())
