"""The conversation engine: a flow, its state and what was heard in; a document and a new state out.

It is pure: it knows no database, no request and no clock.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from flows.attempts import Attempt, AttemptResult, Rung
from flows.deciding import Decision
from flows.flow import Flow, FlowError, registry
from flows.heard import Found
from flows.ladder import Asking
from flows.prompts import Prompt
from flows.scene import Scene
from flows.state import State, refuse_unstorable
from flows.steps import Ask, Back, HangUp, Lookup, Next, Record, Reject, Say, Step, SubFlow, Waiting
from tropo import Call, Hangup, Recognition, Result, Transfer, Tropo

logger = logging.getLogger("flows")

CALLING = "@call"
"""Where a conversation of ours stands while the telephone rings. No step can have this name."""

LOOKUP = "lookup"
"""The event of a turn token whose POST is the time for a lookup."""

_MOST_STEPS = 50


class FlowFailed(Exception):
    """The owner's code raised `__cause__`.

    `attempt` is what the caller had answered, if anything; `sensitive` says that the words of the exception
    may hold it. `call` is the call's key, for the log.
    """

    def __init__(self, flow: str, step: str, attempt: Attempt | None, *, sensitive: bool = False) -> None:
        super().__init__(f"the flow {flow} raised at {step or 'its beginning'}")
        self.attempt = attempt
        self.sensitive = sensitive
        self.call: UUID | None = None


def begin(
    flow_type: type[Flow],
    scene: Scene,
    *,
    text: str = "",
    announcement: str = "",
    state: State | None = None,
) -> Decision:
    """The first document of a conversation.

    `text` is the message that began it, which may be the first answer already. `announcement` is said before
    everything. `state` has what the flow knows beforehand: a text of ours comes with data.

    Raises:
        FlowFailed: a prompt, a grammar or a method of the flow raised.
    """
    turn = _Turn(flow_type, scene, state or State())
    try:
        turn.flow.say(announcement)
        if text and turn.asks_help(text):
            turn.flow.say(turn.flow.own("text_help"))
        decision = turn.go(flow_type.steps["start"])
        if text:
            said = turn.flow.said[:-1]
            turn = _Turn(type(turn.flow), scene, decision.state)
            turn.flow.said = said
            decision = turn.hear_first(text) or decision
        return _stored(decision)
    except Exception as error:
        place = turn.state
        raise FlowFailed(turn.flow.name, place.step, turn.attempt, sensitive=place.sensitive) from error


def call_out(flow_type: type[Flow], scene: Scene, state: State) -> Decision:
    """The first document of a call of ours: it dials, and finds out whether a person answers.

    `state` has the data that the call comes with.
    """
    party = scene.party
    action = Call(party.caller, from_=party.called or None, machine_detection=True)
    return Decision(Tropo(action), replace(state, flow=flow_type.name, step=CALLING, visit=1, attempt=1))


def proceed(
    flow_type: type[Flow],
    scene: Scene,
    state: State,
    heard: Result | str,
    *,
    event: str = "",
    found: Found | None = None,
) -> Decision:
    """The document that follows what was heard at the step where the conversation stands.

    `heard` is a result, or the words of a text. A step or a flow that a newer version no longer has begins
    `flow_type` anew.

    Raises:
        FlowFailed: a prompt, a grammar or a method of the flow raised, or it went on for too many turns.
    """
    now = flow_at(state, flow_type)
    step = now.steps.get(state.step) if now else None
    turn = _Turn(now if now and (step or state.step == CALLING) else flow_type, scene, state)
    sensitive = state.sensitive or (step is not None and step.sensitive)
    try:
        if scene.turn > scene.rules.most_turns:
            back = _back(state.step, heard, event, found)
            turn.attempt = Attempt.of(state, AttemptResult.ERROR, back.heard, sensitive=sensitive)
            raise FlowError(f"cut off after {scene.rules.most_turns} turns: the flow may go in circles")
        return _stored(turn.hear(step, heard, event, found))
    except Exception as error:
        raise FlowFailed(turn.flow.name, state.step, turn.attempt, sensitive=sensitive) from error


def flow_at(state: State, flow_type: type[Flow]) -> type[Flow] | None:
    """The flow where the conversation stands, whose first was `flow_type`; None when it is gone."""
    if state.flow in ("", flow_type.name):
        return flow_type
    return registry.get(state.flow)


def _stored(decision: Decision) -> Decision:
    """The decision, once it is known that its state can be stored: that is the flow's fault too."""
    decision.state.to_dict()
    return decision


def lookup_at(flow_type: type[Flow], scene: Scene, state: State) -> tuple[Callable[[], Any], float] | None:
    """What is to be looked up where the conversation stands, and in how many seconds at most."""
    now = flow_at(state, flow_type)
    step = now.steps.get(state.step) if now else None
    if now is None or not isinstance(step, Lookup):
        return None
    return partial(step.function, now(scene, state)), step.timeout


def ended(flow_type: type[Flow], scene: Scene, state: State) -> State:
    """Tells the flow that all is over; the state as it then is.

    Raises:
        FlowFailed: `ended` of the flow raised, or left what cannot be stored.
    """
    try:
        flow = flow_type(scene, state)
        flow.ended()
        refuse_unstorable(flow.data)
        after = replace(state, outcome=flow.outcome, milestones=tuple(flow.milestones), data=flow.data)
        after.to_dict()
    except Exception as error:
        raise FlowFailed(flow_type.name, "its end", None) from error
    return after


def turn_away(flow_type: type[Flow], scene: Scene, state: State, words: str) -> Decision:
    """The end at once, with words of the engine's: nothing of the flow is run."""
    turn = _Turn(flow_at(state, flow_type) or flow_type, scene, state)
    turn.flow.say(words)
    return turn.end()


def apologise(flow_type: type[Flow], scene: Scene, state: State, attempt: Attempt | None) -> Decision:
    """The end of a conversation whose flow failed: the answer is kept, the caller goes to the fallback."""
    turn = _Turn(flow_at(state, flow_type) or flow_type, scene, state)
    turn.attempt = None if attempt is None else attempt.failed()
    try:
        return turn.close(turn.flow.own("apology"))
    except Exception:
        logger.exception("the apology of the flow %s raised: that of the language is said", turn.flow.name)
        return turn.close(turn.hearing.language.prompts["apology"])


def last_words(scene: Scene, name: str) -> Tropo:
    """The document that says the engine's words of that name and ends the call, by way of the fallback."""
    turn = _Turn(Flow, scene, State())
    return turn.close(turn.flow.own(name)).document


class _Turn(Asking):
    """One decision, at whatever kind of step."""

    def hear(self, step: Step | None, heard: Result | str, event: str, found: Found | None) -> Decision:
        if self.state.step == CALLING and isinstance(heard, Result):
            return self.hear_of_call(heard)
        back = _back(self.state.step, heard, event, found)
        match step:
            case Ask():
                return self.hear_answer(step, back.heard)
            case Waiting():
                return self.hear_of(step, back)
        self.attempt = Attempt.of(self.state, AttemptResult.ERROR, back.heard)
        self.stack.clear()
        self.trail.clear()
        self.flow.say(self.flow.own("changed"))
        return self.go(self.flow.steps["start"])

    def hear_first(self, text: str) -> Decision | None:
        """The decision on a first text that answers the first question; None when it does not."""
        step = self.flow.steps.get(self.state.step)
        if not isinstance(step, Ask) or step.grammar_for(self.flow).free:
            return None
        heard = _text(text)
        if self.judge(step, heard).result is not AttemptResult.ANSWERED:
            return None
        return self.hear_answer(step, heard)

    def hear_of(self, step: Waiting, back: Back) -> Decision:
        outcome = step.read(back)
        attempt = Attempt.of(self.state, outcome.result, back.heard)
        kept = attempt.mode if outcome.result is AttemptResult.RECORDED else ""
        self.attempt = replace(attempt, leg_outcome=outcome.leg[:20], mode=kept)
        return self.go(self.call(step, outcome.given))

    def hear_of_call(self, result: Result) -> Decision:
        """Whether the called party was reached: a person, a machine, or nobody."""
        heard = result.action(CALLING) or Recognition()
        reached = result.state != "FAILED" and result.complete is not False
        machine = result.user_type == "MACHINE"
        reason = "machine" if machine else "" if reached else _REASONS.get(heard.disposition, "no answer")
        outcome = AttemptResult.REACHED if reached and not machine else AttemptResult.NOT_REACHED
        self.attempt = replace(Attempt.of(self.state, outcome, heard), leg_outcome=reason)
        if reached and not machine:
            return self.go(self.flow.steps["start"])
        if machine and self.flow.machine:
            return self.go(self.flow.steps[self.flow.machine])
        return Decision(Tropo(Hangup()), self.over(), self.attempt)

    def go(self, follows: Next) -> Decision:
        for _ in range(_MOST_STEPS):
            match follows:
                case SubFlow():
                    follows = self.push(follows)
                case type():
                    follows = self.switch(follows)
                case Say():
                    self.flow.say(follows.prompt or "")
                    follows = self.call(follows)
                case None:
                    follows = self.pop()
                    if follows is None:
                        return self.end()
                case Waiting():
                    decision = self.begin_step(follows)
                    if isinstance(decision, Decision):
                        return decision
                    follows = decision.follows
                case _:
                    return self.stop_at(follows)
        raise FlowError(f"{_MOST_STEPS} steps in a row wait for nothing: the last is {follows!r}")

    def begin_step(self, step: Waiting) -> "Decision | _Onward":
        """The document of the step, or what its method says where it cannot be done."""
        if self.scene.is_text and isinstance(step, Record):
            self.flow.say(step.prompt or "")
            return self.wait(step, [*self.speech(), Hangup()], prompt=" ".join(self.flow.said))
        if decision := self.do(step):
            return replace(decision, signals=step.signals, looks_up=isinstance(step, Lookup))
        if self.scene.is_text:
            self.flow.say(self.flow.own("voice_only") if step.on_text is None else step.on_text)
        return _Onward(self.call(step, step.refused().given))

    def stop_at(self, step: Any) -> Decision:
        match step:
            case Ask():
                return self.ask(step, 1, Rung.QUESTION, self.flow.words(step.prompt or ""), again=False)
            case HangUp():
                self.call(step)
                return self.end(step.prompt)
            case Reject():
                self.call(step)
                return self.reject()
        raise FlowError(f"{step!r} cannot follow here: self.again() is for the method of a question")

    def close(self, words: Prompt) -> Decision:
        """The end, with these words and nothing of the owner's."""
        self.flow.said = []
        self.flow.say(words)
        fallback = self.scene.rules.fallback
        if not fallback or self.scene.is_text:
            return self.end()
        transfer = Transfer(fallback, name="fallback")
        return Decision(Tropo(*self.speech(), transfer, Hangup()), self.over(), self.attempt)


class _Onward:
    """What follows a step that could not be done."""

    def __init__(self, follows: Next) -> None:
        self.follows = follows


_REASONS = {"BUSY": "busy", "TIMEOUT": "no answer", "REJECTED": "busy", "FAILED": "failed"}


def _back(step: str, heard: Result | str, event: str, found: Found | None) -> Back:
    if isinstance(heard, str):
        return Back(_text(heard), event=event)
    recognition = heard.action(step) or Recognition(disposition="ERROR" if heard.error else "")
    return Back(recognition, heard.complete is not False, bool(heard.error), event, found)


def _text(words: str) -> Recognition:
    return Recognition(disposition="SUCCESS", mode="text", utterance=words, interpretation=words, value=words)
