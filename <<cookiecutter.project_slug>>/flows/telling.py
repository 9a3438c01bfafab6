"""One decision, at whatever kind of step: what was heard there, and what follows."""

from dataclasses import replace
from typing import Any

from flows.attempts import Attempt, AttemptResult, Rung
from flows.deciding import Decision
from flows.flow import FlowError
from flows.heard import Found
from flows.ladder import Asking
from flows.prompts import Prompt
from flows.steps import Ask, Back, HangUp, Lookup, Next, Record, Reject, Say, Step, SubFlow, Waiting
from tropo import Hangup, Recognition, Result, Tropo

CALLING = "@call"
"""Where a conversation of ours stands while the telephone rings. No step can have this name."""

_MOST_STEPS = 50


class Telling(Asking):
    """One decision, at whatever kind of step."""

    def hear(self, step: Step | None, heard: Result | str, event: str, found: Found | None) -> Decision:
        if self.state.step == CALLING and isinstance(heard, Result):
            return self.hear_of_call(heard)
        back = back_of(self.state.step, heard, event, found)
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
        heard = as_heard(text)
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
        return self.end_at_fallback()


class _Onward:
    """What follows a step that could not be done."""

    def __init__(self, follows: Next) -> None:
        self.follows = follows


_REASONS = {"BUSY": "busy", "TIMEOUT": "no answer", "REJECTED": "busy", "FAILED": "failed"}


def back_of(step: str, heard: Result | str, event: str, found: Found | None) -> Back:
    if isinstance(heard, str):
        return Back(as_heard(heard), event=event)
    recognition = heard.action(step) or Recognition(disposition="ERROR" if heard.error else "")
    return Back(recognition, heard.complete is not False, bool(heard.error), event, found)


def as_heard(words: str) -> Recognition:
    return Recognition(disposition="SUCCESS", mode="text", utterance=words, interpretation=words, value=words)
