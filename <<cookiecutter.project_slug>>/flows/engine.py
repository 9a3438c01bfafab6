"""The conversation engine: a flow, its state and what was heard in; a document and a new state out.

It is pure: it knows no database, no request and no clock.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from flows.attempts import Attempt, AttemptResult
from flows.deciding import Decision
from flows.flow import Flow, FlowError, registry
from flows.heard import Found
from flows.scene import Scene
from flows.state import State, refuse_unstorable
from flows.steps import Lookup
from flows.telling import CALLING, Telling, back_of
from tropo import Call, Result, Tropo

logger = logging.getLogger("flows")

LOOKUP = "lookup"
"""The event of a turn token whose POST is the time for a lookup."""


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
    turn = Telling(flow_type, scene, state or State())
    try:
        turn.flow.say(announcement)
        if text and turn.asks_help(text):
            turn.flow.say(turn.flow.own("text_help"))
        decision = turn.go(flow_type.steps["start"])
        if text:
            said = turn.flow.said[:-1]
            turn = Telling(type(turn.flow), scene, decision.state)
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
    turn = Telling(now if now and (step or state.step == CALLING) else flow_type, scene, state)
    sensitive = state.sensitive or (step is not None and step.sensitive)
    try:
        if scene.turn > scene.rules.most_turns:
            back = back_of(state.step, heard, event, found)
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
    turn = Telling(flow_at(state, flow_type) or flow_type, scene, state)
    turn.flow.say(words)
    return turn.end()


def apologise(flow_type: type[Flow], scene: Scene, state: State, attempt: Attempt | None) -> Decision:
    """The end of a conversation whose flow failed: the answer is kept, the caller goes to the fallback."""
    turn = Telling(flow_at(state, flow_type) or flow_type, scene, state)
    turn.attempt = None if attempt is None else attempt.failed()
    try:
        return turn.close(turn.flow.own("apology"))
    except Exception:
        logger.exception("the apology of the flow %s raised: that of the language is said", turn.flow.name)
        return turn.close(turn.hearing.language.prompts["apology"])


def last_words(scene: Scene, name: str) -> Tropo:
    """The document that says the engine's words of that name and ends the call, by way of the fallback."""
    turn = Telling(Flow, scene, State())
    return turn.close(turn.flow.own(name)).document
