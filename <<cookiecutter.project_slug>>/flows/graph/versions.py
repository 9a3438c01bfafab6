"""The version of a flow: a hash that changes with what callers may hear and what follows, and only then.

It covers what the steps declare, the source of their methods, and the owner's functions and constants
that these name. Comments, docstrings, types and formatting are no part of it. Every Python that a project
runs on gives the same hash: the walk is our own, because what `ast.dump` writes differs between them.
"""

import ast
import hashlib
import json
from collections.abc import Iterator
from typing import Any

from flows.flow import Flow
from flows.graph.constants import is_constant, text_of
from flows.graph.parts import roots
from flows.graph.reading import Reading, read
from flows.graph.source import names_and_constants, parts

_UNHEARD = ("annotation", "kind", "returns", "simple", "type_comment", "type_params")
"""Fields of a syntax tree that speak of types, or of how something is written."""

_END = ")"


def version_of(flow: type[Flow], graph: dict[str, Any]) -> str:
    """The hash of a flow that has this graph: 64 hexadecimal characters."""
    readings = read(flow, list(roots(flow)))
    code = {f"{one.part.function.__qualname__} {_text(one)}" for one in readings}
    constants = {f"{name}={text_of(value)}" for one in readings for name, value in one.constants.items()}
    whole = json.dumps([graph, _attributes(flow), sorted(code), sorted(constants)], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def shape(trees: list[ast.AST]) -> str:
    """Syntax trees as text, without what nobody hears."""
    return " ".join(_shape(trees))


def _attributes(flow: type[Flow]) -> dict[str, str]:
    """The constants of the class and of the flows it inherits from, such as its words for the goodbye."""
    bases = [base for base in reversed(flow.__mro__) if base not in (Flow, object)]
    given = {name: value for base in bases for name, value in vars(base).items()}
    words = {name: value for name, value in given.items() if not name.startswith("__") and is_constant(value)}
    return {name: text_of(value) for name, value in words.items() if name not in ("name", "steps")}


def _text(reading: Reading) -> str:
    """A function as text. Above a step's stands the step, which is in the graph."""
    tree = reading.code.tree
    if tree is None:
        names, constants = names_and_constants(reading.part.function.__code__)
        return f"{names} {[text_of(value) for value in constants if is_constant(value)]}"
    return shape(parts(tree) if reading.part.of_step else [tree])


def _shape(trees: list[ast.AST]) -> Iterator[str]:
    """Names of nodes, and those of their fields that are not empty: the fields that newer Pythons add are."""
    waiting: list[str | ast.AST] = list(reversed(_heard(trees)))
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
            continue
        yield f"{type(node).__name__}("
        waiting.append(_END)
        for name, value in reversed(list(ast.iter_fields(node))):
            if name not in _UNHEARD:
                waiting += reversed(_field(name, value))


def _field(name: str, value: Any) -> list[str | ast.AST]:
    """A field: its name and what it holds; nothing when it is empty."""
    held = [one for one in (value if isinstance(value, list) else [value]) if one is not None]
    trees = [one for one in held if isinstance(one, ast.AST)]
    if trees:
        return [f"{name}=", *_heard(_joined(trees))]
    return [f"{name}={','.join(map(ascii, held))}"] if held else []


def _heard(trees: list[ast.AST]) -> list[str | ast.AST]:
    """Without docstrings, `pass` and the types of variables."""
    untyped = (_untyped(one) for one in trees)
    return [one for one in untyped if not isinstance(one, ast.Pass) and not _is_text(one)]


def _untyped(node: ast.AST) -> ast.AST:
    if isinstance(node, ast.AnnAssign):
        return ast.Assign([node.target], node.value) if node.value else ast.Pass()
    return node


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _joined(trees: list[ast.AST]) -> list[ast.AST]:
    """The parts of an f-string, of which Pythons split the plain text in different places."""
    found: list[ast.AST] = []
    if not any(isinstance(one, ast.FormattedValue) for one in trees):
        return trees
    for one in trees:
        before = found[-1] if found else None
        if isinstance(one, ast.Constant) and isinstance(before, ast.Constant):
            found[-1] = ast.Constant(str(before.value) + str(one.value))
        elif not (isinstance(one, ast.Constant) and one.value == ""):
            found.append(one)
    return found
