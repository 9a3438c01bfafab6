"""The owner's code as it is written: the syntax tree of a function, and what a name in it stands for."""

import ast
import importlib
import inspect
import linecache
from collections.abc import Iterator
from functools import cached_property, lru_cache, partial
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

MISSING: Final = object()
"""What a name stands for that stands for nothing one could tell before the call."""

_UNSPOKEN = ("annotation", "returns", "type_comment", "type_params")
"""What a syntax tree says of types: nobody hears it."""


class Code:
    """A function of the owner. `tree` is None when its source cannot be read, as of one made in a shell."""

    def __init__(self, function: FunctionType) -> None:
        self.function = function
        self.tree = _tree(function.__code__, function.__globals__)

    @property
    def parameters(self) -> tuple[str, ...]:
        code = self.function.__code__
        return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    def meaning(self, node: ast.AST) -> Any:
        """What a name, or a dotted name, stands for; `MISSING` for a local variable and for no name."""
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Attribute):
            return member(self.meaning(node.value), node.attr)
        return MISSING

    def _name(self, name: str) -> Any:
        code, function = self.function.__code__, self.function
        if name in self._imports:
            return self._imports[name]
        if name in code.co_varnames or name in code.co_cellvars:
            return MISSING
        if name in code.co_freevars:
            return _content(function, name)
        return function.__globals__.get(name, MISSING)

    @cached_property
    def _imports(self) -> dict[str, Any]:
        """What is imported inside the function, by its name there."""
        package = self.function.__globals__.get("__package__") or ""
        found: dict[str, Any] = {}
        for node in ast.walk(self.tree) if self.tree else ():
            if isinstance(node, ast.Import):
                named = {alias.asname or alias.name: alias.name for alias in node.names}
                found |= {name: _module(module) for name, module in named.items() if "." not in name}
            elif isinstance(node, ast.ImportFrom):
                module = _module("." * node.level + (node.module or ""), package)
                found |= {alias.asname or alias.name: member(module, alias.name) for alias in node.names}
        return found


def member(thing: Any, name: str) -> Any:
    """An attribute of a module or a class, read without running anything."""
    if isinstance(thing, ModuleType):
        return vars(thing).get(name, MISSING)
    return inspect.getattr_static(thing, name, MISSING) if isinstance(thing, type) else MISSING


def function_of(thing: Any) -> FunctionType | None:
    """The function behind a method, a property, a static method and the like."""
    if isinstance(thing, staticmethod | classmethod):
        thing = thing.__func__
    elif isinstance(thing, property):
        thing = thing.fget
    elif isinstance(thing, cached_property | partial):
        thing = thing.func
    return thing if isinstance(thing, FunctionType) else None


def top_package(thing: Any) -> str:
    return str(getattr(thing, "__module__", None) or "").partition(".")[0]


def nodes(tree: ast.AST) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """Every node that does something, in the order it is written, and behind it what it stands in."""
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())]
    while waiting:
        node, around = waiting.pop()
        yield node, around
        inside = (node, *around[:3])
        waiting += [(child, inside) for child in reversed(list(children(node)))]


def parts(tree: ast.AST) -> list[ast.AST]:
    """A function without its name and decorators: its parameters and what it does."""
    if isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef):
        return [tree.args, *tree.body]
    return [tree]


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes inside a node, without those that speak of types."""
    for name, value in ast.iter_fields(node):
        if name not in _UNSPOKEN:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield child


def names_and_constants(code: CodeType) -> tuple[list[str], list[Any]]:
    """What a function names and holds, nested functions included: all there is without its source."""
    names: list[str] = [*code.co_names]
    constants: list[Any] = []
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            inner = names_and_constants(constant)
            names += inner[0]
            constants += inner[1]
        else:
            constants.append(constant)
    return names, constants


def _tree(code: CodeType, around: dict[str, Any]) -> ast.AST | None:
    """Of several functions without a name in one line, all: which is which, no line number tells."""
    text = "".join(linecache.getlines(code.co_filename, around))
    found = _functions(text).get((code.co_firstlineno, code.co_name), [])
    return found[0] if len(found) == 1 else ast.Tuple(elts=found, ctx=ast.Load()) if found else None


@lru_cache(maxsize=64)
def _functions(text: str) -> dict[tuple[int, str], list[ast.expr]]:
    """The functions of a file by their first line, where their first decorator stands, and their name."""
    found: dict[tuple[int, str], list[Any]] = {}
    try:
        tree = ast.parse(text)
    except SyntaxError:  # The file is no longer what was imported.
        return {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            found.setdefault((first, node.name), []).append(node)
        elif isinstance(node, ast.Lambda):
            found.setdefault((node.lineno, "<lambda>"), []).append(node)
    return found


def _content(function: FunctionType, name: str) -> Any:
    cell = (function.__closure__ or ())[function.__code__.co_freevars.index(name)]
    try:
        return cell.cell_contents
    except ValueError:
        return MISSING


def _module(name: str, package: str = "") -> Any:
    try:
        return importlib.import_module(name, package)
    except ImportError:
        return MISSING
