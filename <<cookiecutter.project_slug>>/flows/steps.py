"""Steps: what a flow asks, says or connects, each above the method that takes what comes back."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flows.grammars import Grammar
from flows.prompts import Prompt, message_id

CONFIDENT = 40
"""Speech below this confidence (0 to 100) counts as not understood, unless a question says otherwise."""


@dataclass(frozen=True, slots=True)
class Leg:
    """What became of a transfer: `outcome` in the platform's word, in lower case, and seconds connected."""

    outcome: str
    connected_seconds: int

    @property
    def connected(self) -> bool:
        return self.outcome == "success"


class Step:
    """One step of a flow, under the name of the method it decorates."""

    kind: str
    name: str = ""

    def __init__(self, handler: Callable[..., "Next"]) -> None:
        self.handler = handler
        self.__doc__ = handler.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, flow: object, owner: type) -> "Step":
        """`self.city` in a handler is the step itself: what follows."""
        return self

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"

    def followers(self) -> tuple[str, ...]:
        """The names of steps that follow without the handler's word."""
        return ()

    def place(self) -> tuple[str, int]:
        """The file and the line where the step is written."""
        code = inspect.unwrap(self.handler).__code__
        return code.co_filename, code.co_firstlineno

    def prompts(self) -> Mapping[str, Prompt]:
        """Everything the step can say, by the name of its option."""
        found = {name: getattr(self, name, None) for name in ("prompt", "retry", "keypad", "confirm")}
        return {name: prompt for name, prompt in found.items() if prompt is not None}

    def spec(self) -> dict[str, Any]:
        """Everything that is declared, for the graph and the version of the flow."""
        prompts = {name: message_id(prompt) for name, prompt in self.prompts().items()}
        return {"kind": self.kind, "prompts": prompts, **self.options()}

    def options(self) -> dict[str, Any]:
        """What is declared besides prompts, as JSON can hold it."""
        return {}


Next = Step | None


class Ask(Step):
    """A question: asked up to `attempts` times, each attempt a turn of its own."""

    kind = "ask"

    def __init__(
        self, handler: Callable[..., Next], prompt: Prompt, grammar: Grammar, **options: Any
    ) -> None:
        super().__init__(handler)
        self.prompt = prompt
        self.grammar = grammar
        self.retry: Prompt | None = options["retry"]
        self.keypad: Prompt | None = options["keypad"]
        self.otherwise: str | None = options["otherwise"]
        self.attempts: int = options["attempts"]
        self.sensitive: bool = options.get("sensitive", False)
        self.confirm = options.get("confirm")
        self.commands = options.get("commands")
        self.confidence: int = options["confidence"]

    def followers(self) -> tuple[str, ...]:
        return (self.otherwise,) if self.otherwise else ()

    def options(self) -> dict[str, Any]:
        grammar = {"kind": type(self.grammar).__name__, **self.grammar.spec()}
        return {"grammar": grammar, "attempts": self.attempts}

    def keypad_only(self, attempt: int) -> bool:
        """True on the last attempt of a question that has a keypad prompt."""
        return self.keypad is not None and attempt == self.attempts > 1


class Say(Step):
    """Something said on the way to another step."""

    kind = "say"

    def __init__(self, handler: Callable[..., Next], prompt: Prompt) -> None:
        super().__init__(handler)
        self.prompt = prompt


class Transfer(Step):
    """The caller is connected with a number, and comes back when that call is over."""

    kind = "transfer"

    def __init__(self, handler: Callable[..., Next], to: str, prompt: Prompt | None, timeout: float) -> None:
        super().__init__(handler)
        self.to = to
        self.prompt = prompt
        self.timeout = timeout

    def options(self) -> dict[str, Any]:
        return {"to": self.to, "timeout": self.timeout}


def ask(
    prompt: Prompt,
    grammar: Grammar,
    *,
    retry: Prompt | None = None,
    keypad: Prompt | None = None,
    otherwise: str | None = None,
    attempts: int = 3,
    confidence: int = CONFIDENT,
    sensitive: bool = False,
    confirm: Prompt | None = None,
    commands: tuple[str, ...] | None = None,
) -> Callable[[Callable[[Any, str], Next]], Step]:
    """A question; the method gets the answer as a string.

    Args:
        prompt: what is asked, text or a function of the flow.
        grammar: what may be answered.
        retry: said instead of the prompt from the second attempt on; without it, the prompt again.
        keypad: said at the last attempt, which then takes keys only.
        otherwise: the name of the step that follows the last attempt; without it, the call ends.
        attempts: how often the question is asked in one visit.
        confidence: speech below it (0 to 100) counts as not understood.
    """
    if attempts < 1:
        raise ValueError(f"attempts must be 1 or more, not {attempts}")

    def decorate(handler: Callable[[Any, str], Next]) -> Step:
        return Ask(
            handler,
            prompt,
            grammar,
            retry=retry,
            keypad=keypad,
            otherwise=otherwise,
            attempts=attempts,
            confidence=confidence,
            sensitive=sensitive,
            confirm=confirm,
            commands=commands,
        )

    return decorate


def say(prompt: Prompt) -> Callable[[Callable[[Any], Next]], Step]:
    """A step that only speaks; the method says what follows."""
    return lambda handler: Say(handler, prompt)


def transfer(
    to: str, prompt: Prompt | None = None, *, timeout: float = 30
) -> Callable[[Callable[[Any, Leg], Next]], Step]:
    """Connects the caller with a number; the method gets the `Leg` when that call is over.

    Args:
        to: the number, in E.164, or a SIP address.
        prompt: said before it rings.
        timeout: how long it rings, in seconds.
    """
    return lambda handler: Transfer(handler, to, prompt, timeout)
