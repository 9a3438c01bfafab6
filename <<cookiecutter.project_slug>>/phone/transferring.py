"""The `transfer` step: the caller is connected with somebody else until one of the two hangs up."""

from dataclasses import dataclass

from phone.actions import Action, HangUp, Keys, Words
from phone.addresses import resolve
from phone.asking import grammar_of
from phone.dialling import Dialled, detect, dial
from phone.document import Ask, Connect, Message, Say, Transfer, Wait
from phone.doing import Doing, GoneError, SignalError
from phone.events import Kind, Post
from phone.leg import Leg
from phone.prompt import Prompt, Signals
from phone.recognizer import prompts_to_play, recognise
from phone.report import Report
from phone.results import transferred
from phone.speech import as_heard, seconds_to_say


@dataclass
class _Course:
    """How a transfer went: `connected` is when the two were bridged."""

    began: float
    disposition: str = "SUCCESS"
    connected: float | None = None
    user_type: str = "HUMAN"


class _DroppedError(Exception):
    """The called leg goes before it is bridged; holds the disposition."""


def transfer(step: Transfer, leg: Leg, report: Report) -> Doing[None]:
    """Dial, do what `connect` says on the called leg, and bridge. Signals interrupt one with a terminator."""
    leg.must_be_up(("VOICE",))
    leg.answered = True
    end = dial(leg, step.to, step.timeout, on_media=step.on_media)
    course, ended = _Course(leg.clock), None
    try:
        yield from _through(step, end, course, leg)
    except _DroppedError as dropped:
        course.disposition = str(dropped)
        leg.notice(Kind.LINE, f"transfer failed: {dropped}")
        report.fail(step.required)
    except SignalError as signal:
        course.disposition, ended = "EXTERNAL_EVENT", signal
    except GoneError:
        report.cut = course.connected is not None
        if report.cut:
            report.actions.append(_reported(step, end, course, leg))
        raise
    report.actions.append(_reported(step, end, course, leg))
    if ended:
        raise ended


def _reported(step: Transfer, end: Dialled, course: _Course, leg: Leg) -> dict[str, object]:
    connected = course.connected
    return transferred(
        step,
        course.disposition,
        leg.session,
        rang=(leg.clock if connected is None else connected) - course.began,
        talked=None if connected is None else leg.clock - connected,
        ended=leg.clock,
        number=end.number,
        user_type=course.user_type,
    )


def _through(step: Transfer, end: Dialled, course: _Course, leg: Leg) -> Doing[None]:
    leg.notice(Kind.LINE, f"rings {', '.join(step.to)}")
    for prompt in step.ring:
        leg.begin(prompt.value)
    yield from _pass(step, end.seconds, leg)
    if end.disposition != "SUCCESS":
        raise _DroppedError(end.disposition)
    leg.notice(Kind.LINE, f"{end.number} answers")
    if step.machine_detection:
        course.user_type = detect(step.machine_detection, end.far_end, leg)
    acts = list(end.far_end.acts)
    for connect in step.connect:
        yield from _connect(connect, step, acts, leg)
    course.connected = leg.clock
    cancelled = yield from leg.play(step, end.far_end.talks, _signals(step), _cancels(step))
    if cancelled:
        leg.did(cancelled)
    else:
        leg.notice(Kind.LINE, f"{end.number} hangs up after {end.far_end.talks:g} s")


def _pass(step: Transfer, seconds: float, leg: Leg) -> Doing[None]:
    """Let time go by before the two are connected; the caller may cancel."""
    cancelled = yield from leg.play(step, seconds, _signals(step), _cancels(step))
    if cancelled:
        leg.did(cancelled)
        leg.notice(Kind.LINE, "the caller cancels the transfer")
        raise _DroppedError("FAILED")


def _signals(step: Transfer) -> Signals | None:
    return step.signals if step.terminator else None


def _cancels(step: Transfer) -> "_Cancels":
    return _Cancels(step.terminator)


@dataclass(frozen=True)
class _Cancels:
    terminator: str

    def __call__(self, action: Keys | Words) -> bool:
        return bool(self.terminator) and isinstance(action, Keys) and self.terminator in action.keys


def _connect(connect: Connect, step: Transfer, acts: list[Action], leg: Leg) -> Doing[None]:
    """Do one thing on the called leg. A question that fails there drops it: REJECTED."""
    match connect.step:
        case Say(prompts) | Message(prompts=prompts):
            yield from _tell(list(prompts), step, leg)
        case Wait(seconds=seconds):
            yield from _pass(step, seconds, leg)
        case Ask() as question:
            yield from _screen(question, step, acts, leg)
        case None:
            notice: dict[str, object] = {"sessionId": leg.session.id, "callId": leg.call_id}
            notice |= {"state": "ANSWERED", "sessionDuration": int(leg.clock)}
            yield Post(resolve(leg.base, connect.post), {"result": notice}, aside=True)


def _tell(prompts: list[Prompt], step: Transfer, leg: Leg) -> Doing[None]:
    for prompt in prompts:
        said = as_heard(prompt.value)
        leg.notice(Kind.LINE, f"to the far end: {said}")
        yield from _pass(step, seconds_to_say(said), leg)


def _screen(question: Ask, step: Transfer, acts: list[Action], leg: Leg) -> Doing[None]:
    """Ask whoever answered; it does what `FarEnd.acts` says, and then nothing."""
    grammar = yield from grammar_of(question)
    event, times = "", 0
    for _ in range(question.attempts):
        yield from _tell(prompts_to_play(question.prompts, event, times), step, leg)
        action = acts.pop(0) if acts else None
        if isinstance(action, HangUp):
            break
        heard = recognise(question, grammar, action, "VOICE")
        yield from _pass(step, heard.seconds, leg)
        if heard.match:
            return
        event, times = heard.event, times + 1 if heard.event == event else 1
    raise _DroppedError("REJECTED")
