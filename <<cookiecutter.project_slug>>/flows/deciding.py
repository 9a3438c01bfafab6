"""A decision in the making: the flow as it is, what is said on the way, and where it then stands."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from flows.attempts import Attempt
from flows.flow import Flow, FlowError, registry
from flows.grammars import Hearing
from flows.prompts import Prompt
from flows.scene import Scene
from flows.state import Frame, State, refuse_unstorable
from flows.steps import Again, Next, Stand, Step, SubFlow, Waiting
from tropo import Action, Call, Hangup, Reject, Tropo
from tropo import Say as SayAction
from tropo import Transfer as TransferAction


@dataclass(frozen=True, slots=True)
class Decision:
    """The next document, without its handlers, and where the conversation then stands.

    `signals` are the names of signals that the document waits for; `looks_up` says that the next POST is
    the time for a lookup.
    """

    document: Tropo
    state: State
    attempt: Attempt | None = None
    signals: tuple[str, ...] = ()
    looks_up: bool = False


class Deciding(ABC):
    """What every decision needs: speech, sub-flows, places to wait at, and ends."""

    def __init__(self, flow_type: type[Flow], scene: Scene, state: State) -> None:
        self.scene = scene
        self.state = state
        self.flow = flow_type(scene, state)
        self.stack = list(state.stack)
        self.trail = list(state.trail)
        self.attempt: Attempt | None = None

    @abstractmethod
    def go(self, follows: Next) -> Decision:
        """On to what follows, speaking on the way, until there is something to wait for."""

    @property
    def hearing(self) -> Hearing:
        return self.scene.hearing(self.flow.language)

    @property
    def voice(self) -> str | None:
        return self.scene.rules.voices.get(self.flow.language)

    def call(self, step: Step, *heard: Any) -> Next:
        """What the method of the step returns, once the flow's data is known to be storable."""
        follows: Any = step.handler(self.flow, *heard)
        refuse_unstorable(self.flow.data)
        is_flow = isinstance(follows, type) and issubclass(follows, Flow)
        if follows is not None and not is_flow and not isinstance(follows, Step | SubFlow | Again):
            raise FlowError(f"{step.name} must return a step, a flow or None, not {type(follows).__name__}")
        known: Next = follows
        return known

    def switch(self, flow_type: type[Flow]) -> Step:
        """Into another flow, with everything that was said and learned; its first step."""
        said = self.flow.said
        self.flow = flow_type(self.scene, self.now())
        self.flow.said = said
        self.trail.clear()
        return flow_type.steps["start"]

    def push(self, sub: SubFlow) -> Step:
        self.stack.append(Frame(self.flow.name, sub.then))
        return self.switch(sub.flow)

    def pop(self) -> Step | None:
        """Back in the flow that called this one; None when none is left with a step to go on with.

        A flow whose step a newer version no longer has begins anew.
        """
        callers = list(self.stack)
        while self.stack:
            frame = self.stack.pop()
            caller = registry.get(frame.flow)
            if caller is None or not frame.then:
                continue
            start = self.switch(caller)
            if frame.then in caller.steps:
                return caller.steps[frame.then]
            self.flow.say(self.flow.own("changed"))
            return start
        # They are told of the end.
        self.stack = callers
        return None

    def wait(
        self,
        step: Step,
        actions: list[Action],
        *,
        prompt: str,
        attempt: int = 1,
        rung: str = "",
        offered: tuple[str, ...] = (),
        again: bool = False,
    ) -> Decision:
        """The document that ends in these actions, and a state that stands at the step."""
        key = self.visit_key(step)
        visits = dict(self.state.visits)
        if not again:
            visits[key] = visits.get(key, 0) + 1
        state = self.now(
            step=step.name,
            visit=visits.get(key, 1),
            visits=visits,
            attempt=attempt,
            rung=rung,
            offered=offered,
            prompt=prompt,
            sensitive=step.sensitive,
        )
        return Decision(Tropo(*actions), state, self.attempt)

    def do(self, step: Waiting) -> Decision | None:
        """The document that does what the step is for; None where it cannot be done."""
        if self.scene.is_text and step.voice_only:
            return None
        visit = self.state.visits.get(self.visit_key(step), 0) + 1
        actions = step.actions(Stand(self.flow, visit))
        if actions is None:
            return None
        if step.prompt is not None:
            self.flow.say(step.prompt)
        return self.wait(step, [*self.speech(), *actions], prompt=" ".join(self.flow.said))

    def visit_key(self, step: Step) -> str:
        """What the visits of a step are counted under: two flows may have a step of one name."""
        return f"{self.flow.name}.{step.name}"

    def speech(self) -> list[Action]:
        """What was said on the way, as actions: each sentence of its own in a call, one text in a text."""
        if not self.scene.is_text:
            return [SayAction(words, voice=self.voice) for words in self.flow.said]
        text = "\n".join(self.flow.said)
        if not text:
            return []
        party = self.scene.party
        if party.opens_text:
            sender = party.called or None
            return [Call(party.caller, channel="TEXT", network="SMS", from_=sender), SayAction(text)]
        return [SayAction(text)]

    def end(self, farewell: Prompt | None = None) -> Decision:
        """The end of everything: what was said, or else the farewell."""
        if farewell is not None or not self.flow.said:
            self.flow.say(self.flow.own("goodbye") if farewell is None else farewell)
        return Decision(Tropo(*self.speech(), Hangup()), self.over(), self.attempt)

    def reject(self) -> Decision:
        """The end of a call that is not answered; one that is answered already is hung up."""
        unheard = not self.scene.is_text and self.scene.turn == 1 and not self.flow.said
        document = Tropo(Reject()) if unheard else Tropo(*self.speech(), Hangup())
        return Decision(document, self.over(), self.attempt)

    def fetch_person(self) -> Decision:
        """On to a person: the flow's own step, the fallback number, or a polite end."""
        if self.flow.person:
            return self.go(self.flow.steps[self.flow.person])
        if self.scene.is_text:
            self.flow.say(self.flow.own("voice_only"))
        return self.end_at_fallback()

    def end_at_fallback(self) -> Decision:
        """The end by way of the fallback number, where there is one that can be called."""
        fallback = self.scene.rules.fallback
        if not fallback or self.scene.is_text:
            return self.end()
        transfer = TransferAction(fallback, name="fallback")
        return Decision(Tropo(*self.speech(), transfer, Hangup()), self.over(), self.attempt)

    @property
    def has_person(self) -> bool:
        return bool(self.flow.person or self.scene.rules.fallback)

    def over(self) -> State:
        return self.now(step="", prompt="", attempt=0, rung="", offered=())

    def now(self, **place: Any) -> State:
        """The state as it is now, at that place."""
        known: dict[str, Any] = {
            "flow": self.flow.name,
            "step": self.state.step,
            "visit": self.state.visit,
            "visits": self.state.visits,
            "outcome": self.flow.outcome,
            "milestones": tuple(self.flow.milestones),
            "answers": tuple(self.flow.answers.given),
            "data": self.flow.data,
            "language": self.flow.language if self.flow.language != self.scene.party.language else "",
            "stack": tuple(self.stack),
            "trail": tuple(self.trail),
            "dial": self.state.dial,
        }
        return State(**known | place)
