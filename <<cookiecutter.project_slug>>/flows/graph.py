"""A flow as a graph, and its version: a hash that changes with what callers may hear or what follows.

The hash walks the syntax tree of the methods itself, because `ast.dump` differs between Pythons. It
is stable over comments, docstrings and formatting.
"""

import ast
import hashlib
import inspect
import json
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flows.flow import Flow
from flows.steps import Step


@dataclass(frozen=True, slots=True)
class Description:
    """A flow as it is written: its graph, and the hash of it, 64 hexadecimal characters.

    The graph has for each step its kind, prompts, grammar, and the steps that can follow.
    """

    graph: dict[str, Any]
    version: str


_described: dict[type[Flow], Description] = {}


def describe(flow: type[Flow]) -> Description:
    """The graph and version of a flow; worked out once for each class."""
    if flow not in _described:
        graph = {name: _node(flow, step) for name, step in flow.steps.items()}
        methods = {name: list(_shape(_tree(step))) for name, step in flow.steps.items()}
        text = json.dumps([graph, methods], sort_keys=True)
        _described[flow] = Description(graph, hashlib.sha256(text.encode()).hexdigest())
    return _described[flow]


def followers(flow: type[Flow], step: Step) -> list[str]:
    """The steps that can follow: what the method names as `self.<step>`, and what the step declares."""
    named = [
        node.attr
        for node in ast.walk(_tree(step))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    ]
    return [name for name in flow.steps if name in named or name in step.followers()]


def _node(flow: type[Flow], step: Step) -> dict[str, Any]:
    return {**step.spec(), "follow": followers(flow, step)}


def _tree(step: Step) -> ast.AST:
    """The syntax tree of the method, without its decorators, whose values are in the graph."""
    function = ast.parse(textwrap.dedent(inspect.getsource(step.handler))).body[0]
    if isinstance(function, ast.FunctionDef):
        function.decorator_list = []
        function.body = [node for node in function.body if not _is_text(node)]
    return function


def _is_text(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _shape(node: ast.AST) -> Iterator[str]:
    """Names of nodes and their values that are not empty: the fields that newer Pythons add are."""
    yield type(node).__name__
    for name, value in ast.iter_fields(node):
        children = value if isinstance(value, list) else [value]
        for child in children:
            if isinstance(child, ast.AST):
                yield from _shape(child)
            elif child is not None and name not in ("kind", "type_comment"):
                yield f"{name}={child!r}"
