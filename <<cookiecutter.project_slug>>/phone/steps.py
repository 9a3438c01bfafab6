"""The steps of a document, run one after another on the caller's leg."""

from collections import Counter
from dataclasses import dataclass, field

from phone.actions import Action, Keys, Silence, Words
from phone.document import Answer, Ask, Hangup, LogSecurity, Message, Reject, Say, Step, Transfer, Wait
from phone.events import Kind
from phone.leg import Doing, GoneError, Leg
from phone.recognizer import Recognition, prompts_to_play, recognise
from phone.sessions import asked, transferred


@dataclass
class Report:
    """What the result of a document will say; `event` is the handler it goes to."""

    event: str = "continue"
    complete: bool = True
    error: str | None = None
    actions: list[dict[str, object]] = field(default_factory=list)

    def fail(self, required: bool) -> None:
        """Record that an action failed: a required one ends the document, any other is passed over."""
        if required:
            self.event, self.complete = "incomplete", False


def perform(steps: list[Step], leg: Leg) -> Doing[Report]:
    """Run steps until the last, a failure, or the end of the call."""
    report = Report()
    try:
        for step in steps:
            yield from _perform(step, leg, report)
            if report.event != "continue":
                break
    except GoneError:
        report.event = "hangup"
    return report


def _perform(step: Step, leg: Leg, report: Report) -> Doing[None]:
    match step:
        case Say():
            yield from leg.say(step.prompts)
        case Ask():
            yield from _ask(step, leg, report)
        case Wait():
            yield from leg.listen(step)
            leg.spend(step.seconds)
        case Transfer():
            yield from _transfer(step, leg, report)
        case Message():
            text = " ".join(prompt.value for prompt in step.prompts)
            leg.notice(Kind.LINE, f"message to {', '.join(step.to)}: {text}")
        case Answer():
            leg.answered = True
        case Reject():
            _reject(leg, report)
        case Hangup():
            leg.hang_up("application")
        case LogSecurity():
            pass


def _ask(ask: Ask, leg: Leg, report: Report) -> Doing[None]:
    """Prompt and listen until there is a match or no attempt is left; only the last one is reported."""
    ends: Counter[str] = Counter()
    attempt, heard = 0, Recognition("", 0)
    while heard.match is None and attempt < ask.attempts:
        attempt += 1
        prompts = prompts_to_play(ask, heard.event, ends[heard.event])
        try:
            heard = yield from _attempt(ask, prompts, leg)
        except GoneError:
            report.complete = False  # not known what Tropo posted here
            raise
        ends[heard.event] += 1
    report.actions.append(asked(ask, attempt, heard, leg.recognitions, leg.session))
    if heard.match:
        leg.recognitions += 1
    else:
        report.fail(ask.required)


def _attempt(ask: Ask, prompts: list[str], leg: Leg) -> Doing[Recognition]:
    action: Keys | Words | Silence | None = leg.take_initial_text()
    if action is None:
        leg.prompt(prompts)
        action = yield from leg.listen(ask)
        _notice(action, ask, leg)
    heard = recognise(ask, action, leg.session.channel)
    leg.spend(heard.seconds)
    if heard.event == "nomatch":
        low = heard.confidence < ask.min_confidence
        why = f": confidence {heard.confidence} is under {ask.min_confidence:g}" if low else ""
        leg.notice(Kind.LINE, f"no match{why}")
    elif heard.event and not isinstance(action, Silence):
        leg.notice(Kind.LINE, f"not heard, for the question takes {ask.mode} only; {ask.timeout:g} s go by")
    return heard


def _notice(action: Action, ask: Ask, leg: Leg) -> None:
    match action:
        case Keys(keys) if leg.session.channel == "VOICE":
            leg.notice(Kind.PRESSES, keys)
        case Words(words, confidence) if leg.session.channel == "VOICE":
            leg.notice(Kind.SAYS, f"{words} (confidence {confidence})")
        case Keys(text) | Words(text):
            leg.notice(Kind.TEXTS, text)
        case Silence():
            leg.notice(Kind.SILENT, f"for {ask.timeout:g} s")


def _transfer(transfer: Transfer, leg: Leg, report: Report) -> Doing[None]:
    """Dial, and bridge when the far end answers. Over when one of the two hangs up."""
    far_end, began = leg.far_end, leg.clock
    leg.answered = True
    leg.notice(Kind.LINE, f"rings {', '.join(transfer.to)}")
    for prompt in transfer.ring:
        leg.begin(prompt.value)
    yield from leg.listen(transfer)
    leg.spend(min(far_end.rings, transfer.timeout))
    disposition = "TIMEOUT" if far_end.rings > transfer.timeout else far_end.disposition
    connected = leg.clock
    try:
        if disposition == "SUCCESS":
            yield from _talk(transfer, leg)
        else:
            leg.notice(Kind.LINE, f"transfer failed: {disposition}")
            report.fail(transfer.required)
    finally:
        times = {"rang": connected - began, "talked": leg.clock - connected, "ended": leg.clock}
        report.actions.append(transferred(transfer, disposition, leg.session, **times))


def _talk(transfer: Transfer, leg: Leg) -> Doing[None]:
    leg.notice(Kind.LINE, f"{transfer.to[0]} answers")
    yield from leg.listen(transfer)
    leg.spend(leg.far_end.talks)
    leg.notice(Kind.LINE, f"{transfer.to[0]} hangs up after {leg.far_end.talks:g} s")


def _reject(leg: Leg, report: Report) -> None:
    if leg.answered:
        report.event, report.complete = "error", False
        report.error = "reject came after the call was answered; it must be the first step"
        leg.notice(Kind.LINE, report.error)
    else:
        leg.notice(Kind.LINE, "the application rejects the call")
        leg.hang_up("application")
