"""What documents are made of: typed parts whose fields are the options of the protocol.

A field `min_confidence` is sent as `minConfidence`, `as_` as `as`; what is None is left out. A
constructor takes the spellings of tropo-webapi-python as well (`minConfidence`, `_as`), and refuses
an option that the protocol does not have.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from functools import wraps
from typing import Any, ClassVar, TypeVar, dataclass_transform

_LISTS = (list, tuple)
_Row = tuple[str, str, Callable[[Any], Any] | None]
"""A field: its name, its name in the document, and what makes JSON of its value."""


class Part:
    """Anything that stands in a document under a name of its own."""

    __slots__ = ()
    wire_name: ClassVar[str]
    _rows: ClassVar[tuple[_Row, ...]]

    def body(self) -> Any:
        """What stands under the name: an object, but for a list of prompts and for a bare word."""
        found: dict[str, Any] = {}
        for name, wire, write in self._rows:
            value = getattr(self, name)
            if value is not None:
                found[wire] = (write or plain)(value)
        return found

    def to_dict(self) -> dict[str, Any]:
        """The part as the protocol writes it, with its name: `{"say": {"value": "Hello"}}`."""
        return {self.wire_name: self.body()}

    @property
    def json(self) -> Any:
        """What tropo-webapi-python calls `body()`."""
        return self.body()

    @property
    def obj(self) -> dict[str, Any]:
        """What tropo-webapi-python calls `to_dict()`."""
        return self.to_dict()


class Action(Part):
    """A part that is a step of a document."""

    __slots__ = ()


AnyPart = TypeVar("AnyPart", bound=Part)


def plain(value: Any) -> Any:
    """The value of an option as JSON has it; objects and lists that are JSON already pass."""
    if isinstance(value, Part):
        return value.body()
    if isinstance(value, _LISTS):
        return [plain(item) for item in value]
    return value


def option(*, default: Any = MISSING, **details: Any) -> Any:
    """A field that needs more than a type.

    Args:
        write: makes JSON of a value, where `plain` does not.
        wire: the name in the document, where the rule does not give it; empty for a field never sent.
        old: the name of the constructor's argument in tropo-webapi-python.
    """
    return field(default=default, metadata=details)


@dataclass_transform(frozen_default=True, field_specifiers=(option,))
def part(cls: type[AnyPart]) -> type[AnyPart]:
    """Makes a frozen dataclass of a class whose fields are options."""
    made = dataclass(frozen=True, slots=True)(cls)
    known = fields(made)  # type: ignore[arg-type]  # the line above has made it one
    made._rows = tuple((each.name, _wire(each), each.metadata.get("write")) for each in known if _wire(each))
    if "wire_name" not in made.__dict__:
        made.wire_name = made.__name__[0].lower() + made.__name__[1:]
    spellings = {spelling: each.name for each in known for spelling in _spellings(each)}
    made.__init__ = _respelling(made, spellings)  # type: ignore[method-assign]
    return made


def _wire(known: Field[Any]) -> str:
    named: str | None = known.metadata.get("wire")
    if named is not None:
        return named
    head, *rest = known.name.rstrip("_").split("_")
    return head + "".join(word.capitalize() for word in rest)


def _spellings(known: Field[Any]) -> Iterator[str]:
    """The names under which the constructor takes a field."""
    yield known.name
    yield _wire(known) or known.name
    if known.name.endswith("_"):
        yield f"_{known.name[:-1]}"
    if "old" in known.metadata:
        yield known.metadata["old"]


def _respelling(made: type[Part], spellings: Mapping[str, str]) -> Callable[..., None]:
    """The constructor of `made` for every spelling; the fields' own names cost next to nothing."""
    fill: Callable[..., None] = made.__init__
    own = frozenset(spellings.values())

    @wraps(fill)
    def construct(self: Part, /, *values: Any, **options: Any) -> None:
        if not options.keys() <= own:
            options = _by_field(made.__name__, options, spellings)
        fill(self, *values, **options)

    return construct


def _by_field(kind: str, options: Mapping[str, Any], spellings: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for spelling, value in options.items():
        if spelling not in spellings:
            nearest = get_close_matches(spelling, spellings, n=1, cutoff=0)
            advice = f"did you mean {nearest[0]!r}?" if nearest else "it takes none"
            raise TypeError(f"{kind} has no option {spelling!r}: {advice}")
        if spellings[spelling] in found:
            raise TypeError(f"{kind} was given {spellings[spelling]!r} twice, once as {spelling!r}")
        found[spellings[spelling]] = value
    return found
