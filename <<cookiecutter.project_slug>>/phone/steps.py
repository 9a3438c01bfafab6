"""The steps of a document, run one after another on the caller's leg."""

from phone.asking import ask
from phone.conferring import confer
from phone.dialling import call, message
from phone.document import (
    Answer,
    Ask,
    Call,
    Conference,
    Hangup,
    LogSecurity,
    Message,
    Redirect,
    Reject,
    Say,
    Step,
    Transfer,
    Wait,
)
from phone.doing import Doing, GoneError, SignalError, TroubleError
from phone.events import Kind
from phone.leg import Leg
from phone.recording import record, start_recording, stop_recording
from phone.recordings import Record, StartRecording, StopRecording
from phone.report import Report
from phone.transferring import transfer


def perform(steps: list[Step], leg: Leg) -> Doing[Report]:
    """Run steps until the last, a failure, a signal, or the end of the call."""
    report = Report()
    try:
        for step in steps:
            yield from _perform(step, leg, report)
            if report.over:
                break
    except GoneError:
        report.end("hangup")
    except SignalError as signal:
        report.end(signal.name)
    except TroubleError as trouble:
        report.end("error", complete=False, error=str(trouble))
        leg.notice(Kind.LINE, f"error: {trouble}")
    return report


def _perform(step: Step, leg: Leg, report: Report) -> Doing[None]:
    match step:
        case Say():
            yield from leg.say(step.prompts)
        case Ask():
            yield from ask(step, leg, report)
        case Record():
            yield from record(step, leg, report)
        case Wait():
            yield from leg.play(step, step.seconds, step.signals)
        case Call():
            yield from call(step, leg, report)
        case Transfer():
            yield from transfer(step, leg, report)
        case Conference():
            yield from confer(step, leg, report)
        case Message():
            yield from message(step, leg, report)
        case _:
            _at_once(step, leg)


def _at_once(step: Step, leg: Leg) -> None:
    match step:
        case StartRecording():
            start_recording(step, leg)
        case StopRecording():
            stop_recording(leg)
        case Answer():
            leg.must_be_up()
            leg.answered = True
        case Reject():
            _must_be_unanswered("reject", leg)
            leg.notice(Kind.LINE, "the application rejects the call")
            leg.hang_up("application")
        case Redirect(to):
            _must_be_unanswered("redirect", leg)
            leg.notice(Kind.LINE, f"the application redirects the call to {to}")
            leg.hang_up("application")
        case Hangup():
            leg.hang_up("application")
        case LogSecurity():
            pass


def _must_be_unanswered(step: str, leg: Leg) -> None:
    leg.must_be_up()
    if leg.answered:
        raise TroubleError(f"{step} came after the call was answered; it must be the first step")
