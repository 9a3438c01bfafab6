"""The engine's own grammars: a choice between answers that may have been meant, and the help menu."""

from collections.abc import Iterable, Mapping
from typing import Any

from flows.grammars.base import Grammar, Hearing, Listening, normalise
from tropo import Choices, Recognition

NEITHER = ""
"""The answer that is none of those offered."""


class Choice(Grammar[str]):
    """A few answers, each by its number or its words; the number after the last is none of them.

    What is offered are pairs of the stored answer and its words.
    """

    def __init__(self, offered: Iterable[tuple[str, str]], neither: str = "") -> None:
        self.offered = list(offered)
        self.neither = neither

    def keys(self) -> list[tuple[str, str, str]]:
        """Key, stored answer and words of each, the refusal of all last."""
        listed = [*self.offered, *([(NEITHER, self.neither)] if self.neither else [])]
        return [(str(number), stored, words) for number, (stored, words) in enumerate(listed, 1)]

    def simple(self, listening: Listening) -> Choices:
        spoken = listening.mode != "dtmf"
        items = [
            f"{key}({key}, {_plain(words)})" if spoken else f"{key}({key})" for key, _, words in self.keys()
        ]
        items += [
            f"{name}({', '.join(map(_plain, phrases))})" for name, phrases in listening.commands.items()
        ]
        return Choices(", ".join(items), mode=listening.mode)

    def rules(self, listening: Listening) -> str:
        raise NotImplementedError("a choice of the engine's is always simple")

    def match(self, heard: Recognition, hearing: Hearing) -> str | None:
        given = {normalise(_plain(words)) for words in (heard.value, heard.interpretation, heard.utterance)}
        for key, stored, words in self.keys():
            if {key, normalise(_plain(words)), normalise(stored)} & given - {""}:
                return stored
        return None

    def value(self, stored: str) -> str:
        return stored

    def spec(self) -> Mapping[str, Any]:
        return {"offered": [stored for stored, _ in self.offered]}


def _plain(words: str) -> str:
    """Without what has a meaning in the simple grammar, which has no escape."""
    return " ".join("".join(" " if letter in ",()[]" else letter for letter in words).split())
