"""The sessions and results this platform posts, in the shape of 2017, the last that was captured from Tropo.

A US number is ten national digits on VOICE, every other number its full digits without a plus; on TEXT all
are full digits. `e164Id` was, for all its name, the same as `id`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from phone.document import Ask, Transfer
from phone.recognizer import Recognition

OUR_NUMBER = "+14075550100"
CALLERS_NUMBER = "+14075550142"

_NUMBER = re.compile(r"\+?\d{3,15}")


@dataclass(frozen=True)
class Session:
    """An inbound call or text. Numbers are as `read_number` gives them, `started` is aware."""

    id: str
    call_id: str
    to: str
    caller: str
    started: datetime
    text: str | None = None

    @property
    def channel(self) -> str:
        """VOICE, or TEXT when there is an initial text."""
        return "VOICE" if self.text is None else "TEXT"

    @property
    def called(self) -> str:
        """The number called, as this channel writes it."""
        return number_id(self.to, self.channel)

    def document(self) -> dict[str, object]:
        """Give the JSON document that opens the session."""
        return {
            "session": {
                "id": self.id,
                "accountId": "33932",
                "applicationId": "5048353",
                "timestamp": timestamp(self.started),
                "userType": "HUMAN",
                "initialText": self.text,
                "callId": self.call_id,
                "to": self._endpoint(self.to),
                "from": self._endpoint(self.caller),
                "headers": self._headers(),
            }
        }

    def _endpoint(self, number: str) -> dict[str, object]:
        ident = number_id(number, self.channel)
        voice = self.channel == "VOICE"
        return {
            "id": ident,
            "e164Id": ident,
            "name": ident if voice else None,
            "channel": self.channel,
            "network": "SIP" if voice else "SMS",
        }

    def _headers(self) -> dict[str, str]:
        caller, called = (number_id(number, self.channel) for number in (self.caller, self.to))
        return {
            "Call-ID": f"{self.call_id}@phone.invalid",
            "CSeq": "1 INVITE" if self.text is None else "1 MESSAGE",
            "Max-Forwards": "70",
            "Request URI": f"sip:{called}@phone.invalid",
            "x-sid": self.id,
            "From": f"<sip:{caller}@phone.invalid>;tag={self.id[:8]}",
            "To": f"<sip:{called}@phone.invalid>",
            "Contact": f"<sip:{caller}@phone.invalid>",
            "Via": f"SIP/2.0/UDP phone.invalid:5060;branch=z9hG4bK{self.call_id[:12]}",
            "Content-Length": str(len((self.text or "").encode())),
            "Content-Type": "application/sdp" if self.text is None else "text/plain",
        }


def read_number(number: str) -> str:
    """Strip a telephone number of its formatting: `+1 407-555-0100` is `+14075550100`. Raises ValueError.

    Ten digits without a plus are a US number.
    """
    digits = re.sub(r"[\s().-]", "", number)
    if not digits.isascii() or not _NUMBER.fullmatch(digits):
        raise ValueError(f"{number!r} is not a telephone number; write it like {OUR_NUMBER}")
    return f"+1{digits}" if len(digits) == 10 and digits[0] != "+" else digits


def number_id(number: str, channel: str) -> str:
    """Give a number as `id` holds it on a channel."""
    if channel == "VOICE" and number.startswith("+1") and len(number) == 12:
        return number.removeprefix("+1")
    return number.removeprefix("+")


def timestamp(moment: datetime) -> str:
    """Give ISO 8601 in UTC with milliseconds and a Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def asked(ask: Ask, attempts: int, heard: Recognition, number: int, session: Session) -> dict[str, object]:
    """Report a question; `number` counts the recognitions of the session from 0."""
    report: dict[str, object] = {"name": ask.name} if ask.name else {}
    report |= {"attempts": attempts, "disposition": heard.event.upper() or "SUCCESS"}
    if heard.match is None:
        return report
    concept = {} if heard.match.concept is None else {"concept": heard.match.concept}
    return report | {
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
    transfer: Transfer, disposition: str, session: Session, *, rang: float, talked: float, ended: float
) -> dict[str, object]:
    """Report a transfer that rang and talked so many seconds and ended so many seconds into the session.

    `duration` includes the ringing. A leg that never answered has neither connected time nor who answered.
    """
    report: dict[str, object] = {"name": transfer.name} if transfer.name else {}
    report |= {"duration": int(rang + talked), "disposition": disposition}
    if disposition != "SUCCESS":
        return report
    return report | {
        "connectedDuration": int(talked),
        "timestamp": timestamp(session.started + timedelta(seconds=ended)),
        "calledid": transfer.to[0],
        "userType": "HUMAN",
    }
