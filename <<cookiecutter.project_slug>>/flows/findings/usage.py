"""What a function does with the flow, as its source says: what it calls, sets, says and keeps."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.flow import Flow
from flows.graph.reading import Reading
from flows.graph.source import Code, function_of, nodes
from flows.steps import Step


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text that a method says: its line, and the names of the places that are filled there."""

    text: str
    line: int
    places: tuple[str, ...]


@dataclass(slots=True)
class Usage:
    """What a function does with the flow.

    `called` are the flow's methods, `assigned` its attributes, `spoken` the texts of `self.say` and
    `self.again`, `built` the lines where such a text is put together of values. `kept` are the keys of
    `self.data` that are written; `keeps_more`
    says that there are others, which the source does not tell.
    """

    called: set[str] = field(default_factory=set)
    assigned: set[str] = field(default_factory=set)
    spoken: list[Spoken] = field(default_factory=list)
    built: list[int] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    keeps_more: bool = False


def usage(reading: Reading) -> Usage:
    """What the function does; nothing when its source cannot be read."""
    found = Usage()
    if reading.code.tree is not None:
        for node, around in nodes(reading.code.tree):
            _note(found, reading.part.known_as, node, around[0] if around else None)
    return found


def instance_attributes(flow: type[Flow]) -> set[str]:
    """What the methods of the class and of its bases set on `self`, and what the classes annotate."""
    found: set[str] = set()
    for base in flow.__mro__[:-1]:
        found |= set(inspect.get_annotations(base))
        things = [one.handler if isinstance(one, Step) else one for one in vars(base).values()]
        for function in filter(None, map(function_of, things)):
            code = Code(function)
            if code.tree is not None and code.parameters:
                found |= {name for _, name in _stores(code.tree, code.parameters[0])}
    return found


def _stores(tree: ast.AST, owner: str) -> Iterator[tuple[str, str]]:
    for node, _ in nodes(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store()) if name == owner:
                yield name, attribute


def _note(found: Usage, known_as: frozenset[str], node: ast.AST, parent: ast.AST | None) -> None:
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in known_as:
            if isinstance(node.ctx, ast.Store):
                found.assigned.add(attribute)
            if attribute == "data":
                _note_data(found, node, parent)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if name in known_as:
            found.called.add(method)
            if method in ("say", "again"):
                found.spoken += _texts(node)
                found.built += [part.lineno for part in node.args if _is_built(part)]
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id=name), attr="data"))):
            if name in known_as:
                _note_update(found, node)


def _note_data(found: Usage, data: ast.Attribute, parent: ast.AST | None) -> None:
    """`self.data["x"] = ...` keeps x; `self.data` as a whole, given away or replaced, may keep anything."""
    match parent:
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            if isinstance(parent.ctx, ast.Store):
                found.kept.add(key)
        case ast.Subscript():
            found.keeps_more |= isinstance(parent.ctx, ast.Store)
        case ast.Attribute() | ast.Compare():
            pass
        case _:
            found.keeps_more = True


def _note_update(found: Usage, call: ast.Call) -> None:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    match method, call.args:
        case "setdefault", [ast.Constant(value=str(key)), *_]:
            found.kept.add(key)
        case "update", [] if all(keyword.arg for keyword in call.keywords):
            found.kept |= {str(keyword.arg) for keyword in call.keywords}
        case (("update" | "setdefault"), _):
            found.keeps_more = True


def _texts(call: ast.Call) -> Iterator[Spoken]:
    places = tuple(keyword.arg for keyword in call.keywords if keyword.arg)
    for argument in call.args:
        for node, _ in nodes(argument):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield Spoken(node.value, node.lineno, places)


def _is_built(part: ast.AST) -> bool:
    """Whether a text is put together there: an f-string with values, `%`, or `.format`."""
    for node, _ in nodes(part):
        match node:
            case ast.FormattedValue() | ast.BinOp(op=ast.Mod()):
                return True
            case ast.Call(func=ast.Attribute(attr="format")):
                return True
    return False
