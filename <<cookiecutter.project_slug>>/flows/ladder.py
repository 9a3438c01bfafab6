"""The recovery ladder of a question: asked, reworded, keyed, chosen or confirmed, and then a person."""

from collections.abc import Sequence
from dataclasses import replace

from flows.attempts import Attempt, AttemptResult, Rung
from flows.deciding import Decision
from flows.heard import Secret
from flows.prompts import Prompt
from flows.questions import Questions
from flows.state import Answer
from flows.steps import Again, Ask, Step
from tropo import Recognition, Tropo

_REPEATED = set(Rung) - {Rung.HELP}
_MOST_OFFERED = 3


class Asking(Questions):
    """A decision at a question."""

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
