"""`Flow`: what an owner subclasses to write a conversation."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from flows.prompts import Prompt, fill
from flows.state import Party, State
from flows.steps import Step

registry: dict[str, type["Flow"]] = {}
"""Every flow by its name. Of two flows with one name the first stays; a system check names both."""

twins: list[tuple[type["Flow"], type["Flow"]]] = []


class FlowError(Exception):
    """A flow that cannot work as it is written."""


class Answers(Mapping[str, str]):
    """What the caller answered: `answers.city` is the last answer at that step, `all` every one."""

    def __init__(self, given: Iterable[tuple[str, str]]) -> None:
        self.given = list(given)

    def __getitem__(self, step: str) -> str:
        return dict(self.given)[step]

    def __getattr__(self, step: str) -> str:
        try:
            return self[step]
        except KeyError:
            raise AttributeError(f"no answer was given at the step {step!r} yet") from None

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.given))

    def __len__(self) -> int:
        return len(dict(self.given))

    def all(self, step: str) -> list[str]:
        return [answer for name, answer in self.given if name == step]

    def add(self, step: str, answer: str) -> None:
        self.given.append((step, answer))


class Flow:
    """A conversation. Its steps are decorated methods, and it begins at `start`.

    A method hears what came back and returns the step that follows, or None to say goodbye. In it,
    `self.say` speaks before what follows, `self.answers` has what was answered, `self.data` what the
    flow wants to keep (JSON), `self.outcome` a word for the reports. It may run twice for one answer,
    but what it writes to the database is kept once.
    """

    no_input: str = "Sorry, I did not hear you."
    no_match: str = "Sorry, I did not understand."
    goodbye: str = "Goodbye."
    apology: str = "We are sorry, something went wrong here. Please call again later."
    voice_only: str = "Please call this number: we can only help you by telephone."

    person: ClassVar[str] = ""
    machine: ClassVar[str] = ""
    commands: ClassVar[tuple[str, ...]] = ("repeat", "back", "help", "person")

    name: ClassVar[str]
    steps: ClassVar[Mapping[str, Step]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
        cls.steps = _steps(cls)
        _check_followers(cls)
        if "start" in cls.steps:
            _register(cls)

    def __init__(self, party: Party, state: State) -> None:
        self.caller = party.caller
        self.called = party.called
        self.channel = party.channel
        self.language = party.language
        self.answers = Answers(state.answers)
        self.data: dict[str, Any] = dict(state.data)
        self.outcome = state.outcome
        self.milestones = list(state.milestones)
        self.said: list[str] = []

    def say(self, prompt: Prompt) -> None:
        """Speaks before whatever follows."""
        self.said.append(self.words(prompt))

    def milestone(self, name: str) -> None:
        """Notes, once, that the caller came this far."""
        if name not in self.milestones:
            self.milestones.append(name)

    def call(self, flow: type["Flow"], then: Any = None) -> Any:
        raise NotImplementedError

    def again(self, reason: Prompt) -> Any:
        raise NotImplementedError

    def words(self, prompt: Prompt) -> str:
        """The prompt as it is said now."""
        text = prompt(self) if callable(prompt) else prompt
        return fill(text, answers=self.answers, data=self.data)


def _steps(flow: type[Flow]) -> dict[str, Step]:
    """The steps of the class and its bases, in the order of their declaration."""
    found: dict[str, Step] = {}
    for base in reversed(flow.__mro__):
        found |= {name: value for name, value in vars(base).items() if isinstance(value, Step)}
    return found


def _check_followers(flow: type[Flow]) -> None:
    for step in flow.steps.values():
        for name in step.followers():
            if name not in flow.steps:
                known = ", ".join(flow.steps)
                raise FlowError(
                    f"{flow.__qualname__}.{step.name}: otherwise={name!r} is no step of it ({known})"
                )


def _register(flow: type[Flow]) -> None:
    first = registry.setdefault(flow.name, flow)
    if (first.__module__, first.__qualname__) == (flow.__module__, flow.__qualname__):
        registry[flow.name] = flow
    else:
        twins.append((first, flow))
