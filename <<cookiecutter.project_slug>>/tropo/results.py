"""A result in: what became of the last document. The text of a recording comes in the same envelope."""

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

    `confidence` is 0 to 100 or None. `mode` is `speech`, `keypad` or empty. `value` is the protocol's
    `concept` where there is no value. `duration` is in milliseconds for a recording, in seconds for a
    transfer or a conference; `connected_seconds` is the time a transfer was connected. `url` is where a
    recording went, `upload_status` SUCCESS, FAILED or UNAVAILABLE. `source` is the entry as it came.
    What the caller said or keyed stays out of its repr.
    """

    name: str = ""
    disposition: str = ""
    attempts: int | None = None
    confidence: int | None = None
    mode: str = ""
    utterance: str = field(default="", repr=False)
    interpretation: str = field(default="", repr=False)
    value: str = field(default="", repr=False)
    duration: int | None = None
    connected_seconds: int | None = None
    url: str = field(default="", repr=False)
    upload_status: str = ""
    called_id: str = field(default="", repr=False)
    user_type: str = ""
    timestamp: str = field(default="", repr=False)
    source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_dict(cls, source: dict[str, Any]) -> Self:
        utterance = fields.text(source, "utterance")
        return cls(
            name=fields.text(source, "name"),
            disposition=fields.word(source, "disposition"),
            attempts=fields.whole(source, "attempts"),
            confidence=_percent(source),
            mode=_mode(source, utterance),
            utterance=utterance,
            interpretation=fields.text(source, "interpretation"),
            value=fields.text(source, "value") or fields.text(source, "concept"),
            duration=fields.whole(source, "duration"),
            connected_seconds=fields.whole(source, "connectedDuration"),
            url=fields.text(source, "url"),
            upload_status=fields.word(source, "uploadStatus"),
            called_id=fields.text(source, "calledid"),
            user_type=fields.word(source, "userType")[:10],
            timestamp=fields.text(source, "timestamp"),
            source=source,
        )

    @property
    def matched(self) -> bool:
        return self.disposition == "SUCCESS"

    @property
    def digits(self) -> str:
        """The keys or spoken digits, without blanks: `interpretation` has them in every known payload."""
        return "".join((self.interpretation or self.value).split())


@from_body("result")
@dataclass(frozen=True, slots=True, kw_only=True)
class Result(ResultGetters):
    """The end of a document (protocol: "result").

    `sequence` counts the documents of the session, `session_seconds` its time so far. `called_id` is the
    number that was called. `complete` says whether every required action was, and nothing of who hung up.
    `source` is the result as it came, unknown fields included.
    """

    session_id: str
    call_id: str = ""
    state: str = ""
    sequence: int | None = None
    session_seconds: int | None = None
    complete: bool | None = None
    error: str = field(default="", repr=False)
    called_id: str = field(default="", repr=False)
    user_type: str = ""
    actions: tuple[Recognition, ...] = ()
    source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_dict(cls, source: dict[str, Any]) -> Self:
        """The result in the platform's object. `tropo.reader` checks its `sessionId`."""
        return cls(
            session_id=fields.text(source, "sessionId"),
            call_id=fields.optional_identifier(source, "callId"),
            state=fields.word(source, "state") or fields.word(source, "callState"),
            sequence=fields.whole(source, "sequence"),
            session_seconds=fields.whole(source, "sessionDuration"),
            complete=fields.flag(source, "complete"),
            error=fields.text(source, "error"),
            called_id=fields.text(source, "calledid"),
            user_type=fields.word(source, "userType")[:10],
            # One reportable action comes as an object, several as a list, none not at all.
            actions=tuple(map(Recognition.from_dict, fields.objects(source, "actions"))),
            source=source,
        )

    @property
    def is_end(self) -> bool:
        """True when the call is gone; who hung up cannot be told from a result."""
        return self.state in ("DISCONNECTED", "FAILED")

    @property
    def is_failure(self) -> bool:
        """True when the call that the document was to make never came up."""
        return self.state == "FAILED"

    def action(self, name: str) -> Recognition | None:
        """What the action of that name brought; None when it did not run or said nothing."""
        return next((action for action in self.actions if action.name == name), None)


@dataclass(frozen=True, slots=True)
class TranscriptionResult:
    """The text of a recording, sent when it is ready. It belongs to no session, and its reply is not read.

    `guid` is the platform's name for it, `identifier` the `id` that the document gave to the transcription.
    """

    text: str = field(repr=False)
    guid: str = ""
    identifier: str = ""
    source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_dict(cls, source: dict[str, Any]) -> Self:
        return cls(
            text=fields.text(source, "transcription"),
            guid=fields.optional_identifier(source, "guid"),
            identifier=fields.text(source, "identifier"),
            source=source,
        )


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
