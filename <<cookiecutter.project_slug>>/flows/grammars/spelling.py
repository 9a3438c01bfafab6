"""Names spelled on the keypad: 244 is the beginning of Chicago.

Letters are on the keys 2 to 9; the keys 0 and 1 have none and are passed over, in names too.
"""

import heapq
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable

FEWEST = 3
"""Keys below which nothing is looked for."""

MOST = 20
"""Keys beyond which nothing more is taken."""

_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999", strict=True))
_KEYS = {key: key for key in "23456789"}
_PAD = str.maketrans({sign: (_LETTERS | _KEYS).get(sign) for sign in map(chr, range(128))})


def keys_of(name: str) -> str:
    """The keys that spell a name, without its accents, blanks and punctuation."""
    text = name.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return text.translate(_PAD)


class Spelling:
    """The names by their keys. Each is given with its number, which is what is found."""

    def __init__(self, names: Iterable[tuple[str, int]]) -> None:
        keys, numbers = list[str](), array("l")
        for name, number in names:
            spelled = keys_of(name)
            # The forms of a name follow one another, and most are spelled alike.
            if not (keys and keys[-1] == spelled and numbers[-1] == number):
                keys.append(spelled)
                numbers.append(number)
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self._keys = [keys[place] for place in order]
        self._numbers = array("l", (numbers[place] for place in order))

    def one(self, keys: str) -> int | None:
        """The one name that begins with these keys, or is them to the last; None for none and for several."""
        keys = keys_of(keys)
        if len(keys) < FEWEST:
            return None
        for found in (self._range(keys, keys + " "), self._range(keys, keys + "~")):
            numbers = set(self._numbers[found.start : found.stop][:MOST])
            if len(numbers) == 1 and len(found) <= MOST:
                return numbers.pop()
        return None

    def several(self, keys: str, most: int) -> list[int]:
        """The first names that begin with these keys: those they spell to the last before the others.

        When there is none, the last keys are taken for mistakes, one after the other.
        """
        keys = keys_of(keys)
        while len(keys) >= FEWEST:
            found = self._range(keys, keys + "~")
            if found:
                whole = self._range(keys, keys + " ")
                exact = sorted(set(self._numbers[whole.start : whole.stop]))
                first = heapq.nsmallest(most * 3, set(self._numbers[found.start : found.stop]))
                return list(dict.fromkeys((*exact, *first)))[:most]
            keys = keys[:-1]
        return []

    def _range(self, least: str, end: str) -> range:
        """Where the keys from `least` on and before `end` are. A blank sorts before the keys, `~` after."""
        return range(bisect_left(self._keys, least), bisect_left(self._keys, end))
