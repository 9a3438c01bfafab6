"""A telephone: a line joined to the application, which stops only where its caller may do something."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from phone.actions import Action, Silence
from phone.events import Ended, Event, Moment, Post
from phone.platform import Line
from phone.sessions import CALLERS_NUMBER, OUR_NUMBER, Session
from phone.transports import Transport


class Handset:
    """One session as its caller has it: dialled when it is made, then `act` after `act` until `ended`.

    Everything that sends a POST (making one, `act`) raises LineDeadError when the line goes dead.
    """

    def __init__(
        self,
        transport: Transport,
        session: Session,
        observe: Callable[[Event], None],
        flow: str | None = None,
    ) -> None:
        self._transport = transport
        self._line = Line(session, transport.start_url(flow), observe)
        self._send_posts()

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
        self._send_posts()

    def listen(self) -> None:
        """Listen on to the next question, or to the end."""
        while self.moment is not None and self.moment.question is None:
            self.act(Silence())

    def _send_posts(self) -> None:
        while isinstance(self._line.need, Post):
            self._line.replied(self._transport.post(self._line.need))


def new_session(to: str = OUR_NUMBER, caller: str = CALLERS_NUMBER, text: str | None = None) -> Session:
    """Give a session of this moment with fresh ids; with a text it is a message, else a call."""
    return Session(uuid4().hex, uuid4().hex, to, caller, datetime.now(UTC), text)


def converse(handset: Handset, caller: Callable[[Moment], Action]) -> Ended:
    """Let a caller hold a whole session; gives how it ended. Raises LineDeadError."""
    while (ended := handset.ended) is None:
        if handset.moment is not None:
            handset.act(caller(handset.moment))
    return ended
