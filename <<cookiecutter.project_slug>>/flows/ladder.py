"""The recovery ladder of a question: asked, reworded, keyed, chosen or confirmed, and then a person.

One document asks one input, last and once; every retry is a turn of its own, so that each is recorded.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flows.attempts import Attempt, AttemptResult, Rung
from flows.deciding import Deciding, Decision
from flows.flow import Flow, FlowError
from flows.grammars import Grammar, Listening, YesNo
from flows.grammars.base import normalise
from flows.grammars.engine import NEITHER, Choice
from flows.heard import Secret
from flows.judging import Bands, Verdict, judge
from flows.prompts import Prompt
from flows.state import Answer
from flows.steps import Again, Ask, Step
from tropo import Ask as AskAction
from tropo import Choices, Hangup, Recognition, Tropo
from tropo import Say as SayAction

_REPEATED = set(Rung) - {Rung.HELP}
_HELP_KEYS = {"repeat": "1", "back": "2", "person": "0"}
_MOST_OFFERED = 3


class Asking(Deciding):
    """A decision at a question."""

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

    def hear_answer(self, step: Ask, heard: Recognition) -> Decision:
        """On from what was heard at a question."""
        # Kept before the grammar is asked: it may be a query of the owner's that fails.
        self.attempt = Attempt.of(self.state, AttemptResult.NO_MATCH, heard, sensitive=step.sensitive)
        verdict = self.judge(step, heard)
        shown = verdict.value if verdict.result is AttemptResult.COMMAND or not step.sensitive else ""
        self.attempt = replace(self.attempt, result=verdict.result, value=shown)
        match verdict.result:
            case AttemptResult.HUNG_UP:
                return Decision(Tropo(), self.state, self.attempt)
            case AttemptResult.COMMAND:
                return self.obey(step, verdict.value)
            case AttemptResult.ANSWERED:
                return self.answered(step, verdict.value)
            case AttemptResult.UNSURE:
                return self.confirm(step, (verdict.value, *verdict.near))
        if self.state.rung == Rung.HELP:
            return self.repeat(step, Rung.QUESTION, ())
        if self.state.rung == Rung.CONFIRMATION and verdict.result is not AttemptResult.DENIED:
            return self.confirm_again(step)
        return self.ask_again(step, verdict.result, verdict.near)

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

    def answered(self, step: Ask, stored: str) -> Decision:
        """The answer is one: the flow may refuse it still, or goes on with it."""
        grammar = step.grammar_for(self.flow)
        value = grammar.value(stored)
        refusal = step.validate(self.flow, value) if step.validate else None
        if refusal is not None:
            return self.refuse(step, refusal)
        if not step.sensitive:
            self.flow.answers.add(Answer(step.name, stored, grammar.words(stored, self.hearing)))
        before = list(self.trail)
        self.trail.append(step.name)
        follows = self.call(step, Secret(value) if step.sensitive else value)
        if not isinstance(follows, Again):
            return self.go(follows)
        self.trail = before
        self.flow.answers.drop(step.name)
        return self.refuse(step, follows.reason, **follows.places)

    def refuse(self, step: Ask, reason: Prompt, **places: object) -> Decision:
        if self.attempt is not None:
            self.attempt = replace(self.attempt, result=AttemptResult.REFUSED)
        self.flow.say(reason, **places)
        return self.ask_again(step, AttemptResult.REFUSED, ())

    def ask_again(self, step: Ask, result: AttemptResult, near: Sequence[str]) -> Decision:
        """The next rung of the same visit; after the last one, somebody or something else.

        A choice of near misses may come after the last attempt: it is the rung before a person.
        """
        attempt = self.state.attempt + 1
        if near and not step.sensitive and self.state.rung != Rung.CHOICE:
            return self.choose(step, attempt, tuple(near[:_MOST_OFFERED]))
        if attempt > step.attempts:
            return self.give_up(step)
        keyed = attempt == step.attempts and not self.scene.is_text and step.grammar_for(self.flow).keypad
        if step.keypad is not None and keyed:
            self.say_what_went_wrong(step, result)
            return self.ask(step, attempt, Rung.KEYPAD, self.flow.words(step.keypad))
        if step.retry is None or result is AttemptResult.REFUSED:
            self.say_what_went_wrong(step, result)
            return self.ask(step, attempt, Rung.REWORDED, self.flow.words(step.prompt or ""))
        if (own := getattr(step, _WRONG.get(result, ""), None)) is not None:
            self.flow.say(own)
        return self.ask(step, attempt, Rung.REWORDED, self.flow.words(step.retry))

    def say_what_went_wrong(self, step: Ask, result: AttemptResult) -> None:
        name = _WRONG.get(result)
        if name is not None:
            self.flow.say(getattr(step, name) or self.flow.own(name))

    def choose(self, step: Ask, attempt: int, near: tuple[str, ...]) -> Decision:
        """Did you mean one of these?"""
        prompts, grammar = self.hearing.language.prompts, step.grammar_for(self.flow)
        names = [grammar.words(stored, self.hearing) for stored in near]
        sentences = [self.flow.words(prompts["choose"], {"options": _listed(names, prompts["or"])})]
        for key, words in enumerate([*names, prompts["none"]], 1):
            pattern = prompts["choose_key"] if words is not prompts["none"] else prompts["neither"]
            sentences.append(self.flow.words(pattern, {"option": words, "key": key}))
        question = " ".join(sentences)
        return self.ask(step, attempt, Rung.CHOICE, question, offered=near)

    def confirm(self, step: Ask, offered: tuple[str, ...]) -> Decision:
        """Was that the answer? It is a part of the same attempt."""
        question = self.confirmation(step, offered[0])
        return self.ask(step, self.state.attempt, Rung.CONFIRMATION, question, offered=offered)

    def confirm_again(self, step: Ask) -> Decision:
        attempt = self.state.attempt + 1
        if attempt > step.attempts:
            return self.give_up(step)
        offered = self.state.offered
        question = self.confirmation(step, offered[0])
        return self.ask(step, attempt, Rung.CONFIRMATION, question, offered=offered)

    def confirmation(self, step: Ask, stored: str) -> str:
        words = step.grammar_for(self.flow).words(stored, self.hearing)
        prompt = step.confirm if step.confirm is not None else self.flow.own("confirm")
        return self.flow.words(prompt, {"value": words})

    def give_up(self, step: Ask) -> Decision:
        """After the last attempt: the step the question names, a person, or a polite end."""
        if step.otherwise:
            return self.go(self.flow.steps[step.otherwise])
        if self.has_person:
            return self.fetch_person()
        return self.end(self.flow.own("not_understood"))

    def obey(self, step: Ask, command: str) -> Decision:
        """A command takes no attempt."""
        if command == "person":
            return self.fetch_person()
        if command == "back" and (before := self.question_before()):
            self.flow.answers.drop(before.name)
            return self.go(before)
        if command == "help":
            return self.help(step)
        rung = Rung(self.state.rung) if self.state.rung in _REPEATED else Rung.QUESTION
        return self.repeat(step, rung, self.state.offered)

    def question_before(self) -> Step | None:
        """The last question that was answered, and that a newer version still has."""
        while self.trail:
            if before := self.flow.steps.get(self.trail.pop()):
                return before
        return None

    def help(self, step: Ask) -> Decision:
        """What can be done here: a question of its own in a call, words before the question in a text."""
        if step.help_text is not None:
            self.flow.say(step.help_text)
        if not self.scene.is_text:
            return self.ask(step, self.state.attempt, Rung.HELP, self.flow.words(self.flow.own("help")))
        if step.help_text is None:
            self.flow.say(self.flow.own("text_help"))
        return self.repeat(step, Rung.QUESTION, ())

    def repeat(self, step: Ask, rung: Rung, offered: tuple[str, ...]) -> Decision:
        """The same question, on the same rung, as it was said before."""
        attempt = self.state.attempt
        if rung == Rung.CHOICE:
            return self.choose(step, attempt, offered)
        if rung == Rung.CONFIRMATION:
            return self.confirm(step, offered)
        prompt = step.keypad if rung == Rung.KEYPAD else step.prompt
        return self.ask(step, attempt, rung, self.flow.words(prompt or ""), offered=offered)


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


_WRONG = {
    AttemptResult.NO_INPUT: "no_input",
    AttemptResult.NO_MATCH: "no_match",
    AttemptResult.ERROR: "no_match",
    AttemptResult.LOW_CONFIDENCE: "low_confidence",
}


def _listed(names: Sequence[str], last: str) -> str:
    """One, or two; one, two, or three."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])},{last}{names[-1]}"
