"""A line of the simulated platform with an application that answers from a list, and a caller."""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from phone.actions import Action, Silence
from phone.doing import FarEnds
from phone.events import NO_REPLY, Ended, Event, FarEnd, Fetch, Kind, Moment, Post, Reply
from phone.habits import Habits
from phone.platform import Line
from phone.sessions import Session
from phone.wav import Upload

START = "http://app.example.com/tropo/?flow=reception&platform=phone"
NOON = datetime(2017, 6, 8, 12, tzinfo=UTC)
EVENTS = ("continue", "incomplete", "error", "hangup")
ON = [{"on": {"event": event, "next": f"?on={event}"}} for event in EVENTS]
YES_NO = {"value": "yes(yes,y,1), no(no,n,2)"}
ASK = {"name": "sure", "say": {"value": "Are you sure?"}, "choices": YES_NO}
TRANSFER = {"name": "desk", "to": "+14075550199"}
SAY = {"say": {"value": "Hello."}}

Caller = Callable[[Moment], Action]


def session(text: str | None = None) -> Session:
    return Session("0123456789abcdef" * 2, "fedcba9876543210" * 2, "+14075550100", "+14075550142", NOON, text)


class Call:
    """Plays a whole session. The caller does what `caller` says, or else `actions`, one at each question.

    `signals` are sent while the step of that name runs, `queued` before the first document; `files` are the
    grammar files that can be fetched; recordings are taken with `upload_status`, 0 for nobody there.
    """

    def __init__(
        self,
        documents: list[list[object]],
        *actions: Action,
        text: str | None = None,
        opened: Session | None = None,
        far_end: FarEnd | FarEnds | None = None,
        caller: Caller | None = None,
        habits: Habits | None = None,
        signals: Mapping[str, str] | None = None,
        files: Mapping[str, bytes] | None = None,
        queued: Iterable[str] = (),
        upload_status: int = 200,
    ) -> None:
        self.events: list[Event] = []
        self.urls: list[str] = []
        self.posted: list[Any] = []  # JSON as it travelled
        self.uploads: list[Upload] = []
        self.notices: list[Post] = []
        self._documents = iter(documents)
        self._actions = iter(actions)
        self._caller = caller or self._act
        self._signals = dict(signals or {})
        self._files = files or {}
        self._upload_status = upload_status
        self.line = Line(opened or session(text), START, self.events.append, far_end, habits)
        for name in queued:
            self.line.signal(name)
        while not isinstance(self.line.need, Ended):
            self._serve(self.line.need)
        self.ended = self.line.need

    def _serve(self, need: Post | Fetch | Upload | Moment) -> None:
        match need:
            case Post(aside=True):
                self.notices.append(need)
                self.line.replied(NO_REPLY)
            case Post():
                self._reply(need)
            case Fetch(url):
                self.line.replied(Reply(200, self._files[url]) if url in self._files else NO_REPLY)
            case Upload():
                self.uploads.append(need)
                self.line.replied(Reply(self._upload_status))
            case Moment():
                if name := self._signals.pop(type(need.step).__name__, None):
                    self.line.signal(name)
                self.line.acted(self._caller(need))

    def _reply(self, post: Post) -> None:
        self.urls.append(post.url)
        (document,) = json.loads(json.dumps(post.document)).values()
        self.posted.append(document)
        gone = document.get("state") == "DISCONNECTED"
        body = json.dumps({"tropo": next(self._documents, [])}).encode()
        self.line.replied(Reply(200, b"" if gone else body))

    def _act(self, moment: Moment) -> Action:
        return next(self._actions) if moment.question else Silence()

    @property
    def results(self) -> list[tuple[str, str, bool, Any]]:
        """Handler, state, complete and actions of each result; of a single action all but the xml."""
        rows = []
        for url, result in zip(self.urls[1:], self.posted[1:], strict=True):
            actions = result.get("actions", "absent")
            if isinstance(actions, dict):
                actions.pop("xml", None)
            rows.append((url.rpartition("=")[2], result["state"], result["complete"], actions))
        return rows

    def heard(self, *kinds: Kind) -> list[str]:
        return [event.text for event in self.events if event.kind in kinds]


def at(step: str, action: Action) -> Caller:
    """A caller who does something when a step of this kind runs, and listens until then."""
    return lambda moment: action if type(moment.step).__name__ == step else Silence()
