"""A list of names with all that finds one among them: as it is, in a longer text, spelled, or nearly."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from flows.grammars.names import LANGUAGES, folded, plain, spoken
from flows.grammars.nearness import Nearness
from flows.grammars.spelling import Spelling

_SHORTEST_WITHIN = 3
"""Characters that a name must have to be looked for within a longer text."""

_LONGEST_WITHIN = 8
"""Words that it may have."""

_LARGE = 1_000
"""Names of a list that is made ready as a whole, so that no later answer waits for a part of it."""

Names: TypeAlias = Iterable[str] | Mapping[str, Iterable[str]]
"""Names, or names with the other spellings of each."""


class Index:
    """The names as they were read, and what finds one among them. Each goes by its number in the list."""

    def __init__(self, names: Names, origin: str) -> None:
        self.names: list[str] = []
        self.others: dict[int, tuple[str, ...]] = {}
        """The other spellings of names that have some."""
        self.exact: dict[str, int] = {}
        """Every name and spelling, folded. Of two names that fold alike the first is kept."""
        given = names.items() if isinstance(names, Mapping) else ((name, ()) for name in names)
        for name, spellings in given:
            self._add(_clean(name, origin), tuple(_clean(spelling, origin) for spelling in spellings))
        for number, others in self.others.items():
            for words in filter(None, map(folded, others)):
                self.exact.setdefault(words, number)
        if not self.names:
            raise ValueError(f"Phrases needs at least one name, and {origin} gave none")
        if len(self.names) > _LARGE:
            _ = self.spelling, self.nearness

    @cached_property
    def spelling(self) -> Spelling:
        return Spelling(self._forms())

    @cached_property
    def nearness(self) -> Nearness:
        return Nearness((plain(form), number) for form, number in self._forms())

    def within(self, words: str) -> dict[int, str]:
        """The longest names that stand in these folded words, each with the words beside it."""
        parts = words.split()
        for length in range(min(len(parts), _LONGEST_WITHIN), 0, -1):
            found = {}
            for at in range(len(parts) - length + 1):
                run = " ".join(parts[at : at + length])
                if run in self.exact and len(run) >= _SHORTEST_WITHIN:
                    found[self.exact[run]] = " ".join((*parts[:at], *parts[at + length :]))
            if found:
                return found
        return {}

    def _add(self, name: str, spellings: tuple[str, ...]) -> None:
        number, words = len(self.names), folded(name)
        if not words or self.exact.setdefault(words, number) != number:
            return
        self.names.append(name)
        if any(spellings):
            self.others[number] = tuple(filter(None, spellings))

    def _forms(self) -> Iterator[tuple[str, int]]:
        """Every way a name may be spelled: as it is written, in short forms and written out."""
        # `exact` begins with one entry for each name, in their order; the other spellings follow.
        for number, (name, short) in enumerate(zip(self.names, self.exact, strict=False)):
            yield name, number
            if short != name.casefold():
                yield short, number
            yield from ((said, number) for said in (spoken(name, code) for code in LANGUAGES) if said != name)
        yield from islice(self.exact.items(), len(self.names), None)


def _clean(name: object, origin: str) -> str:
    """A name with single blanks, and without signs that neither JSON nor XML should carry."""
    if not isinstance(name, str):
        raise TypeError(f"{origin} gave {type(name).__name__}, not a name; with values_list use flat=True")
    if not name.isprintable():
        name = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(name.split())
