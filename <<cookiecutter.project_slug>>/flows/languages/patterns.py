"""Patterns: how a language says numbers, days and times, in the notation of its table.

    twenty          words, as they are said
    [of]            what may be left out
    (at|by)         one of several
    <month>         whatever the rule or the table of words `month` says
    <day:ordinal>   the same of `ordinal`, kept under the name `day`
    <unit*100>      the same a hundredfold

A pattern gives whole numbers by their names: "<day:ordinal> of <month>" gives day and month.
"""

import re
from dataclasses import dataclass
from typing import TypeAlias

_PIECE = re.compile(r"\s*(?:<(\w+)(?::(\w+))?(?:\*(-?\d+))?>|([\[\](|)])|([^\s<>\[\](|)]+))")
_CLOSING = {"[": "]", "(": ")"}


@dataclass(frozen=True, slots=True)
class Words:
    said: str


@dataclass(frozen=True, slots=True)
class Slot:
    """What a rule or a table of words gives, kept under a name, so many times."""

    name: str
    rule: str
    factor: int


@dataclass(frozen=True, slots=True)
class Maybe:
    content: "Node"


@dataclass(frozen=True, slots=True)
class OneOf:
    ways: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: "tuple[Node, ...]"


Node: TypeAlias = Words | Slot | Maybe | OneOf | Sequence


def parse_pattern(text: str) -> Node:
    """Read a pattern. Raises ValueError, which says what cannot be read."""
    pieces: list[str | Slot] = []
    at, text = 0, text.strip()
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None:
            raise ValueError(f"the pattern {text!r} cannot be read from {text[at:]!r}")
        name, rule, factor, mark, words = piece.groups()
        pieces.append(Slot(name, rule or name, int(factor or 1)) if name else mark or f" {words}")
        at = piece.end()
    node, rest = _ways(pieces)
    if rest or not text:
        raise ValueError(f"the pattern {text!r} closes what it did not open, or is empty")
    return node


def slots(node: Node) -> frozenset[str]:
    """The rules and tables that a pattern names."""
    match node:
        case Slot():
            return frozenset({node.rule})
        case Maybe():
            return slots(node.content)
        case OneOf():
            return frozenset[str]().union(*map(slots, node.ways))
        case Sequence():
            return frozenset[str]().union(*map(slots, node.parts))
        case Words():
            return frozenset()


def _ways(pieces: list[str | Slot]) -> tuple[Node, list[str | Slot]]:
    """Read up to what closes the group; gives that and what is left."""
    ways: list[Node] = []
    parts: list[Node] = []
    while pieces and pieces[0] not in ("]", ")"):
        piece, *pieces = pieces
        if piece == "|":
            ways, parts = [*ways, Sequence(tuple(parts))], []
        elif isinstance(piece, Slot):
            parts.append(piece)
        elif piece.startswith(" "):
            parts.append(Words(piece[1:]))
        else:
            inside, pieces = _ways(pieces)
            if not pieces or pieces.pop(0) != _CLOSING[piece]:
                raise ValueError(f"a pattern opens {piece!r} and does not close it")
            parts.append(Maybe(inside) if piece == "[" else inside)
    last = Sequence(tuple(parts))
    return (OneOf((*ways, last)) if ways else last), pieces
