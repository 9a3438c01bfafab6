"""The tests' caller: a fixture that phones the application and reads like a call.

A conftest makes it known with `from phone.testing import caller`; then a test is

    def test_booking(caller):
        caller.dials("reception")
        caller.hears("Which city").says("chicago", confidence=42)
        caller.hears("Was that Chicago").presses("1")
        caller.hears("Goodbye").hears_hang_up()

An expectation that fails raises AssertionError with the transcript. Several callers at once are several
`Caller()`s.
"""

from typing import NoReturn, Protocol, Self

import pytest
from django.conf import settings

from phone.actions import SPEECH_CONFIDENCE, Action, HangUp, Keys, Silence, Words
from phone.client import ClientTransport
from phone.errors import LineDeadError
from phone.events import Ended, Event, Kind
from phone.faults import FaultyTransport, parse_plan
from phone.habits import Habits
from phone.handset import FAR_ENDS, Handset, new_session
from phone.sessions import CALLERS_NUMBER, OUR_NUMBER, read_number
from phone.transcript import Transcript
from phone.transports import Transport


class Named(Protocol):
    """Anything that goes by a name, as a flow does."""

    @property
    def name(self) -> str:
        """The name."""


class Caller:
    """A caller with a telephone. Every method gives the caller back, so that a turn fits on a line.

    The call stands still at each question until the caller does something. `hears` looks at what was said
    since the caller last did something, and at nothing before it. `faults` is a plan of phone.faults: what
    the network does to this caller's calls, as the seed throws it. `habits` is how the platform behaves
    where nobody knows how Tropo did.
    """

    def __init__(self, *, faults: str | None = None, seed: int = 0, habits: Habits | None = None) -> None:
        self._handset: Handset | None = None
        self._flow: str | None = None
        self._texting = False
        self._far_end = FAR_ENDS["answers"]
        self._habits = habits
        self._numbers = OUR_NUMBER, CALLERS_NUMBER
        self._lines: list[str] = []
        self._said: list[str] = []
        self._transcript = Transcript(self._lines.append)
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
    ) -> Self:
        """Call a flow, by its name or itself, or else a number, and listen up to the first question.

        `far_end` is who is there when the application dials, a word of phone.handset.FAR_ENDS.
        """
        self._far_end = FAR_ENDS[far_end]
        self._flow = flow if flow is None or isinstance(flow, str) else flow.name
        self._numbers = read_number(to), read_number(caller)
        return self._begins(None)

    def texts(self, words: str, flow: str | Named | None = None) -> Self:
        """Send a text to a flow, or else where the caller last called or texted.

        It answers the question of a text session that waits for one; any other opens a session of its own.
        """
        if flow is not None:
            self._flow = flow if isinstance(flow, str) else flow.name
        if flow is None and self._texting and self._handset and self._handset.moment:
            return self._acts(Words(words))
        return self._begins(words)

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

    def hears(self, phrase: str) -> Self:
        """Expect a phrase in what was said in this turn; blanks count as one, letters as they are."""
        said = " ".join(" ".join(self._said).split())
        if " ".join(phrase.split()) not in said:
            self._fail(f"expected to hear {phrase!r}, heard {said!r}")
        return self

    def hears_hang_up(self) -> Self:
        """Expect that the application has ended the call."""
        ended = self.ended
        if ended is None:
            self._fail("expected the application to hang up, and the line is open")
        if ended.by != "application":
            self._fail(f"expected the application to hang up, and the call was ended by the {ended.by}")
        return self

    @property
    def ended(self) -> Ended | None:
        """How the call ended; None while it is going on, and before it was dialled."""
        return self._handset.ended if self._handset else None

    @property
    def transcript(self) -> str:
        """What has happened so far, in all the calls of this caller."""
        return "\n".join(self._lines)

    def _begins(self, text: str | None) -> Self:
        self._said.clear()
        self._texting = text is not None
        try:
            session = new_session(*self._numbers, text)
            self._handset = Handset(
                self._transport, session, self._observe, self._flow, self._far_end, self._habits
            )
            self._handset.listen()
        except LineDeadError as error:
            self._fail(f"the line went dead: {error}", error)
        return self._closed()

    def _acts(self, action: Action) -> Self:
        if self._handset is None or self._handset.moment is None:
            self._fail(f"cannot do {action}: no line is open")
        self._said.clear()
        try:
            self._handset.act(action)
            self._handset.listen()
        except LineDeadError as error:
            self._fail(f"the line went dead: {error}", error)
        return self._closed()

    def _closed(self) -> Self:
        """Write the last line of the transcript when the call has ended."""
        if self.ended:
            self._transcript.end(self.ended)
        return self

    def _observe(self, event: Event) -> None:
        self._transcript.add(event)
        if event.kind in (Kind.APP_SAYS, Kind.APP_TEXTS):
            self._said.append(event.text)

    def _fail(self, problem: str, cause: Exception | None = None) -> NoReturn:
        raise AssertionError(f"{problem}\n\n{self.transcript}") from cause


@pytest.fixture
def caller(db: None) -> Caller:
    """Give a caller who has not dialled yet; the test may use the database."""
    return Caller()
