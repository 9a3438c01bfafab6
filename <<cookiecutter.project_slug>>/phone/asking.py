"""The `ask` step: prompts, attempts, barge-in, and the grammar file it may need."""

from collections import Counter
from dataclasses import replace

from phone.actions import Keys, Words
from phone.document import Ask, GrammarFile
from phone.doing import Doing, GoneError, SignalError, TroubleError
from phone.events import Fetch, Kind, Reply
from phone.grammar import Grammar, GrammarError
from phone.leg import Leg
from phone.prompt import Prompt
from phone.recognizer import Recognition, hears, prompts_to_play, recognise
from phone.report import Report
from phone.results import asked, unfinished
from phone.srgs import read_grammar


def ask(step: Ask, leg: Leg, report: Report) -> Doing[None]:
    """Prompt and listen until there is a match or no attempt is left; only the last one is reported."""
    leg.must_be_up()
    grammar = yield from grammar_of(step)
    if leg.channel == "VOICE" and not grammar.voice:
        raise TroubleError("[ANY] works in text sessions only")
    ends: Counter[str] = Counter()
    attempt, heard = 0, Recognition("", 0)
    while heard.match is None and attempt < step.attempts:
        attempt += 1
        prompts = prompts_to_play(step.prompts, heard.event, ends[heard.event])
        try:
            heard = yield from _attempt(step, grammar, prompts, leg)
        except GoneError:
            report.complete = leg.habits.cut_ask_complete
            if leg.habits.cut_ask_reported:
                report.actions.append(unfinished(step, attempt, "HANGUP"))
            raise
        except SignalError:
            report.actions.append(unfinished(step, attempt, "EXTERNAL_EVENT"))
            raise
        ends[heard.event] += 1
    recognised = asked(step, attempt, heard, leg.recognitions, leg.session, habits=leg.habits)
    report.actions.append(recognised)
    if heard.match:
        leg.recognitions += 1
    else:
        report.fail(step.required)


def grammar_of(step: Ask) -> Doing[Grammar]:
    """Give the question's grammar, fetched when it is a file. Raises TroubleError."""
    if not isinstance(step.grammar, GrammarFile):
        return step.grammar
    file = step.grammar
    reply = yield Fetch(file.url)
    if not isinstance(reply, Reply):
        raise TypeError("the platform waits for a grammar file and got an action of the caller")
    if not reply.good:
        why = f"was answered {reply.status}" if reply.status else "could not be reached"
        raise TroubleError(f"the grammar file of {file.where} {why}: {file.url}")
    try:
        return read_grammar(reply.body)
    except GrammarError as error:
        raise TroubleError(f"the grammar file of {file.where} cannot be used, {file.url}: {error}") from error


def _attempt(step: Ask, grammar: Grammar, prompts: list[Prompt], leg: Leg) -> Doing[Recognition]:
    action: Keys | Words | None = leg.take_initial_text()
    if action is None:
        action = yield from _answer(step, prompts, leg)
    heard = recognise(step, grammar, action, leg.channel)
    if action is not None:
        leg.spend(heard.seconds)
    if heard.event == "nomatch":
        low = heard.confidence < step.min_confidence
        why = f": confidence {heard.confidence} is under {step.min_confidence:g}" if low else ""
        leg.notice(Kind.LINE, f"no match{why}")
    elif heard.event and action is not None:
        leg.notice(Kind.LINE, f"not heard, for the question takes {step.mode} only; {step.timeout:g} s go by")
    return heard


def _answer(step: Ask, prompts: list[Prompt], leg: Leg) -> Doing[Keys | Words | None]:
    """Play the prompts and wait; what is heard during a prompt cuts it off, where barging in is allowed."""

    def heard(action: Keys | Words) -> bool:
        return step.bargein and leg.channel == "VOICE" and hears(step, action, leg.channel)

    leg.answered = True
    told = [replace(prompt, signals=step.signals) for prompt in prompts]
    action = yield from leg.say(told, heard)
    if action is None:
        began = leg.clock
        action = yield from leg.listen(step, step.timeout, step.signals)
        if action is None:
            leg.notice(Kind.SILENT, f"for {leg.clock - began:g} s")
    if action is not None:
        leg.did(action)
    return action
