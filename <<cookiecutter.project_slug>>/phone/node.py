"""A value of a JSON document together with its place in it, so that a complaint can name the place."""

from collections.abc import Iterator
from dataclasses import dataclass

from phone.errors import DocumentError

NUMBER_MAX = 10**9
"""What is larger is taken for this much, so that one can reckon with it."""

_KINDS = {
    bool: "a boolean",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "an array",
    dict: "an object",
}


@dataclass(frozen=True)
class Node:
    """A value and its JSON path. Every reader raises DocumentError when the value does not fit."""

    value: object
    where: str

    def refuse(self, problem: str) -> DocumentError:
        """Give the error to raise: `problem` is wrong at this place."""
        return DocumentError(self.where, problem)

    def fields(self) -> dict[str, object]:
        """Give the object this is; a missing body (null, or "" as PHP sends it) is an empty one."""
        if self.value is None or self.value == "":
            return {}
        if not isinstance(self.value, dict):
            raise self.refuse(f"must be an object, not {_kind(self.value)}")
        return self.value

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self.fields().get(name) is not None

    def child(self, name: str) -> "Node":
        """Give a field that must be there."""
        if not self.has(name):
            raise Node(None, f"{self.where}.{name}").refuse("is missing, and must be given")
        return Node(self.fields()[name], f"{self.where}.{name}")

    def items(self) -> Iterator["Node"]:
        """Give the members of an array; any other value is taken for an array of one."""
        if not isinstance(self.value, list):
            yield self
            return
        for index, item in enumerate(self.value):
            yield Node(item, f"{self.where}[{index}]")

    def text(self) -> str:
        """Give the string this is."""
        if not isinstance(self.value, str):
            raise self.refuse(f"must be a string, not {_kind(self.value)}")
        # Half of a surrogate pair can be written in JSON, and nowhere else.
        return self.value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def text_of(self, name: str, default: str = "") -> str:
        """Give a string field."""
        return self.child(name).text() if self.has(name) else default

    def number_of(self, name: str, default: float) -> float:
        """Give a number field, which is never negative."""
        if not self.has(name):
            return default
        node = self.child(name)
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            raise node.refuse(f"must be a number, not {_kind(node.value)}")
        if not 0 <= node.value < float("inf"):
            raise node.refuse(f"must be a number from 0, not {node.value}")
        return min(node.value, NUMBER_MAX)

    def flag_of(self, name: str, default: bool) -> bool:
        """Give a boolean field; the platform took the string "true" as well."""
        if not self.has(name):
            return default
        value = self.fields()[name]
        value = {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value
        if not isinstance(value, bool):
            raise self.child(name).refuse(f"must be true or false, not {value!r}")
        return value


def _kind(value: object) -> str:
    return "null" if value is None else _KINDS[type(value)]
