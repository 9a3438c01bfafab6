"""The Tropo platform for one session: a state machine with a clock of its own and no input or output.

A `Line` says what it needs next, and is told: a `Post` to be sent to the application (answer with `replied`),
a `Moment` at which the caller may act (answer with `acted`), or nothing any more (`Ended`). What can be
noticed on the line goes to its observer, event by event. Seconds are counted, never waited for.
"""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from phone.actions import Action
from phone.document import Document, Handler
from phone.errors import LineDeadError
from phone.events import Ended, Event, FarEnd, Kind, Moment, Need, Post, Reply
from phone.leg import Doing, GoneError, Leg
from phone.reading import read_document
from phone.sessions import Session
from phone.steps import Report, perform

DOCUMENTS_MAX = 10_000
"""A limit of this simulator: an application that posts to itself without end is reported, not followed."""


class Line:
    """One session with an application, from its first POST to its end.

    `need` is what has to happen next. `replied` and `acted` raise LineDeadError when the platform cannot go
    on (the line is of no more use then), and ValueError when the line needs something else.
    """

    def __init__(
        self,
        session: Session,
        start_url: str,
        observe: Callable[[Event], None] = lambda event: None,
        far_end: FarEnd | None = None,
    ) -> None:
        self._session = session
        self._leg = Leg(session, observe, far_end or FarEnd())
        self._sequence = 0
        self._doing = self._run(start_url)
        self.need: Need = next(self._doing)

    def replied(self, reply: Reply) -> None:
        """Take the application's reply to the Post this line needs."""
        if not isinstance(self.need, Post):
            raise ValueError(f"no reply is due; the line needs {self.need}")
        self._go_on(reply)

    def acted(self, action: Action) -> None:
        """Take what the caller does at the Moment this line needs."""
        if not isinstance(self.need, Moment):
            raise ValueError(f"the caller cannot act now; the line needs {self.need}")
        self._go_on(action)

    def _go_on(self, answer: Reply | Action) -> None:
        try:
            self.need = self._doing.send(answer)
        except StopIteration as over:
            self.need = over.value

    def _run(self, url: str) -> Doing[Ended]:
        session, leg = self._session, self._leg
        leg.notice(Kind.LINE, f"{session.caller} {'calls' if session.text is None else 'texts'} {session.to}")
        if session.text is not None:
            leg.notice(Kind.TEXTS, session.text)
        reply = yield from self._post(url, session.document())
        while True:
            self._sequence += 1
            if self._sequence > DOCUMENTS_MAX:
                raise LineDeadError(f"{DOCUMENTS_MAX} documents in one session: it goes in circles")
            document = read_document(reply.body, session.channel)
            report = yield from perform(document.steps, leg)
            handler = yield from self._handler(document, report.event)
            if handler is not None:
                url = _resolve(url, handler.next)
                reply = yield from self._post(url, self._result(report))
            if leg.gone_by:
                return Ended(leg.clock, leg.gone_by)

    def _handler(self, document: Document, event: str) -> Doing[Handler | None]:
        """Find where the result goes: the event's handler, else `continue`; without both the call is over.

        A handler that only says something says it, and hands on to `continue`. Once the call is over there is
        only `hangup` to post to.
        """
        if not self._leg.gone_by:
            try:
                for name in dict.fromkeys((event, "continue")):
                    handler = document.handlers.get(name, Handler("", ()))
                    yield from self._leg.say(handler.prompts)
                    if handler.next:
                        return handler
                self._leg.hang_up("application")
            except GoneError:
                pass
        last = document.handlers.get("hangup")
        return last if last and last.next else None

    def _result(self, report: Report) -> dict[str, object]:
        """Give the result. Its actions are an object when there is one, an array when more, else no key."""
        result: dict[str, object] = {
            "sessionId": self._session.id,
            "callId": self._session.call_id,
            "state": "DISCONNECTED" if self._leg.gone_by else "ANSWERED",
            "sessionDuration": int(self._leg.clock),
            "sequence": self._sequence,
            "complete": report.complete,
            "error": report.error,
            "calledid": self._session.called,
        }
        if report.actions:
            result["actions"] = report.actions[0] if len(report.actions) == 1 else report.actions
        return {"result": result}

    def _post(self, url: str, document: dict[str, object]) -> Doing[Reply]:
        reply = yield Post(url, document)
        if not isinstance(reply, Reply):
            raise TypeError("the platform waits for the application and got an action of the caller")
        if not 200 <= reply.status < 300:
            what = "the session" if "session" in document else "a result"
            path = urlsplit(url).path  # the query holds a signed token
            raise LineDeadError(f"{what} posted to {path} was answered {reply.status}; only 2xx will do")
        return reply


def _resolve(base: str, address: str) -> str:
    """Resolve `next` as a link of the document that came from `base`."""
    try:
        url = urljoin(base, address)
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and url.isascii():
            return url
    except ValueError:  # a bracket or a port that no address has
        pass
    raise LineDeadError(f"`next` is {address!r}, no address to post to; give a path or an http(s) URL")
