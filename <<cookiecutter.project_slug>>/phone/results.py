"""The results this platform posts, in the shape of 2017, the last that was captured from Tropo.

A field that does not apply is left out, never null. `name` is always there; it is empty for an action that
was given none.
"""

from datetime import timedelta
from html import escape

from phone.document import Ask, Conference, Transfer
from phone.habits import Habits
from phone.recognizer import Recognition
from phone.recordings import Record
from phone.sessions import Session, timestamp

Report = dict[str, object]
"""An entry of `actions`."""


def asked(
    ask: Ask, attempts: int, heard: Recognition, number: int, session: Session, *, habits: Habits
) -> Report:
    """Report a question; `number` counts the recognitions of the session from 0."""
    ends = {"timeout": "TIMEOUT", "nomatch": habits.nomatch}
    report: Report = {
        "name": ask.name,
        "attempts": attempts,
        "disposition": ends.get(heard.event, "SUCCESS"),
    }
    report |= recognised(heard, number, session)
    if heard.match is not None and heard.mode == "dtmf" and heard.match.concept is None:
        if habits.spaced_keys:
            report["utterance"] = " ".join(heard.match.utterance)
        if not habits.keyed_value:
            del report["value"]
    return report


def unfinished(step: Ask | Record, attempts: int, disposition: str) -> Report:
    """Report a question or recording that brought nothing."""
    return {"name": step.name, "attempts": attempts, "disposition": disposition}


def recognised(heard: Recognition, number: int, session: Session) -> Report:
    """Give the fields that say what was recognised; none when nothing was."""
    if heard.match is None:
        return {}
    concept = {} if heard.match.concept is None else {"concept": heard.match.concept}
    return {
        "confidence": heard.confidence,
        "interpretation": heard.match.interpretation,
        "utterance": heard.match.utterance,
        **concept,
        "value": heard.match.value,
        "xml": _nlsml(heard, heard.match.utterance, f"{number}@{session.id[:8]}.vxmlgrammar"),
    }


def _nlsml(heard: Recognition, utterance: str, grammar: str) -> str:
    """Give the recogniser's own report as it was captured, with its blanks and CR LF."""
    dtmf = heard.mode == "dtmf"
    tokens = " ".join(f"dtmf-{key}" for key in utterance) if dtmf else escape(utterance, quote=False)
    return "\r\n".join(
        (
            '<?xml version="1.0"?>',
            f'<result grammar="{grammar}">',
            f'    <interpretation grammar="{grammar}" confidence="{heard.confidence}">',
            "        ",
            f'      <input mode="{heard.mode}">{tokens}</input>',
            "    </interpretation>",
            "</result>",
            "",
        )
    )


def transferred(
    transfer: Transfer,
    disposition: str,
    session: Session,
    *,
    rang: float,
    talked: float | None,
    ended: float,
    number: str,
    user_type: str,
) -> Report:
    """Report a transfer that rang and talked so many seconds and ended so many seconds into the session.

    `duration` includes the ringing. `talked` is None for a leg that was never bridged: it has neither
    connected time nor who answered.
    """
    report: Report = {
        "name": transfer.name,
        "duration": int(rang + (talked or 0)),
        "disposition": disposition,
    }
    if talked is None:
        return report
    return report | {
        "connectedDuration": int(talked),
        "timestamp": timestamp(session.started + timedelta(seconds=ended)),
        "calledid": number,
        "userType": user_type,
    }


def conferred(conference: Conference, seconds: float, disposition: str) -> Report:
    """Report a conference, in whole seconds."""
    return {"name": conference.name, "duration": int(seconds), "disposition": disposition}
