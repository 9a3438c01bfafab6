"""The conversation engine: a flow, its state and what was heard in; a document and a new state out.

It is pure: it knows no database, no request and no clock. One document asks one input, last and
once; every retry is a turn of its own, so that every attempt is recorded.
"""

from dataclasses import dataclass, replace
from typing import Any
from xml.sax.saxutils import escape

from flows.attempts import Attempt, AttemptResult
from flows.flow import Flow, FlowError
from flows.prompts import Prompt
from flows.state import Party, State, refuse_unstorable
from flows.steps import Ask, Leg, Next, Say, Step, Transfer
from tropo import Action, Hangup, Recognition, Result, Tropo
from tropo import Ask as AskAction
from tropo import Say as SayAction
from tropo import Transfer as TransferAction

_MOST_SAID_STEPS = 50
_SILENCE_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Decision:
    """The next document, without its handlers, and where the conversation then stands."""

    document: Tropo
    state: State
    attempt: Attempt | None = None


class FlowFailed(Exception):
    """The owner's code raised `__cause__`. `attempt` is what the caller had answered, if anything."""

    def __init__(self, flow: str, step: str, attempt: Attempt | None) -> None:
        super().__init__(f"the flow {flow} raised at {step or 'its beginning'}")
        self.attempt = attempt


def begin(flow_type: type[Flow], party: Party) -> Decision:
    """The first document of a conversation.

    Raises:
        FlowFailed: a prompt, a grammar or a method of the flow raised.
    """
    if party.channel == "text":
        return _over(State(outcome="voice only"), flow_type.voice_only)
    try:
        return _Turn(flow_type, party, State()).go(flow_type.steps["start"])
    except Exception as error:
        raise FlowFailed(flow_type.name, "", None) from error


def proceed(flow_type: type[Flow], party: Party, state: State, result: Result) -> Decision:
    """The document that follows what was heard at the step where the conversation stands.

    A step that a newer version of the flow no longer has begins the flow anew.

    Raises:
        FlowFailed: a prompt, a grammar or a method of the flow raised.
    """
    turn = _Turn(flow_type, party, state)
    try:
        heard = result.action(state.step) or Recognition(disposition="ERROR" if result.error else "")
        return turn.hear(flow_type.steps.get(state.step), heard)
    except Exception as error:
        raise FlowFailed(flow_type.name, state.step, turn.attempt) from error


def apologise(flow_type: type[Flow], state: State, attempt: Attempt | None, fallback: str = "") -> Decision:
    """The end of a conversation whose flow failed: the answer is kept, the caller goes to `fallback`.

    `fallback` is a number; without one the call ends after the apology.
    """
    kept = None if attempt is None else attempt.failed()
    return replace(_over(state, flow_type.apology, fallback), attempt=kept)


def last_words(words: str, fallback: str = "") -> Tropo:
    """The document that says these words and ends the call, by way of the `fallback` number if any."""
    transfers = [TransferAction(fallback, name="fallback")] if fallback else []
    return Tropo(SayAction(escape(words)), *transfers, Hangup())


def _over(state: State, words: str, fallback: str = "") -> Decision:
    return Decision(last_words(words, fallback), replace(state, step="", prompt="", attempt=0))


class _Turn:
    """One decision in the making: the flow as it was, and what came back."""

    def __init__(self, flow_type: type[Flow], party: Party, state: State) -> None:
        self.flow = flow_type(party, state)
        self.party = party
        self.state = state
        self.attempt: Attempt | None = None

    def hear(self, step: Step | None, heard: Recognition) -> Decision:
        match step:
            case Ask():
                return self.hear_answer(step, heard)
            case Transfer():
                return self.hear_of_leg(step, heard)
        self.attempt = Attempt.of(self.state, AttemptResult.ERROR, heard)
        return self.go(self.flow.steps["start"])

    def hear_answer(self, step: Ask, heard: Recognition) -> Decision:
        # Kept before the grammar is asked: it may be a query of the owner's that fails.
        self.attempt = Attempt.of(self.state, AttemptResult.NO_MATCH, heard)
        result, value = judge(step, heard)
        self.attempt = replace(self.attempt, result=result, value=value)
        if result is AttemptResult.ANSWERED:
            self.flow.answers.add(step.name, value)
            return self.go(self.call(step, value))
        if self.state.attempt < step.attempts:
            return self.ask_again(step, result)
        return self.go(self.flow.steps[step.otherwise] if step.otherwise else None)

    def hear_of_leg(self, step: Transfer, heard: Recognition) -> Decision:
        leg = Leg(heard.disposition.lower() or "failed", heard.connected_seconds or 0)
        result = AttemptResult.TRANSFERRED if leg.connected else AttemptResult.NOT_TRANSFERRED
        self.attempt = replace(Attempt.of(self.state, result, heard), leg_outcome=leg.outcome, mode="")
        return self.go(self.call(step, leg))

    def call(self, step: Step, *heard: Any) -> Next:
        """What the method of the step returns, once it is a step, and the flow's data can be stored."""
        follows = step.handler(self.flow, *heard)
        refuse_unstorable(self.flow.data)
        if follows is not None and not isinstance(follows, Step):
            raise FlowError(f"{step.name} must return a step or None, not {type(follows).__name__}")
        return follows

    def go(self, step: Next) -> Decision:
        """On to a step, speaking on the way, until there is something to wait for."""
        for _ in range(_MOST_SAID_STEPS):
            if not isinstance(step, Say):
                break
            self.flow.say(step.prompt)
            step = self.call(step)
        match step:
            case Ask():
                return self.ask(step, attempt=1, prompt=step.prompt)
            case Transfer():
                return self.transfer(step)
            case None:
                return self.end()
        raise FlowError(f"{_MOST_SAID_STEPS} steps in a row only speak: the last is {step.name}")

    def ask(self, step: Ask, *, attempt: int, prompt: Prompt) -> Decision:
        question = self.flow.words(prompt)
        action = AskAction(
            step.grammar.choices(keypad_only=step.keypad_only(attempt)),
            [SayAction(words) for words in (*self.flow.said, question)],
            name=step.name,
            attempts=1,
            bargein=True,
            min_confidence=0,
            recognizer=self.party.language or None,
            timeout=_SILENCE_SECONDS,
            voice=self.party.voice or None,
        )
        return self.wait(step, attempt, question, action)

    def ask_again(self, step: Ask, result: AttemptResult) -> Decision:
        """The same visit, one attempt on: in other words, or what went wrong and then the question."""
        attempt = self.state.attempt + 1
        if step.keypad is not None and step.keypad_only(attempt):
            prompt = step.keypad
        elif step.retry is not None:
            return self.ask(step, attempt=attempt, prompt=step.retry)
        else:
            prompt = step.prompt
        self.flow.say(self.flow.no_input if result is AttemptResult.NO_INPUT else self.flow.no_match)
        return self.ask(step, attempt=attempt, prompt=prompt)

    def transfer(self, step: Transfer) -> Decision:
        if step.prompt is not None:
            self.flow.say(step.prompt)
        action = TransferAction(step.to, name=step.name, timeout=step.timeout)
        return self.wait(step, 1, " ".join(self.flow.said), *self.speech(), action)

    def end(self) -> Decision:
        if not self.flow.said:
            self.flow.say(self.flow.goodbye)
        document = Tropo(*self.speech(), Hangup())
        return Decision(document, self.now(step="", prompt="", attempt=0), self.attempt)

    def wait(self, step: Step, attempt: int, prompt: str, *actions: Action) -> Decision:
        visits = dict(self.state.visits)
        if attempt == 1:
            visits[step.name] = visits.get(step.name, 0) + 1
        place = {"step": step.name, "visit": visits[step.name], "attempt": attempt}
        state = self.now(prompt=prompt, visits=visits, **place)
        return Decision(Tropo(*actions), state, self.attempt)

    def speech(self) -> list[SayAction]:
        return [SayAction(words, voice=self.party.voice or None) for words in self.flow.said]

    def now(self, **place: Any) -> State:
        return replace(
            self.state,
            outcome=self.flow.outcome,
            milestones=tuple(self.flow.milestones),
            answers=tuple(self.flow.answers.given),
            data=self.flow.data,
            **place,
        )


def judge(step: Ask, heard: Recognition) -> tuple[AttemptResult, str]:
    """How an attempt at a question ended, and the answer when there is one."""
    if heard.disposition in ("", "TIMEOUT"):
        return AttemptResult.NO_INPUT, ""
    if heard.disposition == "ERROR":
        return AttemptResult.ERROR, ""
    value = step.grammar.match(heard) if heard.matched else None
    if value is None:
        return AttemptResult.NO_MATCH, ""
    if heard.mode == "speech" and heard.confidence is not None and heard.confidence < step.confidence:
        return AttemptResult.LOW_CONFIDENCE, ""
    return AttemptResult.ANSWERED, value
