"""A telephone: a line joined to the application, which stops only where its caller may do something."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from phone.actions import Action, Silence
from phone.errors import LineDeadError
from phone.events import NO_REPLY, Ended, Event, FarEnd, Fetch, Moment, Post, Reply
from phone.habits import Habits
from phone.platform import Line
from phone.sessions import CALLERS_NUMBER, OUR_NUMBER, Session
from phone.transports import Transport
from phone.wav import Upload
from phone.wire import fetch_request, upload_request

FAR_ENDS = {
    "answers": FarEnd(),
    "busy": FarEnd("BUSY"),
    "silent": FarEnd("TIMEOUT"),
    "rejects": FarEnd("REJECTED"),
    "fails": FarEnd("FAILED"),
    "machine": FarEnd(machine=True),
}
"""Who can be at the other end when the application dials, in one word."""

CIRCLES_MAX = 100
"""A limit of this simulator: so many documents without a moment for the caller lead nowhere."""


class Handset:
    """One session as its caller has it: dialled when it is made, then `act` after `act` until `ended`.

    Everything that sends something (making one, `act`) raises LineDeadError when the line goes dead.
    """

    def __init__(
        self,
        transport: Transport,
        session: Session,
        observe: Callable[[Event], None],
        flow: str | None = None,
        far_end: FarEnd | None = None,
        habits: Habits | None = None,
    ) -> None:
        self._transport = transport
        self._line = Line(session, transport.start_url(flow), observe, far_end, habits)
        self._send()

    @property
    def moment(self) -> Moment | None:
        """Where the caller may act now; None when the session is over."""
        return self._line.need if isinstance(self._line.need, Moment) else None

    @property
    def ended(self) -> Ended | None:
        """How the session ended; None while it is going on."""
        return self._line.need if isinstance(self._line.need, Ended) else None

    def act(self, action: Action) -> None:
        """Do something at the present moment, and go on to the next."""
        self._line.acted(action)
        self._send()

    def signal(self, name: str) -> None:
        """Queue a signal; it takes effect when the caller next acts, before what the caller does."""
        self._line.signal(name)

    def listen(self) -> None:
        """Listen on to the next question, or to the end."""
        while self.moment is not None and self.moment.question is None:
            self.act(Silence())

    def _send(self) -> None:
        posts = 0
        while isinstance(self._line.need, Post | Fetch | Upload):
            posts += isinstance(self._line.need, Post)
            if posts > CIRCLES_MAX:
                raise LineDeadError(f"{CIRCLES_MAX} documents and nothing happened: it goes in circles")
            self._line.replied(self._reply_to(self._line.need))

    def _reply_to(self, need: Post | Fetch | Upload) -> Reply:
        """Carry out what the line needs. A session cannot do without the reply to its own document."""
        if isinstance(need, Post) and not need.aside:
            return self._transport.post(need)
        try:
            match need:
                case Post():
                    return self._transport.tell(need)
                case Fetch(url):
                    return self._transport.send(fetch_request(url))
                case Upload():
                    upload = upload_request(need.method, need.url, need.headers, need.body)
                    return self._transport.send(upload)
        except LineDeadError:
            return NO_REPLY


def new_session(to: str = OUR_NUMBER, caller: str = CALLERS_NUMBER, text: str | None = None) -> Session:
    """Give a session of this moment with fresh ids; with a text it is a message, else a call."""
    return Session(uuid4().hex, uuid4().hex, to, caller, datetime.now(UTC), text)
