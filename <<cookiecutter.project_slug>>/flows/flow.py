"""`Flow`: what an owner subclasses to write a conversation."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import override

from flows.hours import Hours
from flows.prompts import Audio, Prompt, fill
from flows.retries import Retries
from flows.scene import Scene
from flows.state import Answer, State
from flows.steps import COMMANDS, Again, Ask, Next, Step, SubFlow

registry: dict[str, type["Flow"]] = {}
"""Every flow by its name. Of two flows with one name the first stays; a system check names both."""

twins: list[tuple[type["Flow"], type["Flow"]]] = []


class FlowError(Exception):
    """A flow that cannot work as it is written."""


class Answers(Mapping[str, str]):
    """What the caller answered: `answers.city` is the last answer at that step, `all` every one."""

    def __init__(self, given: Iterable[Answer]) -> None:
        self.given = list(given)

    def __getitem__(self, step: str) -> str:
        return {name: value for name, value, _ in self.given}[step]

    def __getattr__(self, step: str) -> str:
        try:
            return self[step]
        except KeyError:
            raise AttributeError(f"no answer was given at the step {step!r} yet") from None

    def __iter__(self) -> Iterator[str]:
        return iter({name: value for name, value, _ in self.given})

    def __len__(self) -> int:
        return len({name for name, _, _ in self.given})

    @property
    def words(self) -> Mapping[str, str]:
        """The answers as they are said."""
        return {name: words for name, _, words in self.given}

    def all(self, step: str) -> list[str]:
        return [value for name, value, _ in self.given if name == step]

    def add(self, answer: Answer) -> None:
        self.given.append(answer)

    def drop(self, step: str) -> None:
        """Forgets the last answer at that step."""
        place = next(
            (index for index, answer in enumerate(reversed(self.given)) if answer.step == step), None
        )
        if place is not None:
            del self.given[len(self.given) - 1 - place]


class Flow:
    """A conversation. Its steps are decorated methods, and it begins at `start`.

    A method hears what came back and returns what follows: a step, another flow, `self.call(...)`,
    `self.again(...)`, or None to say goodbye. In it, `self.say` speaks before what follows, `self.answers`
    has what was answered, `self.data` what the flow wants to keep (JSON), `self.outcome` a word for the
    reports, `self.now` the local time. It may run twice for one answer, but what it writes to the database
    is kept once.

    Attributes:
        person: the name of the step that stands for a person; without it, the fallback number does.
        machine: the name of the step that follows when an answering machine takes a call of ours.
        commands: what callers may say at every question (`flows.steps.COMMANDS`).
        command_keys: the keys of commands, where the question does not need them itself.
        calling_hours: when calls of ours may be made.
        retries: after how many minutes a call of ours is tried again.
    """

    no_input: Prompt | None = None
    no_match: Prompt | None = None
    low_confidence: Prompt | None = None
    confirm: Prompt | None = None
    goodbye: Prompt | None = None
    apology: Prompt | None = None
    not_understood: Prompt | None = None
    changed: Prompt | None = None
    voice_only: Prompt | None = None
    help: Prompt | None = None

    person: ClassVar[str] = ""
    machine: ClassVar[str] = ""
    commands: ClassVar[tuple[str, ...]] = COMMANDS
    command_keys: ClassVar[Mapping[str, str]] = {"help": "*", "person": "0"}
    calling_hours: ClassVar[Hours | None] = None
    retries: ClassVar[Retries] = Retries()

    name: ClassVar[str] = ""
    steps: ClassVar[Mapping[str, Step]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
        cls.steps = _steps(cls)
        _check_followers(cls)
        if "start" in cls.steps:
            _register(cls)

    def __init__(self, scene: Scene, state: State) -> None:
        self.scene = scene
        self.caller = scene.party.caller
        self.called = scene.party.called
        self.channel = scene.party.channel
        self.now: datetime = scene.now
        self.language = state.language or scene.party.language
        self.answers = Answers(state.answers)
        self.data: dict[str, Any] = dict(state.data)
        self.outcome = state.outcome
        self.milestones = list(state.milestones)
        self.said: list[str] = []

    def say(self, prompt: Prompt, **places: object) -> None:
        """Speaks before whatever follows: `self.say("That is {price} dollars.", price=12)`.

        What a caller said belongs into a place and not into the text, which is a pattern of ours.
        """
        if words := self.words(prompt, places):
            self.said.append(words)

    def milestone(self, name: str) -> None:
        """Notes, once, that the caller came this far."""
        if name not in self.milestones:
            self.milestones.append(name)

    def call(self, flow: type["Flow"], then: Next = None) -> SubFlow:
        """What follows is another flow, and after its end the step `then`, or the end of this one."""
        if then is not None and not isinstance(then, Step):
            raise FlowError(f"self.call(then=...) takes a step of this flow, not {type(then).__name__}")
        return SubFlow(flow, then.name if then else "")

    def again(self, reason: Prompt, **places: object) -> Again:
        """What follows is the same question, once more, after these words; `places` as in `say`."""
        return Again(reason, places)

    def ended(self) -> None:
        """Runs once when all is over, by whatever end; for the owner to override. Nobody listens any more."""

    def words(
        self, prompt: Prompt, places: Mapping[str, object] | None = None, *, written: bool | None = None
    ) -> str:
        """The prompt as it is said now, in the language of the conversation.

        `places` are values by their names in the prompt. `written` says that it is read and not heard;
        without it, what the channel does.
        """
        written = self.scene.is_text if written is None else written
        while callable(prompt):
            prompt = prompt(self)
        if isinstance(prompt, Audio):
            address = None if written else self.scene.addresses.sound(prompt.file, self.language)
            if address:
                return address
            prompt = prompt.text
        with override(self.language or None):
            text = str(prompt)
        answers = self._written() if written else self.answers.words
        known = {**(places or {}), "answers": answers, "data": self.data}
        return fill(text, known, markup=not written)

    def _written(self) -> Mapping[str, str]:
        """The answers as they are written: those of other flows as they were said."""
        hearing = replace(self.scene.hearing(self.language), channel="text")
        asked = {name: step for name, step in self.steps.items() if isinstance(step, Ask)}
        return {
            name: asked[name].grammar_for(self).words(value, hearing) if name in asked else words
            for name, value, words in self.answers.given
        }

    def own(self, name: str) -> Prompt:
        """The engine's words of that name: the flow's, or else those of the language."""
        prompt: Prompt | None = getattr(self, name, None)
        return self.scene.hearing(self.language).language.prompts[name] if prompt is None else prompt


def _steps(flow: type[Flow]) -> dict[str, Step]:
    """The steps of the class and its bases, in the order of their declaration."""
    found: dict[str, Step] = {}
    for base in reversed(flow.__mro__):
        for name, value in vars(base).items():
            if isinstance(value, Step):
                found[name] = value
            else:
                found.pop(name, None)
    return found


def _check_followers(flow: type[Flow]) -> None:
    named = {f"{step.name}: otherwise": name for step in flow.steps.values() for name in step.followers()}
    named |= {attribute: getattr(flow, attribute) for attribute in ("person", "machine")}
    for place, name in named.items():
        if name and name not in flow.steps:
            known = ", ".join(flow.steps)
            raise FlowError(f"{flow.__qualname__}.{place}={name!r} is no step of it ({known})")


def _register(flow: type[Flow]) -> None:
    first = registry.setdefault(flow.name, flow)
    if (first.__module__, first.__qualname__) == (flow.__module__, flow.__qualname__):
        registry[flow.name] = flow
    else:
        twins.append((first, flow))
