"""What every grammar is: what the platform listens for, and what its words mean."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from flows.languages import Language
from tropo import Choices, Recognition

V = TypeVar("V")

COMMAND = "#"
"""What a command's tag begins with in a grammar file: `#help` is no answer of any grammar."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What a grammar must know to read an answer: the language, the local time, and the channel."""

    language: Language
    now: datetime
    channel: Literal["voice", "text"] = "voice"


@dataclass(frozen=True, slots=True)
class Listening:
    """How one attempt listens: by key, by speech or both, and for which commands beside the answers.

    `commands` has the words and keys of each command by its name: {"help": ("help", "*")}.
    """

    hearing: Hearing
    mode: Literal["any", "dtmf", "speech"] = "any"
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Grammar(ABC, Generic[V]):
    """What may be answered to a question. The handler gets a `V`; what is stored of it is text."""

    keypad: bool = True
    """An answer can be keyed."""

    free: ClassVar[bool] = False
    """Anything is an answer, so that a command is one only by its own words."""

    @abstractmethod
    def simple(self, listening: Listening) -> Choices | None:
        """The grammar as the protocol's own; None when only a file can say it."""

    @abstractmethod
    def rules(self, listening: Listening) -> str:
        """The grammar as a file: a whole SRGS XML document (https://www.w3.org/TR/speech-grammar/)."""

    @abstractmethod
    def match(self, heard: Recognition, hearing: Hearing) -> str | None:
        """The answer in what was recognised, as it is stored; None when it is none of this grammar."""

    @abstractmethod
    def value(self, stored: str) -> V:
        """What the handler gets for a stored answer."""

    @abstractmethod
    def spec(self) -> Mapping[str, Any]:
        """What the grammar is, for a flow's graph. The data behind it is not part of it."""

    def near(self, heard: Recognition, hearing: Hearing) -> tuple[str, ...]:
        """Answers, as they are stored, that may have been meant: the best first, at most five."""
        return ()

    def words(self, stored: str, hearing: Hearing) -> str:
        """How a stored answer is said back, or written back on the text channel."""
        return stored


def normalise(phrase: str) -> str:
    """The phrase as answers are compared: without case, and with single blanks."""
    return " ".join(phrase.casefold().split())


def command_in(heard: Recognition, listening: Listening) -> str | None:
    """The command in what was recognised: by its tag, its words or its key; None when it is none."""
    given = {normalise(words) for words in (heard.value, heard.interpretation, heard.utterance)}
    for name, phrases in listening.commands.items():
        if {COMMAND + name, *map(normalise, phrases)} & given:
            return name
    return None
