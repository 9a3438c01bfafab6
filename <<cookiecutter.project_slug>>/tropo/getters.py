"""What code for tropo-webapi-python asks of a session or a result, beside the typed fields.

`Session(body)` and `Result(body)` read a request's body, as that library did: without the checks of the
door, and without a check of the identifiers. Everything the platform said is in `source`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import wraps
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

NO_VALUE = "NoValue"
"""The old word for an action that recognised nothing."""


class Readable(Protocol):
    """A value object that can be made of the JSON of the platform."""

    @classmethod
    def from_dict(cls, source: dict[str, Any]) -> Any: ...


Kind = TypeVar("Kind", bound=Readable)


def from_body(name: str) -> Callable[[type[Kind]], type[Kind]]:
    """Lets a dataclass be made of the body of a POST too, where its JSON stands under `name`."""

    def decorate(cls: type[Kind]) -> type[Kind]:
        cls.__init__ = _reading(cls, name)  # type: ignore[method-assign]
        return cls

    return decorate


def _reading(cls: type[Readable], name: str) -> Callable[..., None]:
    fill: Callable[..., None] = cls.__init__

    @wraps(fill)
    def construct(self: object, body: str | bytes | None = None, /, **values: Any) -> None:
        if body is not None:
            read = cls.from_dict(_json(body)[name])
            values = {known.name: getattr(read, known.name) for known in fields(read)}
        fill(self, **values)

    return construct


def _json(body: str | bytes) -> Any:
    from tropo.reader import parse  # the reader knows the two classes that are made here

    return parse(body.encode() if isinstance(body, str) else body)


class EndpointGetters:
    """`session.to["id"]`: an endpoint was the platform's own object once."""

    __slots__ = ()
    source: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.source[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.source)

    def keys(self) -> Any:
        return self.source.keys()

    def get(self, name: str, default: Any = None) -> Any:
        return self.source.get(name, default)


class SessionGetters:
    """Every field of a session under the platform's name; `from` is `fromaddress`, all of it is `dict`."""

    __slots__ = ()
    source: Mapping[str, Any]

    if not TYPE_CHECKING:  # typed code reads the typed fields, and a slip in their names is an error

        def __getattr__(self, name: str) -> Any:
            if name == "dict":
                return self.source
            wire = "from" if name == "fromaddress" else name
            if wire not in _source(self, name):
                raise AttributeError(f"the session says nothing of {wire!r}", name=name, obj=self)
            return self.source[wire]


class ResultGetters:
    """The old getters, and `_state`, `_sequence` ... for what had none.

    They raise `AttributeError` for what the result does not say, and there null, 0 and false say nothing.
    """

    __slots__ = ()
    source: Mapping[str, Any]

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if not name.startswith("_"):
                raise AttributeError(f"a result has no {name!r}", name=name, obj=self)
            return self._said(name[1:], _source(self, name))

    def getActions(self) -> Any:
        """The object or the list of objects that the platform sent."""
        return self._said("actions", self.source)

    def getActionsCount(self) -> int:
        actions = self.source.get("actions") or []
        return len(actions) if isinstance(actions, list) else 1

    def getValue(self) -> Any:
        return self.getIndexedValue(0)

    def getIndexedValue(self, index: int) -> Any:
        return self._at(index).get("value", NO_VALUE)

    def getNamedActionValue(self, name: str) -> Any:
        """The value of the action of that name; a single action counts whatever its name is."""
        return self._called(name).get("value", NO_VALUE)

    def getInterpretation(self) -> Any:
        return self.getIndexdedInterpretation(0)

    def getIndexdedInterpretation(self, index: int) -> Any:
        """The misspelt name is the one that the library has."""
        return self._at(index).get("interpretation", NO_VALUE)

    def getNamedActionInterpretation(self, name: str) -> Any:
        return self._called(name).get("interpretation", NO_VALUE)

    def getUserType(self) -> Any:
        return self._said("userType", self.source)

    def _said(self, wire: str, source: Mapping[str, Any]) -> Any:
        if not source.get(wire):
            raise AttributeError(f"the result says nothing of {wire!r}", name=wire, obj=self)
        return source[wire]

    def _at(self, index: int) -> dict[str, Any]:
        actions: list[dict[str, Any]] | dict[str, Any] = self.getActions()
        return actions[index] if isinstance(actions, list) else actions

    def _called(self, name: str) -> dict[str, Any]:
        actions = self.getActions()
        if not isinstance(actions, list):
            return self._at(0)
        return next((action for action in reversed(actions) if action.get("name") == name), {})


def _source(of: SessionGetters | ResultGetters, name: str) -> Mapping[str, Any]:
    # Python and Django ask for names such as __html__, and while a copy is made there is no `source` yet.
    return {} if name.startswith("__") or name == "source" else of.source
