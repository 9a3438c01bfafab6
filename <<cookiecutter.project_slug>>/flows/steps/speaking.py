"""`say`, `hang_up` and `reject`: steps that wait for nothing."""

from collections.abc import Callable
from typing import Any

from flows.prompts import Prompt
from flows.steps.base import Next, Step


class Say(Step):
    """Something said on the way to another step."""

    kind = "say"


class HangUp(Step):
    """The end of the conversation, at once: no calling flow goes on after it."""

    kind = "hang_up"


class Reject(Step):
    """A call that is not answered. Only the very first step of a call can do so; later it hangs up."""

    kind = "reject"


def say(prompt: Prompt | None = None) -> Callable[[Callable[[Any], Next]], Step]:
    """A step that only speaks; the method says what follows. Without a prompt it is a fork in the way."""
    return lambda handler: Say(handler, prompt)


def hang_up(prompt: Prompt | None = None) -> Callable[[Callable[[Any], None]], Step]:
    """Says the prompt, or the flow's goodbye, and ends the call; the method may note the outcome."""
    return lambda handler: HangUp(handler, prompt)


def reject(handler: Callable[[Any], None]) -> Step:
    """Does not answer the call: the caller hears that the line is busy. A text gets no reply."""
    return Reject(handler)
