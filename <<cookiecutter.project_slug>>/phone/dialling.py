"""Reaching somebody else: the `call` and `message` steps, and the dialling they share with `transfer`."""

import re
from dataclasses import dataclass

from phone.document import Call, MachineDetection, Message
from phone.doing import Doing, TroubleError
from phone.events import FarEnd, Kind
from phone.leg import Leg
from phone.report import Report
from phone.speech import as_heard, seconds_to_say

SILENT_DETECTION = 5.0
"""Seconds for which the platform listens in silence whether a machine answers; it was 1 to 10."""

SHORTEST_DETECTION = 4.0
"""Seconds up to which a detection always says HUMAN."""


@dataclass(frozen=True)
class Dialled:
    """How dialling ends after `seconds`: `disposition` is SUCCESS, TIMEOUT, BUSY, REJECTED or FAILED."""

    number: str
    far_end: FarEnd
    seconds: float
    disposition: str


def plain_number(address: str) -> str:
    """Give an address without its dial suffixes and formatting; that of SIP as it is."""
    address = address.partition(";")[0].strip()
    if address.lower().startswith("sip:"):
        return address
    return re.sub(r"[\s().-]", "", address.removeprefix("tel:"))


def dial(leg: Leg, to: tuple[str, ...], timeout: float, *, on_media: bool = False) -> Dialled:
    """Ring all the numbers: the first to answer wins; when none does, the first number says why."""
    ends = [_ring(leg, plain_number(address), timeout, on_media) for address in to]
    answered = [end for end in ends if end.disposition == "SUCCESS"]
    return min(answered, key=lambda end: end.seconds) if answered else ends[0]


def _ring(leg: Leg, number: str, timeout: float, on_media: bool) -> Dialled:
    far_end = leg.far_ends(number)
    if on_media and far_end.media:
        return Dialled(number, far_end, 0.0, "SUCCESS")
    if far_end.rings > timeout or far_end.disposition == "TIMEOUT":
        return Dialled(number, far_end, timeout, "TIMEOUT")
    return Dialled(number, far_end, far_end.rings, far_end.disposition)


def send(leg: Leg, to: tuple[str, ...]) -> Dialled:
    """Reach somebody by text, at once: only the first number, and only a line that fails refuses."""
    number = plain_number(to[0])
    far_end = leg.far_ends(number)
    fails = far_end.disposition in ("FAILED", "REJECTED")
    return Dialled(number, far_end, 0.0, far_end.disposition if fails else "SUCCESS")


def call(step: Call, leg: Leg, report: Report) -> Doing[None]:
    """Give a session its leg. Nothing is reported of it but `state`, and `userType` when it was asked for."""
    if leg.up:
        raise TroubleError("there is a call already; `call` is for a session that has none")
    text = step.channel == "TEXT"
    end = send(leg, step.to) if text else dial(leg, step.to, step.timeout, on_media=step.on_media)
    leg.notice(Kind.LINE, f"{'opens a text to' if text else 'calls'} {', '.join(step.to)}")
    yield from leg.play(step, end.seconds, step.signals)
    if end.disposition != "SUCCESS":
        leg.failed = True
        leg.notice(Kind.LINE, f"call failed: {end.disposition}")
        report.fail(step.required)
        return
    leg.connect(end.number, step.channel)
    leg.notice(Kind.LINE, f"{end.number} answers")
    if step.machine_detection and not text:
        leg.user_type = detect(step.machine_detection, end.far_end, leg)


def detect(detection: MachineDetection, far_end: FarEnd, leg: Leg) -> str:
    """Give what answered: HUMAN or MACHINE."""
    said = as_heard(detection.introduction)
    if said:
        leg.notice(Kind.APP_SAYS, said)
    seconds = seconds_to_say(said) if said else SILENT_DETECTION
    leg.spend(seconds)
    return "MACHINE" if far_end.machine and seconds > SHORTEST_DETECTION else "HUMAN"


def message(step: Message, leg: Leg, report: Report) -> Doing[None]:
    """Reach somebody, say something and hang up, beside the call there may be."""
    text = step.channel == "TEXT"
    end = send(leg, step.to) if text else dial(leg, step.to, step.timeout, on_media=step.on_media)
    yield from leg.play(step, end.seconds)
    if end.disposition != "SUCCESS":
        leg.notice(Kind.LINE, f"message to {', '.join(step.to)} failed: {end.disposition}")
        report.fail(step.required)
        return
    said = " ".join(prompt.value for prompt in step.prompts)
    leg.notice(Kind.LINE, f"message to {', '.join(step.to)}: {said}")
    if not text:
        yield from leg.play(step, seconds_to_say(as_heard(said)))
