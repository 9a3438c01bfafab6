"""Recording: the `record` step, and `startRecording` with `stopRecording`."""

import hashlib
from dataclasses import dataclass, field, replace

from phone.actions import Keys, Words
from phone.addresses import is_http
from phone.doing import Doing, GoneError, SignalError
from phone.events import Kind, Post, Reply
from phone.grammar import Match
from phone.leg import Leg
from phone.recognizer import SECONDS_PER_KEY, Recognition, prompts_to_play, seconds_to_do
from phone.recordings import Destination, Record, StartRecording, Transcription
from phone.report import Report
from phone.results import recognised, unfinished
from phone.wav import Upload

BEEP = 0.5
"""Seconds of the tone after which one may speak."""


@dataclass
class Recorded:
    """What has been recorded so far: the seconds of it, the words in it, and the key that ended it."""

    seconds: float = 0.0
    words: list[str] = field(default_factory=list)
    key: str = ""


def record(step: Record, leg: Leg, report: Report) -> Doing[None]:
    """Prompt, wait for speech, and record until silence, a key, `max_time` or the end of the call."""
    leg.must_be_up(("VOICE",))
    leg.answered = True
    attempt, event, recorded = 0, "", Recorded()
    while attempt < step.attempts:
        attempt += 1
        try:
            action = yield from _first(step, event, attempt - 1, leg)
            event = "timeout"
            if action is not None:
                yield from _take(step, action, recorded, leg)
                yield from _report(step, attempt, recorded, leg, report)
                return
        except SignalError:
            report.actions.append(unfinished(step, attempt, "EXTERNAL_EVENT"))
            raise
        except _CutError as cut:
            _send_aside(step, recorded, leg)
            report.cut = True
            report.actions.append(unfinished(step, attempt, "SUCCESS") | _url(step))
            raise GoneError from cut
    report.actions.append(unfinished(step, attempt, "TIMEOUT"))
    report.fail(step.required)


class _CutError(Exception):
    """The call went after the beep: what there is, is the recording."""


def _first(step: Record, event: str, times: int, leg: Leg) -> Doing[Keys | Words | None]:
    """Play the prompts and the beep, and give what the caller does first; None when it is nothing."""
    prompts = [
        replace(prompt, signals=step.signals) for prompt in prompts_to_play(step.prompts, event, times)
    ]
    action = yield from leg.say(prompts, lambda action: step.bargein)
    if action is None:
        if step.beep:
            leg.notice(Kind.LINE, "beep")
            leg.spend(BEEP)
        try:
            action = yield from leg.listen(step, step.timeout, step.signals)
        except GoneError as gone:
            raise _CutError from gone
        if action is None:
            leg.notice(Kind.SILENT, f"for {step.timeout:g} s")
    return action


def _take(step: Record, action: Keys | Words | None, recorded: Recorded, leg: Leg) -> Doing[None]:
    """Record from the first thing the caller does."""
    began = leg.clock
    try:
        while action is not None and not recorded.key:
            leg.did(action)
            left = max(0.0, began + step.max_time - leg.clock)
            leg.spend(min(left, _add(step, action, recorded)))
            left = max(0.0, began + step.max_time - leg.clock)
            if recorded.key or not left:
                break
            quiet = min(left, step.max_silence)
            action = yield from leg.listen(step, quiet, step.signals, going_on=True)
    except GoneError as gone:
        raise _CutError from gone
    finally:
        recorded.seconds = leg.clock - began


def _add(step: Record, action: Keys | Words, recorded: Recorded) -> float:
    """Add what the caller does to the recording; give how long it takes."""
    if isinstance(action, Words):
        recorded.words.append(action.words)
        return seconds_to_do(action)
    before, key, _ = action.keys.partition(step.terminator) if step.terminator else (action.keys, "", "")
    recorded.key = key
    return SECONDS_PER_KEY * len(before + key)


def _report(step: Record, attempt: int, recorded: Recorded, leg: Leg, report: Report) -> Doing[None]:
    action = unfinished(step, attempt, "SUCCESS")
    if key := recorded.key:
        heard = Recognition("", 0, Match(key, key, key, key), "dtmf")
        action |= recognised(heard, leg.recognitions, leg.session)
        leg.recognitions += 1
    action |= {"duration": int(recorded.seconds * 1000)} | _url(step)
    if step.async_upload:
        _send_aside(step, recorded, leg)
        status = "unavailable"
    else:
        status = yield from _upload(step, recorded, leg)
    report.actions.append(action | ({"uploadStatus": status} if step.to else {}))


def _upload(step: Record, recorded: Recorded, leg: Leg) -> Doing[str]:
    """Upload, and wait for it: "success" when everybody took it, else "failed"."""
    sent = _uploads(step.to, recorded.seconds, leg)
    good = len(sent) == len(step.to)
    for upload in sent:
        reply = yield upload
        good = isinstance(reply, Reply) and reply.good and good
    _transcribe(step.transcription, recorded, leg)
    return "success" if good else "failed"


def _send_aside(step: Record, recorded: Recorded, leg: Leg) -> None:
    leg.aside += _uploads(step.to, recorded.seconds, leg)
    _transcribe(step.transcription, recorded, leg)


def _url(step: Record) -> dict[str, object]:
    return {"url": step.to[0].url} if step.to else {}


def _uploads(destinations: tuple[Destination, ...], seconds: float, leg: Leg) -> list[Upload]:
    """Give the uploads this platform can make: those over http(s)."""
    uploads = []
    name = hashlib.sha256(f"{leg.session.id} {leg.clock}".encode()).hexdigest()[:24]
    for to in destinations:
        if is_http(to.url):
            leg.notice(Kind.LINE, f"a recording of {seconds:.1f} s is uploaded")
            uploads.append(Upload(to.url, seconds, f"{name}.wav", to.method, to.username, to.password))
        else:
            leg.notice(Kind.LINE, "a recording is not uploaded: this platform does so over http(s) only")
    return uploads


def _transcribe(wanted: Transcription | None, recorded: Recorded, leg: Leg) -> None:
    """Have the words of a recording posted when there is an http(s) URL for them."""
    if wanted is None or not is_http(wanted.url):
        return
    guid = hashlib.sha256(f"{leg.session.id} transcription {leg.clock}".encode()).hexdigest()[:32]
    text = {"transcription": " ".join(recorded.words), "guid": guid, "identifier": wanted.id}
    leg.aside.append(Post(wanted.url, {"result": text}, aside=True))


def start_recording(step: StartRecording, leg: Leg) -> None:
    """Record the call from here on; one that is running is over."""
    leg.must_be_up(("VOICE",))
    leg.answered = True
    stop_recording(leg)
    leg.notice(Kind.LINE, "the call is recorded from here on")
    leg.recording = (step, leg.clock)


def stop_recording(leg: Leg) -> None:
    """Upload what `startRecording` began, if anything; nobody waits for it."""
    if leg.recording is None:
        return
    step, began = leg.recording
    leg.recording = None
    recorded = Recorded(leg.clock - began)
    leg.aside += _uploads(step.to, recorded.seconds, leg)
    _transcribe(step.transcription, recorded, leg)
