"""Documents out: the actions an application asks the platform to run.

An action is a value; `Tropo` is the document that holds them in order. Python names become the
protocol's: `min_confidence` is sent as `minConfidence`, `as_` as `as`. What is None is left out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

_wire_names: dict[type, tuple[tuple[str, str], ...]] = {}
"""The protocol's name for each field of a class, worked out once."""


def _camel(name: str) -> str:
    head, *rest = name.rstrip("_").split("_")
    return head + "".join(word.capitalize() for word in rest)


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class Part:
    """Anything that stands in a document as a JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """The object as the protocol writes it."""
        kind = type(self)
        if kind not in _wire_names:
            _wire_names[kind] = tuple((field.name, _camel(field.name)) for field in fields(self))
        pairs = ((wire, getattr(self, name)) for name, wire in _wire_names[kind])
        return {wire: _plain(value) for wire, value in pairs if value is not None}


@dataclass(frozen=True, slots=True)
class Choices(Part):
    """What a caller may answer: a grammar, and the key that ends variable input."""

    value: str
    mode: str | None = None
    terminator: str | None = None


@dataclass(frozen=True, slots=True)
class Action(Part):
    """A step of a document; its name on the wire is the class's."""

    @classmethod
    def wire_name(cls) -> str:
        return cls.__name__[0].lower() + cls.__name__[1:]


@dataclass(frozen=True, slots=True)
class Say(Action):
    """Speaks text, or plays the audio at an address."""

    value: str
    as_: str | None = None
    event: str | None = None
    voice: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Ask(Action):
    """Speaks, then listens for one answer. Times are in seconds, confidence is 0 to 100."""

    choices: Choices
    say: Sequence[Say]
    name: str | None = None
    attempts: int | None = None
    bargein: bool | None = None
    interdigit_timeout: float | None = None
    min_confidence: int | None = None
    recognizer: str | None = None
    timeout: float | None = None
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Transfer(Action):
    """Connects the caller with another number. Ring time is in seconds."""

    to: str
    name: str | None = None
    from_: str | None = None
    timeout: float | None = None


@dataclass(frozen=True, slots=True)
class Hangup(Action):
    """Ends the call."""


@dataclass(frozen=True, slots=True)
class On(Action):
    """Where the result goes when an event ends the document."""

    event: str
    next: str | None = None


class Tropo:
    """A document: the actions the platform runs, in order."""

    __slots__ = ("actions",)

    def __init__(self, *actions: Action) -> None:
        self.actions = actions

    def __add__(self, other: "Tropo") -> "Tropo":
        return Tropo(*self.actions, *other.actions)

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        return {"tropo": [{action.wire_name(): action.to_dict()} for action in self.actions]}

    def to_json(self) -> str:
        """The document as it is sent, without blanks."""
        return json.dumps(self.to_dict(), separators=(",", ":"))
