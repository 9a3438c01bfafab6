"""The Tropo platform for one session: a state machine with a clock of its own and no input or output.

A `Line` says what it needs next, and is told: a `Post`, `Fetch` or `Upload` to be sent (answer with
`replied`), a `Moment` at which the caller may act (answer with `acted`), or nothing any more (`Ended`). What
can be noticed on the line goes to its observer, event by event. Seconds are counted, never waited for.
"""

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from phone.actions import Action
from phone.addresses import resolve
from phone.document import Document, Handler
from phone.doing import Doing, FarEnds, GoneError, SignalError
from phone.errors import DocumentError, LineDeadError
from phone.events import Ended, Event, FarEnd, Fetch, Kind, Moment, Need, Post, Reply
from phone.habits import BadReply, Habits
from phone.leg import Leg
from phone.reading import read_document
from phone.recording import stop_recording
from phone.report import Report
from phone.sessions import Session
from phone.steps import perform
from phone.wav import Upload

DOCUMENTS_MAX = 10_000
"""A limit of this simulator: an application that posts to itself without end is reported, not followed."""


class Line:
    """One session with an application, from its first POST to its end.

    `need` is what has to happen next. `replied` and `acted` raise LineDeadError when the platform cannot go
    on (the line is of no more use then), and ValueError when the line needs something else. `far_end` is who
    answers when the application dials: one for every number, or a function of the number.
    """

    def __init__(
        self,
        session: Session,
        start_url: str,
        observe: Callable[[Event], None] = lambda event: None,
        far_end: FarEnd | FarEnds | None = None,
        habits: Habits | None = None,
    ) -> None:
        self._session = session
        end = far_end or FarEnd()
        far_ends: FarEnds = (lambda number: end) if isinstance(end, FarEnd) else end
        self._leg = Leg(session, observe, far_ends, habits or Habits())
        self._leg.base = self._home = start_url
        self._sequence = 0
        self._doing = self._run(start_url)
        self.need: Need = next(self._doing)

    def replied(self, reply: Reply) -> None:
        """Take the reply to the Post, Fetch or Upload this line needs."""
        if not isinstance(self.need, Post | Fetch | Upload):
            raise ValueError(f"no reply is due; the line needs {self.need}")
        self._go_on(reply)

    def acted(self, action: Action) -> None:
        """Take what the caller does at the Moment this line needs."""
        if not isinstance(self.need, Moment):
            raise ValueError(f"the caller cannot act now; the line needs {self.need}")
        self._go_on(action)

    def signal(self, name: str) -> None:
        """Queue a signal. The next step that it may interrupt takes it; one that runs does as time goes on.

        At a Moment that is when the caller acts, before what the caller does.
        """
        self._leg.signals.append(name)

    def _go_on(self, answer: Reply | Action) -> None:
        try:
            self.need = self._doing.send(answer)
        except StopIteration as over:
            self.need = over.value

    def _run(self, url: str) -> Doing[Ended]:
        leg = self._leg
        self._introduce()
        reply = yield from self._post(url, self._session.document())
        document = Document()
        while True:
            self._sequence += 1
            if self._sequence > DOCUMENTS_MAX:
                raise LineDeadError(f"{DOCUMENTS_MAX} documents in one session: it goes in circles")
            if leg.failed and not reply.body.strip():
                return Ended(leg.clock, "application")
            document, report = yield from self._perform(reply, document)
            handler = yield from self._handler(document, report)
            if leg.gone_by:
                stop_recording(leg)
            if handler is not None:
                leg.base = resolve(leg.base, handler.next)
                reply = yield from self._post(leg.base, self._result(report))
            yield from self._send_aside()
            if leg.gone_by:
                return Ended(leg.clock, leg.gone_by)

    def _introduce(self) -> None:
        session, leg = self._session, self._leg
        if session.parameters is not None:
            leg.notice(Kind.LINE, "a session is launched by token")
            return
        leg.notice(Kind.LINE, f"{session.caller} {'calls' if session.text is None else 'texts'} {session.to}")
        if session.text is not None:
            leg.notice(Kind.TEXTS, session.text)

    def _perform(self, reply: Reply, before: Document) -> Doing[tuple[Document, Report]]:
        """Run the reply's document. One that cannot be read leads to what the habits say."""
        leg = self._leg
        try:
            document = read_document(reply.body, leg.channel, last_handler=leg.habits.last_handler)
        except DocumentError as error:
            if leg.habits.bad_reply is BadReply.END:
                raise
            leg.notice(Kind.LINE, str(error))
            if leg.habits.bad_reply is BadReply.NOTHING:
                return Document(), Report()
            leg.base, report = self._home, Report()  # the handlers are links of the document before
            report.end("error", complete=False, error=str(error))
            return before, report
        self._home = leg.base
        report = yield from perform(document.steps, leg)
        return document, report

    def _handler(self, document: Document, report: Report) -> Doing[Handler | None]:
        """Find where the result goes: the event's handler, else `continue`; without both the call is over.

        A handler that only says something says it, and hands on to `continue`. Once the call is over there is
        only `hangup` to post to; but a recording or conference that the hang-up ended may use `continue`.
        """
        leg = self._leg
        if not leg.gone_by:
            try:
                for name in dict.fromkeys((report.event, "continue")):
                    handler = document.handlers.get(name, Handler("", ()))
                    if leg.up:
                        yield from self._say(handler)
                    if handler.next:
                        return handler
                leg.hang_up("application")
            except GoneError:
                pass
        names = ["hangup", "continue"] if report.cut and leg.habits.cut_report_to_continue else ["hangup"]
        handlers = (document.handlers.get(name) for name in names)
        return next((handler for handler in handlers if handler and handler.next), None)

    def _say(self, handler: Handler) -> Doing[None]:
        """Play what a handler says; a signal cuts it short and has no other effect."""
        with suppress(SignalError):
            yield from self._leg.say(handler.prompts)

    def _result(self, report: Report) -> dict[str, object]:
        """Give the result. Its actions are an object when there is one, an array when more, else no key."""
        leg = self._leg
        result: dict[str, object] = {
            "sessionId": self._session.id,
            "callId": leg.call_id,
            "state": "DISCONNECTED" if leg.gone_by else "FAILED" if leg.failed else "ANSWERED",
            "sessionDuration": int(leg.clock),
            "sequence": self._sequence,
            "complete": report.complete,
            "error": report.error,
        }
        if leg.called:
            result["calledid"] = leg.called
        if leg.user_type:
            result["userType"] = leg.user_type
        if report.actions:
            result["actions"] = report.actions[0] if len(report.actions) == 1 else report.actions
        return {"result": result}

    def _send_aside(self) -> Doing[None]:
        """Send what nobody waits for; what becomes of it makes no difference."""
        while self._leg.aside:
            yield self._leg.aside.pop(0)

    def _post(self, url: str, document: dict[str, object]) -> Doing[Reply]:
        reply = yield Post(url, document)
        if not isinstance(reply, Reply):
            raise TypeError("the platform waits for the application and got an action of the caller")
        if not reply.good:
            what = "the session" if "session" in document else "a result"
            path = urlsplit(url).path  # the query holds a signed token
            raise LineDeadError(f"{what} posted to {path} was answered {reply.status}; only 2xx will do")
        return reply
