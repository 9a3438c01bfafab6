"""A question as it is put: its grammar, its commands, what the platform listens for, and the verdict.

One document asks one input, last and once; every retry is a turn of its own, so that each is recorded.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flows.attempts import AttemptResult, Rung
from flows.deciding import Deciding, Decision
from flows.flow import Flow, FlowError
from flows.grammars import Grammar, Listening, YesNo
from flows.grammars.base import normalise
from flows.grammars.engine import NEITHER, Choice
from flows.judging import Bands, Verdict, judge
from flows.steps import Ask
from tropo import Ask as AskAction
from tropo import Choices, Hangup, Recognition
from tropo import Say as SayAction

_HELP_KEYS = {"repeat": "1", "back": "2", "person": "0"}


class Questions(Deciding):
    """A decision that can ask."""

    def ask(
        self,
        step: Ask,
        attempt: int,
        rung: Rung,
        question: str,
        *,
        offered: tuple[str, ...] = (),
        again: bool = True,
    ) -> Decision:
        """The document that asks, on that rung, in these words."""
        grammar = self.grammar(step, rung, offered)
        place: dict[str, Any] = {"prompt": question, "attempt": attempt, "rung": rung, "offered": offered}
        if self.scene.is_text:
            self.flow.said.append(question)
            return self.wait(step, [*self.speech(), Hangup()], again=again, **place)
        action = AskAction(
            self.choices(step, grammar, rung),
            [SayAction(words) for words in (*self.flow.said, question)],
            name=step.name,
            attempts=1,
            bargein=True,
            min_confidence=0,
            recognizer=self.flow.language or None,
            timeout=step.silence or self.scene.rules.silence_seconds,
            voice=self.voice,
            asr_log_security="suppress" if step.sensitive else None,
        )
        return self.wait(step, [action], again=again, **place)

    def grammar(self, step: Ask, rung: str, offered: Sequence[str]) -> Grammar[Any]:
        """What may be answered on that rung."""
        if rung == Rung.CONFIRMATION:
            return YesNo()
        if rung == Rung.HELP:
            return Choice([])
        own = step.grammar_for(self.flow)
        if rung != Rung.CHOICE:
            return own
        neither = self.hearing.language.prompts["none"]
        return Choice([(stored, own.words(stored, self.hearing)) for stored in offered], neither)

    def commands(self, step: Ask, rung: str) -> dict[str, tuple[str, ...]]:
        """The commands that can be said on that rung, with their words and keys."""
        return commands_at(self.flow, step, rung)

    def choices(self, step: Ask, grammar: Grammar[Any], rung: str) -> Choices:
        """What the platform listens for.

        Without a public address, and when the platform could not use the file before, it is as much of the
        grammar as the protocol can say.
        """
        mode: Any = "dtmf" if rung == Rung.KEYPAD else "any"
        full = Listening(self.hearing, mode, self.commands(step, rung))
        if found := grammar.simple(full):
            return found
        of_run = grammar is not step.grammar
        broken = self.attempt is not None and self.attempt.result is AttemptResult.ERROR
        address = (
            None
            if broken
            else self.scene.addresses.grammar(self.flow.name, step.name, grammar, full, of_run=of_run)
        )
        if address:
            return Choices(address, mode=mode, terminator="#")
        bare = replace(full, commands={})
        by_key = replace(bare, mode="dtmf")
        found = grammar.simple(bare) or (grammar.simple(by_key) if grammar.keypad else None)
        if found is None:
            raise FlowError(f"the grammar of {step.name} needs a file, and PUBLIC_URL is not set")
        return found

    def asks_help(self, text: str) -> bool:
        """A text that is the word for help, as the networks want it understood."""
        return normalise(text) in self.hearing.language.text["help"]

    def judge(self, step: Ask, heard: Recognition) -> Verdict:
        """The verdict on what was heard, by the grammar of the rung where the question stands."""
        rung, offered = self.state.rung, self.state.offered
        grammar = self.grammar(step, rung, offered)
        bands = self.bands(step)
        if self.scene.is_text and self.asks_help(heard.utterance):
            return Verdict(AttemptResult.COMMAND, "help")
        if rung in (Rung.CONFIRMATION, Rung.CHOICE):
            bands = replace(bands, confirm=0)
        verdict = judge(grammar, heard, self.hearing, bands, self.commands(step, rung))
        if rung == Rung.CHOICE and self.scene.is_text and verdict.result is AttemptResult.NO_MATCH:
            own = step.grammar_for(self.flow)
            return judge(own, heard, self.hearing, bands, {})
        if verdict.result is not AttemptResult.ANSWERED:
            return verdict
        if rung == Rung.CONFIRMATION and verdict.value == "no":
            return Verdict(AttemptResult.DENIED, near=offered[1:])
        if rung == Rung.CONFIRMATION:
            return Verdict(AttemptResult.ANSWERED, offered[0])
        if rung == Rung.CHOICE and verdict.value == NEITHER:
            return Verdict(AttemptResult.DENIED)
        return verdict

    def bands(self, step: Ask) -> Bands:
        rules = self.scene.rules
        reject = rules.reject_below if step.reject_below is None else step.reject_below
        confirm = rules.confirm_below if step.confirm_below is None else step.confirm_below
        return Bands(reject, confirm if step.confirm is not None else 0)


def commands_at(flow: Flow, step: Ask, rung: str = Rung.QUESTION) -> dict[str, tuple[str, ...]]:
    """The commands of a question, with their words and keys: the same in every call of the flow."""
    keys = _HELP_KEYS if rung == Rung.HELP else flow.command_keys
    names = flow.commands if step.commands is None else step.commands
    words = flow.scene.hearing(flow.language).language.commands
    absent = {"person"} if not (flow.person or flow.scene.rules.fallback) else set()
    absent |= {"help"} if rung == Rung.HELP else set()
    return {
        name: (*words[name], *([keys[name]] if name in keys else [])) for name in names if name not in absent
    }
