"""The tests' caller: a fixture that phones the application and reads like a call.

A conftest makes it known with `from phone.testing import caller`; then a test is

    def test_booking(caller):
        caller.dials("reception")
        caller.hears("Which city").says("chicago", confidence=42)
        caller.hears("Was that Chicago").presses("1")
        caller.hears("Goodbye").hears_hang_up()

An expectation that fails raises AssertionError with the transcript.
"""

from typing import NoReturn, Self

import pytest
from django.conf import settings
from django.test import Client

from phone.actions import SPEECH_CONFIDENCE, Action, HangUp, Keys, Silence, Words
from phone.errors import LineDeadError
from phone.events import Ended, Event, Kind, Post, Reply
from phone.handset import Handset, new_session
from phone.sessions import CALLERS_NUMBER, OUR_NUMBER, read_number
from phone.transcript import Transcript
from phone.transports import authorization, start_url


class ClientTransport:
    """POSTs through Django's test client.

    Unlike the WSGI callable it leaves the test's database connection alone, and raises in the test what the
    application let through.
    """

    def __init__(self, token: str) -> None:
        self._client = Client(headers={"authorization": authorization(token)})
        self._base = f"{'https' if settings.HTTPS else 'http'}://testserver"

    def start_url(self, flow: str | None) -> str:
        """Give where a session of this flow begins."""
        return start_url(self._base, flow)

    def post(self, post: Post) -> Reply:
        """Send a document. An exception the application lets through is raised here, in the test."""
        secure = post.url.startswith("https:")
        path = "/" + post.url.split("/", 3)[3]
        response = self._client.post(path, post.document, content_type="application/json", secure=secure)
        return Reply(response.status_code, response.content)


class Caller:
    """A caller with a telephone. Every method gives the caller back, so that a turn fits on a line.

    The call stands still at each question until the caller does something. `hears` looks at what was said
    since the caller last did something, and at nothing before it.
    """

    def __init__(self) -> None:
        self._handset: Handset | None = None
        self._lines: list[str] = []
        self._said: list[str] = []
        self._transcript = Transcript(self._lines.append)

    def dials(self, flow: str | None = None, *, to: str = OUR_NUMBER, caller: str = CALLERS_NUMBER) -> Self:
        """Call a flow by name, or else a number, and listen up to the first question."""
        self._said.clear()
        transport = ClientTransport(settings.WEBHOOK_TOKENS[0])
        session = new_session(read_number(to), read_number(caller))
        try:
            self._handset = Handset(transport, session, self._observe, flow)
            self._handset.listen()
        except LineDeadError as error:
            self._fail(f"the line went dead: {error}", error)
        return self._closed()

    def presses(self, keys: str) -> Self:
        """Press keys at the question, and listen up to the next."""
        return self._acts(Keys(keys))

    def says(self, words: str, *, confidence: int = SPEECH_CONFIDENCE) -> Self:
        """Speak at the question; the recogniser is so sure of it, in percent."""
        return self._acts(Words(words, confidence))

    def stays_silent(self) -> Self:
        """Let the question time out."""
        return self._acts(Silence())

    def hangs_up(self) -> Self:
        """Hang up at the question."""
        return self._acts(HangUp())

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
