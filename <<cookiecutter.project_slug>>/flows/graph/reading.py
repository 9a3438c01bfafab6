"""What the code of a flow names: its steps, other flows, and the owner's functions and constants.

It is read, not run. What follows a step is named in its method as `self.<step>`, or in a method or a
function that it calls, wherever that is written: a base class, another module of the same package.
"""

import ast
import inspect
from dataclasses import dataclass, field
from itertools import chain
from types import FunctionType
from typing import Any

from flows.flow import Flow
from flows.graph.constants import is_constant
from flows.graph.parts import Part, handler, owned, owner_of
from flows.graph.source import MISSING, Code, function_of, names_and_constants, nodes, parts
from flows.steps import Step


@dataclass(slots=True)
class Reading:
    """What one function names. Lines are those of its file.

    `steps` are the names of steps with the sub-flow on the way to them, if there is one; `flows` are those
    that the flow goes on in, `sub_flows` those that it calls. `unknown` are attributes of the flow that
    its class does not have.
    """

    code: Code
    part: Part
    steps: list[tuple[str, type[Flow] | None]] = field(default_factory=list)
    flows: list[type[Flow]] = field(default_factory=list)
    sub_flows: list[type[Flow]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    calls: dict[ast.AST, Part] = field(default_factory=dict)
    constants: dict[str, Any] = field(default_factory=dict)
    unknown: list[tuple[str, int]] = field(default_factory=list)


def read(flow: type[Flow], roots: list[Part]) -> list[Reading]:
    """The functions at the roots, and the owner's that they name, each once."""
    found: dict[Part, Reading] = {}
    waiting = list(roots)
    while waiting:
        part = waiting.pop(0)
        if part not in found:
            found[part] = _Reader(flow, part).read()
            waiting += found[part].parts
    return list(found.values())


class _Reader:
    """One function being read, for one flow: what it inherits is resolved on that class."""

    def __init__(self, flow: type[Flow], part: Part) -> None:
        self.flow = flow
        self.part = part
        self.code = Code(part.function)
        self.found = Reading(self.code, part)

    def read(self) -> Reading:
        if self.code.tree is None:
            self.read_names()
            return self.found
        for node, around in chain.from_iterable(map(nodes, parts(self.code.tree))):
            if isinstance(node, ast.Attribute):
                self.read_attribute(node, around)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self.meet(node, self.code.meaning(node), around)
            elif isinstance(node, ast.Call):
                self.read_call(node, around)
        return self.found

    def read_names(self) -> None:
        """Without source: every name counts, whatever is done with it."""
        for name in names_and_constants(self.part.function.__code__)[0]:
            if name in self.flow.steps:
                self.found.steps.append((name, None))
            elif isinstance(other := self.part.function.__globals__.get(name), type) and _is_flow(other):
                self.found.flows.append(other)

    def read_attribute(self, node: ast.Attribute, around: tuple[ast.AST, ...]) -> None:
        if not isinstance(node.ctx, ast.Load):
            return
        if self.is_flow(node.value):
            thing, owner = (
                inspect.getattr_static(self.flow, node.attr, MISSING),
                owner_of(self.flow, node.attr),
            )
            self.meet_member(node, node.attr, thing, around, owner)
        elif _is_super(node.value):
            thing, owner = self.inherited(node.attr)
            self.meet_member(node, node.attr, thing, around, owner)
        else:
            self.meet(node, self.code.meaning(node), around)

    def read_call(self, node: ast.Call, around: tuple[ast.AST, ...]) -> None:
        """`getattr(self, "city")`; with a default it may be missing."""
        match node:
            case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value=str(name)), *default]):
                thing = inspect.getattr_static(self.flow, name, MISSING) if self.is_flow(owner) else None
                if thing is not MISSING or not default:
                    self.meet_member(node, name, thing, around, owner_of(self.flow, name))

    def meet_member(
        self,
        node: ast.expr,
        name: str,
        thing: Any,
        around: tuple[ast.AST, ...],
        owner: type | None,
    ) -> None:
        """An attribute of the flow: a step, a method, a constant, or nothing that it has."""
        if thing is MISSING:
            self.found.unknown.append((name, node.lineno))
        else:
            self.meet(node, thing, around, name, owner)

    def meet(
        self,
        node: ast.AST,
        thing: Any,
        around: tuple[ast.AST, ...],
        name: str = "",
        owner: type | None = None,
    ) -> None:
        """Something that a name in the code stands for."""
        parent = around[0] if around else None
        if isinstance(thing, Step):
            self.meet_step(node, thing, around)
        elif isinstance(thing, type) and _is_flow(thing):
            self.meet_flow(node, thing, around)
        elif (function := function_of(thing)) is not None:
            if owned(self.flow, function):
                bound = owner is not None and not isinstance(thing, staticmethod)
                self.use(function, parent if _calls(parent, node) else None, owner, bound)
        elif is_constant(thing) and isinstance(node, ast.Name | ast.Attribute):
            self.found.constants[name or ast_name(node)] = thing

    def meet_step(self, node: ast.AST, step: Step, around: tuple[ast.AST, ...]) -> None:
        parent = around[0] if around else None
        if isinstance(parent, ast.Attribute):
            if parent.attr == "handler":
                self.found.parts += handler(self.flow, step)
        elif not isinstance(parent, ast.Compare) and step.name in self.flow.steps:
            call = self.sub_call(node, around)
            passed = self.code.meaning(_argument(call, 0, "flow")) if call else None
            self.found.steps.append((step.name, passed if _is_flow(passed) else None))

    def meet_flow(self, node: ast.AST, other: type[Flow], around: tuple[ast.AST, ...]) -> None:
        if self.sub_call(node, around):
            self.found.sub_flows.append(other)
        elif not isinstance(
            around[0] if around else None, ast.Attribute | ast.Compare | ast.Call | ast.keyword
        ):
            self.found.flows.append(other)

    def use(self, function: FunctionType, call: ast.AST | None, owner: type | None, bound: bool) -> None:
        """A function of the owner: the flow is its first parameter, or where the call puts it."""
        names = Code(function).parameters
        given = []
        if isinstance(call, ast.Call):
            known = dict(zip(names[1:] if bound else names, call.args, strict=False))
            known |= {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg}
            given = [name for name, value in known.items() if self.is_flow(value)]
        part = Part(function, frozenset(given) | frozenset(names[:1] if bound else ()), owner)
        self.found.parts.append(part)
        if call is not None:
            self.found.calls[call] = part

    def sub_call(self, node: ast.AST, around: tuple[ast.AST, ...]) -> ast.Call | None:
        """The `self.call(...)` that has the node as an argument, if it stands in one."""
        call = next((outer for outer in around if not isinstance(outer, ast.keyword | ast.IfExp)), None)
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute) or call.func is node:
            return None
        return call if call.func.attr == "call" and self.is_flow(call.func.value) else None

    def is_flow(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id in self.part.known_as

    def inherited(self, name: str) -> tuple[Any, type | None]:
        """What `super().name` is for the flow, and whose it is."""
        order = list(self.flow.__mro__)
        behind = order[order.index(self.part.owner) + 1 :] if self.part.owner in order else []
        owner = next((base for base in behind if name in vars(base)), None)
        return (None, None) if owner is None else (vars(owner)[name], owner)


def ast_name(node: ast.Name | ast.Attribute) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr


def _is_flow(thing: Any) -> bool:
    return isinstance(thing, type) and issubclass(thing, Flow) and thing is not Flow


def _is_super(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _calls(parent: ast.AST | None, node: ast.AST) -> bool:
    return isinstance(parent, ast.Call) and parent.func is node


def _argument(call: ast.Call, place: int, name: str) -> ast.AST:
    named = [keyword.value for keyword in call.keywords if keyword.arg == name]
    return next(iter([*call.args[place : place + 1], *named]), call)
