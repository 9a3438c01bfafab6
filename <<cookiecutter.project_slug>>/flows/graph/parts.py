"""The functions of the owner that make a flow: where reading its code begins."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from flows.flow import Flow
from flows.graph.source import function_of, top_package
from flows.steps import Step

_LIBRARY = ("flows", "builtins", "typing", "abc")


@dataclass(frozen=True, slots=True)
class Part:
    """A function of the owner, and how it sees the flow.

    `known_as` are the names that the flow has in it, `owner` is the class whose method it is, and
    `of_step` says that it is a step's, so that the step's decorator stands above it.
    """

    function: FunctionType
    known_as: frozenset[str] = frozenset()
    owner: type | None = None
    of_step: bool = False


def roots(flow: type[Flow]) -> Iterator[Part]:
    """Methods of steps, functions that steps are given, and what the class has in place of the engine's."""
    for step in flow.steps.values():
        yield from handler(flow, step)
        for name, thing in vars(step).items():
            if name != "handler" and (function := function_of(thing)) is not None and owned(flow, function):
                yield Part(function, _first_parameter(function))
    for name in vars(Flow):
        own = function_of(inspect.getattr_static(flow, name))
        if own is not None and owned(flow, own):
            yield Part(own, _first_parameter(own), owner_of(flow, name))


def handler(flow: type[Flow], step: Step) -> list[Part]:
    """The method of a step, and what it is wrapped in."""
    found = []
    function: Any = step.handler
    owner = next((base for base in flow.__mro__ if vars(base).get(step.name) is step), None)
    while isinstance(function, FunctionType):
        found.append(Part(function, _first_parameter(function), owner, of_step=True))
        function = getattr(function, "__wrapped__", None)
    return found


def owned(flow: type[Flow], thing: Any) -> bool:
    """Whether something is the owner's own: of the package of the flow, or of a flow it inherits from."""
    packages = {top_package(base) for base in flow.__mro__} - set(_LIBRARY)
    return top_package(thing) in packages


def owner_of(flow: type[Flow], name: str) -> type | None:
    """The class that an attribute of the flow comes from."""
    return next((base for base in flow.__mro__ if name in vars(base)), None)


def _first_parameter(function: FunctionType) -> frozenset[str]:
    code = function.__code__
    return frozenset(code.co_varnames[: min(1, code.co_argcount)])
