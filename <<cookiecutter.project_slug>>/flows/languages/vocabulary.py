"""The words of a language: those that say nothing, known phrases, and slips of the pen or the ear."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from flows.languages.reading import tokens
from flows.languages.tables import Language

_SHORTEST_SLIP = 4
_MOST_MENDED = 15
"""Words of the longest answer that slips are looked for in."""

_CLOSE = 0.75
"""How alike a word must be to one of the language to be taken for a slip of it, as difflib counts."""

Said = tuple[str, ...]


def without_fillers(said: Said, language: Language) -> Said:
    """What was said without the words that say nothing, the longest of them first."""
    kept = (parts for parts, known in divided(said, phrases(language, "fillers")) if not known)
    return tuple(word for parts in kept for word in parts)


def phrases(language: Language, *names: str) -> tuple[Said, ...]:
    """Lists of the language's answers by tokens, the longest phrase first."""
    key = f"answers {names}"
    if key not in language.cache:
        found = {tokens(words) for name in names for words in language.answers[name]}
        language.cache[key] = tuple(sorted(found - {()}, key=lambda phrase: (-len(phrase), phrase)))
    longest_first: tuple[Said, ...] = language.cache[key]
    return longest_first


def divided(said: Said, known: Iterable[Said]) -> Iterator[tuple[Said, bool]]:
    """What was said in parts: known phrases, and single words that are none."""
    by_first: dict[str, list[Said]] = {}
    for phrase in known:
        by_first.setdefault(phrase[0], []).append(phrase)
    at = 0
    while at < len(said):
        likely = by_first.get(said[at], [])
        found: Said | None = next((words for words in likely if said[at : at + len(words)] == words), None)
        yield found or (said[at],), found is not None
        at += len(found or (0,))


def slips(said: Said, language: Language, *, by_ear: bool) -> Iterator[Said]:
    """What may have been said instead: with slips of the pen mended, and words that sound alike."""
    if len(said) > _MOST_MENDED:
        return
    known = _vocabulary(language)
    mended = [
        word if word in known or len(word) < _SHORTEST_SLIP else next(_closest(word, known), word)
        for word in said
    ]
    if tuple(mended) != said:
        yield tuple(mended)
    if not by_ear:
        return
    for at, word in enumerate(said):
        for other in language.sounds_like.get(word, ()):
            yield (*said[:at], *tokens(other), *said[at + 1 :])


def _closest(word: str, known: frozenset[str]) -> Iterator[str]:
    return iter(get_close_matches(word, sorted(known), 1, _CLOSE) if word.isalpha() else ())


def _vocabulary(language: Language) -> frozenset[str]:
    """Every word of the language's tables and fillers."""
    if "vocabulary" not in language.cache:
        tables = [words for table in language.words.values() for words in table]
        said = (*tables, *language.answers["fillers"])
        language.cache["vocabulary"] = frozenset(word for words in said for word in tokens(words))
    found: frozenset[str] = language.cache["vocabulary"]
    return found
