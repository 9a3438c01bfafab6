"""Finds the few of many alternatives that can match: a grammar file may list a hundred thousand names."""

from collections.abc import Iterable
from functools import cached_property


class Index:
    """The places of alternatives by the words they begin with; () for one that begins with something else."""

    def __init__(self, beginnings: Iterable[tuple[str, ...]]) -> None:
        self._places: dict[tuple[str, ...], list[int]] = {}
        for place, words in enumerate(beginnings):
            self._places.setdefault(words, []).append(place)
        self._lengths = {len(words) for words in self._places}

    def fitting(self, rest: tuple[str, ...]) -> list[int]:
        """The places of those that may match the words that are left, in their order."""
        lengths = (length for length in self._lengths if length <= len(rest))
        return sorted(place for length in lengths for place in self._places.get(rest[:length], ()))

    def goes_on(self, rest: tuple[str, ...]) -> bool:
        """Whether one of them begins with the words that are left, and has more."""
        return len(rest) < max(self._lengths) and rest in self._unfinished

    @cached_property
    def _unfinished(self) -> set[tuple[str, ...]]:
        return {words[:length] for words in self._places for length in range(len(words))}
