"""The `conference` step: the caller is with others until he leaves, a signal comes or the session is over."""

from phone.actions import Keys
from phone.document import Conference
from phone.doing import Doing, GoneError, SignalError
from phone.events import Kind
from phone.leg import Leg
from phone.recognizer import seconds_to_do
from phone.report import Report
from phone.results import conferred


def confer(step: Conference, leg: Leg, report: Report) -> Doing[None]:
    """Stay in a conference. Signals interrupt one that has a terminator; no conference ends by itself."""
    leg.must_be_up(("VOICE",))
    leg.answered = True
    leg.notice(Kind.LINE, f"joins the conference {step.id}{_sounds(step.join_prompt)}")
    began, disposition = leg.clock, "SUCCESS"
    ended: GoneError | SignalError | None = None
    try:
        yield from _stay(step, leg)
    except GoneError as gone:
        ended, disposition, report.cut = gone, "HANGUP", True
    except SignalError as signal:
        ended, disposition = signal, "EXTERNAL_EVENT"
    leg.notice(Kind.LINE, f"leaves the conference{_sounds(step.leave_prompt)}")
    report.actions.append(conferred(step, leg.clock - began, disposition))
    if ended:
        raise ended


def _stay(step: Conference, leg: Leg) -> Doing[None]:
    """Let the others talk, and listen for the key that leaves."""
    signals = step.signals if step.terminator else None
    while True:
        action = yield from leg.listen(step, max(1.0, leg.far_ends(step.id).talks), signals)
        if action is None:
            continue
        leg.did(action)
        leg.spend(seconds_to_do(action))
        if isinstance(action, Keys) and step.terminator and step.terminator in action.keys:
            return


def _sounds(prompt: str) -> str:
    return f" ({prompt})" if prompt else ""
