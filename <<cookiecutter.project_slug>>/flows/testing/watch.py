"""What is noticed while the engine decides: handlers that run, rows they make, and what they may not do."""

import inspect
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, NoReturn

import pytest
from django.db.models import Model
from django.db.models.signals import post_save

from flows.flow import Flow
from flows.graph import followers
from flows.steps import Step, SubFlow


@dataclass
class Move:
    """A handler that ran: `follows` is the name of the step it returned, empty for anything else."""

    flow: type[Flow]
    step: str
    follows: str = ""


@dataclass
class Watched:
    """One decision: its moves, in their order, and the primary keys of the rows that were created."""

    moves: list[Move] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)


_now: ContextVar[Watched | None] = ContextVar("watched", default=None)


def watching() -> bool:
    """Whether a decision is being made in this thread."""
    return _now.get() is not None


@contextmanager
def watched() -> Iterator[Watched]:
    """Gives what is noticed inside; a thread that is begun inside is not watched."""
    seen = Watched()
    token = _now.set(seen)
    try:
        yield seen
    finally:
        _now.reset(token)


def fail(problem: str) -> NoReturn:
    """Fails the test, past everything that takes an Exception for a flow that failed."""
    pytest.fail(problem, pytrace=False)


def where(flow: type[Flow], step: str) -> str:
    """The place of a step as a message names it: `flows.py:31 reception.city`."""
    file, line = place(flow, step)
    return f"{file}:{line} {flow.name}{'.' if step else ''}{step}"


def place(flow: type[Flow], step: str) -> tuple[str, int]:
    """File and line of a step, or of the flow where it has no such step."""
    if step in flow.steps:
        code = inspect.unwrap(flow.steps[step].handler).__code__
        return code.co_filename, code.co_firstlineno
    return inspect.getsourcefile(flow) or "", inspect.getsourcelines(flow)[1]


_exits: dict[tuple[type[Flow], str], list[str]] = {}


def exits(flow: type[Flow], step: str) -> list[str]:
    """The steps that can follow a step, as the flow's graph has them."""
    if (flow, step) not in _exits:
        token = _now.set(None)
        try:
            _exits[flow, step] = followers(flow, flow.steps[step])
        finally:
            _now.reset(token)
    return _exits[flow, step]


def install(patches: pytest.MonkeyPatch) -> None:
    """Puts the watch in place until `patches` are undone."""
    patches.setattr(Step, "handler", _WatchedHandler(), raising=False)
    for owner, name in (
        (socket, "getaddrinfo"),
        (socket.socket, "connect"),
        (socket.socket, "connect_ex"),
    ):
        patches.setattr(owner, name, _guarded(getattr(owner, name)))
    post_save.connect(_created, dispatch_uid="flows.testing")


class _WatchedHandler:
    """`Step.handler` under test: the plain function, and a noted one while the engine decides."""

    def __get__(self, step: Step | None, owner: type) -> Any:
        if step is None:
            return self
        handler = vars(step)["handler"]
        return _noted(step, handler) if watching() else handler

    def __set__(self, step: Step, handler: Callable[..., Any]) -> None:
        vars(step)["handler"] = handler


def _noted(step: Step, handler: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(handler)
    def noted(flow: Flow, *heard: Any) -> Any:
        move = Move(type(flow), step.name)
        if seen := _now.get():
            seen.moves.append(move)
        follows = handler(flow, *heard)
        move.follows = _name_of(follows)
        if move.follows in move.flow.steps and move.follows not in exits(move.flow, move.step):
            fail(
                f"{where(move.flow, move.step)} went on to {move.follows}, and the flow's graph has no such "
                f"edge: write `self.{move.follows}` in the method or in one that it calls"
            )
        return follows

    return noted


def _name_of(follows: Any) -> str:
    """The step that a handler returned, or that it wants to go on with after a sub-flow."""
    match follows:
        case Step():
            return follows.name
        case SubFlow():
            return follows.then
    return ""


def _guarded(opens: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(opens)
    def guarded(*args: Any, **options: Any) -> Any:
        seen = _now.get()
        if seen is not None:
            at = where(seen.moves[-1].flow, seen.moves[-1].step) if seen.moves else "a prompt or a grammar"
            fail(
                f"{at} opened a network connection, and the caller and the database wait for it: ask other "
                "systems in a lookup, tell them by transaction.on_commit or by a row that a command works off"
            )
        return opens(*args, **options)

    return guarded


def _created(sender: type[Model], instance: Model, created: bool, **options: Any) -> None:
    seen = _now.get()
    if seen is not None and created:
        seen.rows.append(str(instance.pk))
