"""The tests' caller: a fixture that phones the application and reads like a call.

A conftest makes it known with `from phone.testing import caller, platform`; then a test is

    def test_booking(caller):
        caller.dials("reception")
        caller.hears("Which city").says("chicago", confidence=42)
        caller.hears("Was that Chicago").presses("1")
        caller.hears("Goodbye").hears_hang_up()

and a call of the application's own, which `manage.py dial --due` or `tropo.rest.launch` has begun, is

    caller.is_called(far_end="answers").hears("This is Clinic Line").presses("1")

An expectation that fails raises AssertionError with the transcript. Several callers at once are several
`Caller()`s; those that are to be called take the fixture `platform`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Protocol, Self
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings

from phone.actions import SPEECH_CONFIDENCE, Action, HangUp, Keys, Silence, Words
from phone.client import ClientTransport
from phone.desk import Desk, platform
from phone.errors import LineDeadError
from phone.events import Ended
from phone.faults import FaultyTransport, parse_plan
from phone.habits import Habits
from phone.handset import FAR_ENDS, Handset, new_session
from phone.listener import Listener
from phone.sessions import CALLERS_NUMBER, OUR_NUMBER, Session, read_number
from phone.transports import Transport

__all__ = ["Caller", "caller", "platform"]


class Named(Protocol):
    """Anything that goes by a name, as a flow does."""

    @property
    def name(self) -> str:
        """The name."""


class Caller(Listener):
    """A caller with a telephone. Every method gives the caller back, so that a turn fits on a line.

    The call stands still at each question until the caller does something. `hears` looks at what was said
    since the caller last did something, and at nothing before it. `faults` is a plan of phone.faults: what
    the network does to this caller's calls, as the seed throws it. `habits` is how the platform behaves
    where nobody knows how Tropo did. `platform` is where the application's own calls are launched.
    """

    def __init__(
        self,
        *,
        faults: str | None = None,
        seed: int = 0,
        habits: Habits | None = None,
        platform: Desk | None = None,
    ) -> None:
        super().__init__()
        self._handset: Handset | None = None
        self._desk = platform or Desk(())
        self._moment: datetime | None = None
        self._flow: str | None = None
        self._texting = False
        self._far_end = FAR_ENDS["answers"]
        self._habits = habits
        self._numbers = OUR_NUMBER, CALLERS_NUMBER
        self._transport: Transport = ClientTransport(settings.WEBHOOK_TOKENS[0])
        if faults is not None:
            plan, notice = parse_plan(faults), self._transcript.fault
            self._transport = FaultyTransport(self._transport, plan, seed, notice, wait=lambda seconds: None)

    def dials(
        self,
        flow: str | Named | None = None,
        *,
        to: str = OUR_NUMBER,
        caller: str = CALLERS_NUMBER,
        far_end: str = "answers",
        at: str | datetime | None = None,
    ) -> Self:
        """Call a flow, by its name or itself, or else a number, and listen up to the first question.

        `far_end` is who is there when the application dials, a word of phone.handset.FAR_ENDS. `at` is when
        the call takes place, as for `at`.
        """
        self._far_end = FAR_ENDS[far_end]
        if at is not None:
            self.at(at)
        self._flow = flow if flow is None or isinstance(flow, str) else flow.name
        self._numbers = read_number(to), read_number(caller)
        return self._begins(lambda: new_session(*self._numbers))

    def at(self, moment: str | datetime) -> Self:
        """Set the clock: it stands at this moment whenever this caller does something.

        `2026-12-24 17:59` is that time in TIME_ZONE. Monotonic clocks go on, and so does the database's.
        """
        given = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        zone = ZoneInfo(settings.TIME_ZONE)
        self._moment = given.astimezone(zone) if given.tzinfo else given.replace(tzinfo=zone)
        return self

    def is_called(self, *, far_end: str = "answers") -> Self:
        """Be who the application calls: hold the session that was launched first and listen on from there.

        `far_end` is what happens when it rings here, a word of phone.handset.FAR_ENDS.
        """
        if not self._desk.launched:
            self._fail("expected the application to call, and it has launched no session")
        self._far_end = FAR_ENDS[far_end]
        self._flow = None
        return self._begins(self._desk.launched.popleft)

    def texts(self, words: str, flow: str | Named | None = None) -> Self:
        """Send a text to a flow, or else where the caller last called or texted.

        Each text opens a session of its own, as on the platform, unless a text session asks for one.
        """
        if flow is not None:
            self._flow = flow if isinstance(flow, str) else flow.name
        if flow is None and self._texting and self._handset and self._handset.moment:
            return self._acts(Words(words))
        return self._begins(lambda: new_session(*self._numbers, words))

    def closes(self) -> Self:
        """Let what the network still holds arrive: the late copies of a plan of faults."""
        self._transport.close()
        return self

    def presses(self, keys: str, *, after: float = 0) -> Self:
        """Press keys at the question, or so many seconds into it, and listen up to the next."""
        return self._acts(Keys(keys, after))

    def says(self, words: str, *, confidence: int = SPEECH_CONFIDENCE, after: float = 0) -> Self:
        """Speak at the question; the recogniser is so sure of it, in percent."""
        return self._acts(Words(words, confidence, after))

    def stays_silent(self) -> Self:
        """Let the question time out."""
        return self._acts(Silence())

    def hangs_up(self, *, after: float = 0) -> Self:
        """Hang up at the question, or so many seconds into it, at whatever moment that is."""
        return self._acts(HangUp(after))

    def gets_signal(self, name: str) -> Self:
        """Stay silent while a signal comes in, and listen up to the next question."""
        if self._handset is not None:
            self._handset.signal(name)
        return self._acts(Silence())

    @property
    def ended(self) -> Ended | None:
        """How the call ended; None while it is going on, and before it was dialled."""
        return self._handset.ended if self._handset else None

    def _begins(self, opened: Callable[[], Session]) -> Self:
        self._said.clear()
        with self._exchange():
            session = opened()
            self._texting = session.channel == "TEXT"
            self._handset = Handset(
                self._transport, session, self._observe, self._flow, self._far_end, self._habits
            )
            self._desk.lines[session.id] = self._handset
            self._handset.listen()
        return self._closed()

    def _acts(self, action: Action) -> Self:
        handset = self._handset
        if handset is None or handset.moment is None:
            self._fail(f"cannot do {action}: no line is open")
        self._said.clear()
        with self._exchange():
            handset.act(action)
            handset.listen()
        return self._closed()

    @contextmanager
    def _exchange(self) -> Iterator[None]:
        """Let the application act, at this caller's time; what fails meanwhile fails with the transcript."""
        clock: AbstractContextManager[object] = nullcontext()
        if self._moment is not None:
            clock = time_machine.travel(self._moment, tick=False)
        try:
            with clock:
                yield
        except LineDeadError as error:
            self._fail(f"the line went dead: {error}", error)
        except pytest.fail.Exception as failure:
            self._fail(str(failure))

    def _closed(self) -> Self:
        """Write the last line of the transcript when the call has ended."""
        if self.ended:
            self._transcript.end(self.ended)
        return self


@pytest.fixture
def caller(db: None, platform: Desk) -> Caller:
    """Give a caller who has not dialled yet; the test may use the database."""
    return Caller(platform=platform)
