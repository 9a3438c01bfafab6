"""The sessions this platform posts, in the shape of 2017, the last that was captured from Tropo.

A US number is ten national digits on VOICE, every other number its full digits without a plus; on TEXT all
are full digits. `e164Id` was, for all its name, the same as `id`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

OUR_NUMBER = "+14075550100"
CALLERS_NUMBER = "+14075550142"

_NUMBER = re.compile(r"\+?\d{3,15}")


@dataclass(frozen=True)
class Session:
    """An inbound call or text, or a launch by token. `started` is aware.

    Numbers are as `read_number` gives them. A launch has `parameters`, all strings, and neither numbers nor
    a call id: it owns no leg until a `call` step makes one.
    """

    id: str
    call_id: str | None
    to: str
    caller: str
    started: datetime
    text: str | None = None
    parameters: Mapping[str, str] | None = None

    @property
    def channel(self) -> str:
        """VOICE, TEXT when there is an initial text, or "" for a launch."""
        if self.parameters is not None:
            return ""
        return "VOICE" if self.text is None else "TEXT"

    @property
    def called(self) -> str:
        """The number called, as this channel writes it."""
        return number_id(self.to, self.channel)

    def document(self) -> dict[str, object]:
        """Give the JSON document that opens the session."""
        session: dict[str, object] = {
            "id": self.id,
            "accountId": "33932",
            "applicationId": "5048353",
            "timestamp": timestamp(self.started),
            "userType": "HUMAN" if self.parameters is None else "NONE",
            "initialText": self.text,
            "callId": self.call_id,
        }
        if self.parameters is not None:
            session["parameters"] = dict(self.parameters)
        else:
            session["to"] = self._endpoint(self.to)
            session["from"] = self._endpoint(self.caller)
            session["headers"] = self._headers()
        return {"session": session}

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
            "Via": f"SIP/2.0/UDP phone.invalid:5060;branch=z9hG4bK{self.id[:12]}",
            "Content-Length": str(len((self.text or "").encode())),
            "Content-Type": "application/sdp" if self.text is None else "text/plain",
        }


def launch(
    parameters: Mapping[str, str], session_id: str | None = None, started: datetime | None = None
) -> Session:
    """Give a session launched with these parameters, the token among them; it starts now unless told."""
    known = {**parameters, "action": "create"}
    return Session(session_id or uuid4().hex, None, "", "", started or datetime.now(UTC), parameters=known)


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
