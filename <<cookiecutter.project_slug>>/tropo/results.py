"""A result in: what became of the last document."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tropo import fields
from tropo.getters import ResultGetters, from_body

_INPUT_MODE = re.compile(r"<input\s+mode=[\"'](dtmf|speech)[\"']")
_KEYS = re.compile(r"[0-9*#]+")


@dataclass(frozen=True, slots=True)
class Recognition:
    """What one action of a document brought (protocol: an entry of "actions").

    `confidence` is 0 to 100 or None, `connected_seconds` the time a transfer was connected.
    What the caller said or keyed stays out of its repr.
    """

    name: str = ""
    disposition: str = ""
    confidence: int | None = None
    mode: str = ""
    utterance: str = field(default="", repr=False)
    interpretation: str = field(default="", repr=False)
    value: str = field(default="", repr=False)
    connected_seconds: int | None = None

    @classmethod
    def from_dict(cls, source: dict[str, Any]) -> Self:
        utterance = fields.text(source, "utterance")
        return cls(
            name=fields.text(source, "name"),
            disposition=fields.text(source, "disposition").upper(),
            confidence=_percent(source),
            mode=_mode(source, utterance),
            utterance=utterance,
            interpretation=fields.text(source, "interpretation"),
            value=fields.text(source, "value") or fields.text(source, "concept"),
            connected_seconds=fields.whole(source, "connectedDuration"),
        )

    @property
    def matched(self) -> bool:
        return self.disposition == "SUCCESS"

    @property
    def digits(self) -> str:
        """The keys or spoken digits, without blanks: `interpretation` has them in every known payload."""
        return (self.interpretation or self.value).replace(" ", "")


@from_body("result")
@dataclass(frozen=True, slots=True, kw_only=True)
class Result(ResultGetters):
    """The end of a document (protocol: "result")."""

    session_id: str
    call_id: str = ""
    state: str = ""
    sequence: int | None = None
    error: str = field(default="", repr=False)
    user_type: str = ""
    actions: tuple[Recognition, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_dict(cls, source: dict[str, Any]) -> Self:
        """The result in the platform's object. `tropo.reader` checks its `sessionId`."""
        return cls(
            session_id=fields.text(source, "sessionId"),
            call_id=fields.text(source, "callId")[:64],
            state=(fields.text(source, "state") or fields.text(source, "callState")).upper(),
            sequence=fields.whole(source, "sequence"),
            error=fields.text(source, "error"),
            user_type=fields.text(source, "userType")[:10],
            actions=_actions(source.get("actions")),
            source=source,
        )

    @property
    def is_end(self) -> bool:
        """True when the call is gone; who hung up cannot be told from a result."""
        return self.state in ("DISCONNECTED", "FAILED")

    def action(self, name: str) -> Recognition | None:
        """What the action of that name brought; None when it did not run or said nothing."""
        return next((action for action in self.actions if action.name == name), None)


def _actions(source: object) -> tuple[Recognition, ...]:
    """One reportable action comes as an object, several as a list, none not at all."""
    found = source if isinstance(source, list) else [source]
    return tuple(Recognition.from_dict(item) for item in found if isinstance(item, dict))


def _percent(source: dict[str, Any]) -> int | None:
    confidence = fields.whole(source, "confidence")
    return None if confidence is None else min(confidence, 100)


def _mode(source: dict[str, Any], utterance: str) -> str:
    """`speech`, `keypad` or nothing: told by the NLSML in `xml`, else inferred from keys alone."""
    xml = source.get("xml")
    found = _INPUT_MODE.search(xml) if isinstance(xml, str) else None
    if found:
        return "keypad" if found[1] == "dtmf" else "speech"
    if not utterance:
        return ""
    return "keypad" if _KEYS.fullmatch(utterance.replace(" ", "")) else "speech"
