"""What every step is: a decorated method, what it declares, and what it makes of what comes back."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from flows.attempts import AttemptResult
from flows.heard import Found
from flows.prompts import Prompt, message_id
from tropo import Action, Recognition

if TYPE_CHECKING:
    from flows.flow import Flow


@dataclass(frozen=True, slots=True)
class SubFlow:
    """What `self.call` returns: a flow to pass through, and the step that follows then."""

    flow: "type[Flow]"
    then: str


@dataclass(frozen=True, slots=True)
class Again:
    """What `self.again` returns: a further attempt at the same question, and the words before it.

    `places` are the values for places in these words, by their names.
    """

    reason: Prompt
    places: Mapping[str, object]


class Step:
    """One step of a flow, under the name of the method it decorates."""

    kind: ClassVar[str]
    name: str = ""
    sensitive: bool = False

    def __init__(self, handler: Callable[..., "Next"], prompt: Prompt | None = None) -> None:
        self.handler = handler
        self.prompt = prompt
        self.__doc__ = handler.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, flow: object, owner: type) -> "Step":
        """`self.city` in a handler is the step itself: what follows."""
        return self

    def __repr__(self) -> str:
        return f"<{self.kind} {self.name}>"

    def place(self) -> tuple[str, int]:
        """The file and the line where the step is written."""
        code = inspect.unwrap(self.handler).__code__
        return code.co_filename, code.co_firstlineno

    def followers(self) -> tuple[str, ...]:
        """The names of steps that follow without the handler's word."""
        return ()

    def prompts(self) -> Mapping[str, Prompt]:
        """Everything the step can say, by the name of its option."""
        return {} if self.prompt is None else {"prompt": self.prompt}

    def spec(self) -> dict[str, Any]:
        """Everything that is declared, for the graph and the version of the flow."""
        prompts = {name: message_id(prompt) for name, prompt in self.prompts().items()}
        return {"kind": self.kind, "prompts": prompts, **self.options()}

    def options(self) -> dict[str, Any]:
        """What is declared besides prompts, as JSON can hold it."""
        return {}


Next: TypeAlias = "Step | type[Flow] | SubFlow | Again | None"


@dataclass(frozen=True, slots=True)
class Back:
    """What came back to a step: its part of the result, how the document ended, and the event that said so.

    `found` is what a lookup found.
    """

    heard: Recognition
    complete: bool = True
    failed: bool = False
    event: str = ""
    found: Found | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended, and what its method gets."""

    result: AttemptResult
    given: Any
    leg: str = ""


@dataclass(frozen=True, slots=True)
class Stand:
    """What a step may need for its action: the flow, the visit, and where the platform finds things."""

    flow: "Flow"
    visit: int


class Waiting(Step):
    """A step that gives the platform something to do, and hears how it ended."""

    voice_only: ClassVar[bool] = False
    on_text: Prompt | None = None
    signals: tuple[str, ...] = ()

    def actions(self, stand: Stand) -> list[Action] | None:
        """What the platform does after the prompt. None when it cannot be done: `refused` is given then."""
        raise NotImplementedError

    def read(self, back: Back) -> Outcome:
        """How it ended."""
        raise NotImplementedError

    def refused(self) -> Outcome:
        """How it ends where it cannot be done, as a transfer on the text channel."""
        raise NotImplementedError

    def prompts(self) -> Mapping[str, Prompt]:
        return {**super().prompts(), **({} if self.on_text is None else {"on_text": self.on_text})}


def given(value: Any, flow: object) -> Any:
    """An option that may be a function of the flow, as it is now."""
    return value(flow) if callable(value) else value


def named(value: Any) -> Any:
    """Such an option in a flow's graph."""
    return str(getattr(value, "__qualname__", type(value).__qualname__)) if callable(value) else value
