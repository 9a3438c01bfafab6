"""Names that are nearly what was said or written: by edit distance, by sound, and by how they begin.

Sound is Metaphone, which is made for English. For other languages it is a rough key, and the edit distance
does most of the work.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

from jellyfish import metaphone
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

_PLAUSIBLE = 0.78
"""The likeness, of 1, below which a name is not offered."""

_MOST_SLIPS = 3
"""The slips, at most, by which a name is looked for; one in four letters in short ones."""

_SHORTEST_SURE = 5
"""Letters that words must have for a slip in them to be taken for one."""

_CLEAR = 3
"""The slips, at least, that any other name must be away."""

_NEIGHBOURS = 100
"""How many names before and after in the alphabet are weighed."""

_OF_ONE_LENGTH = 30
"""How many names of one length are weighed."""

_Lengths = Mapping[int, tuple[list[str], "array[int]"]]
"""The words of each length, and their places in the index: only lengths that can fit are compared."""


class Nearness:
    """An index over names as `names.plain` gives them. Each has a number; two forms may share one."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        numbers = dict(names)
        self._names = sorted(numbers)
        self._numbers = array("l", map(numbers.__getitem__, self._names))
        self._written = _by_length(self._names)
        self._sounding = _by_length([sound(name) for name in self._names])

    def find(self, words: str, most: int) -> list[int]:
        """The numbers of the names nearest to these folded words: the best first."""
        heard = sound(words)
        likeness: dict[int, float] = {}
        for place in self._candidates(words, heard):
            number, like = self._numbers[place], _likeness(words, heard, self._names[place])
            if like >= max(_PLAUSIBLE, likeness.get(number, 0)):
                likeness[number] = like
        return sorted(likeness, key=lambda number: (-likeness[number], number))[:most]

    def certain(self, words: str) -> int | None:
        """The number of the one name that can have been meant: one slip away, and no other near it."""
        if len(words) < _SHORTEST_SURE:
            return None
        near = list(_within(self._written, words, _CLEAR - 1))
        numbers = {self._numbers[place] for place in near}
        slips = min((OSA.distance(words, self._names[place]) for place in near), default=_CLEAR)
        return numbers.pop() if slips <= 1 and len(numbers) == 1 else None

    def beginning(self, words: str, most: int) -> list[int]:
        """The numbers of the names that begin with these folded words: the first in the alphabet."""
        found: dict[int, None] = {}
        for place in range(bisect_left(self._names, words), len(self._names)):
            if len(found) == most or not self._names[place].startswith(words):
                break
            found[self._numbers[place]] = None
        return list(found)

    def _candidates(self, words: str, heard: str) -> set[int]:
        """The places of the names worth weighing."""
        found = set(_within(self._written, words, max(1, min(_MOST_SLIPS, len(words) // 4))))
        if len(heard) > 2:
            found.update(_within(self._sounding, heard, 1 if len(heard) > 4 else 0))
        at = bisect_left(self._names, words)
        half = words[: (len(words) + 1) // 2]
        around = range(max(0, at - _NEIGHBOURS), min(len(self._names), at + _NEIGHBOURS))
        return found.union(place for place in around if self._names[place].startswith(half))


def sound(words: str) -> str:
    """How words sound, however they are divided: "spring field" is like "springfield"."""
    return metaphone(words).replace(" ", "")


def _likeness(words: str, heard: str, name: str) -> float:
    """How like a name is, from 0 to 1: half by its letters, half by its sound."""
    letters = JaroWinkler.similarity(words, name)
    return (letters + ratio(heard, sound(name)) / 100) / 2


def _by_length(words: Sequence[str]) -> _Lengths:
    lengths: dict[int, tuple[list[str], array[int]]] = {}
    for place, word in enumerate(words):
        of_length = lengths.setdefault(len(word), ([], array("l")))
        of_length[0].append(word)
        of_length[1].append(place)
    return lengths


def _within(lengths: _Lengths, word: str, away: int) -> Iterator[int]:
    """The places of the words at most so many slips away; two letters that change places are one slip."""
    for length in range(max(1, len(word) - away), len(word) + away + 1):
        if length in lengths:
            words, places = lengths[length]
            found = extract(word, words, scorer=OSA.distance, score_cutoff=away, limit=_OF_ONE_LENGTH)
            yield from (places[at] for _, _, at in found)
