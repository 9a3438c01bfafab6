"""What a tests' caller has heard, and what a test expects of it."""

from abc import ABC, abstractmethod
from typing import NoReturn, Self

from phone.events import Ended, Event, Kind
from phone.transcript import Transcript


class Listener(ABC):
    """Hears one call after another; what was said in this turn begins anew when the caller acts."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._said: list[str] = []
        self._transcript = Transcript(self._lines.append)

    @property
    @abstractmethod
    def ended(self) -> Ended | None:
        """How the call ended; None while it is going on, and before there is one."""

    def hears(self, phrase: str) -> Self:
        """Expect a phrase in what was said in this turn; blanks count as one, letters as they are."""
        if not self._has_said(phrase):
            self._fail(f"expected to hear {phrase!r}, heard {self._words!r}")
        return self

    def does_not_hear(self, phrase: str) -> Self:
        """Expect that a phrase was not said in this turn."""
        if self._has_said(phrase):
            self._fail(f"expected not to hear {phrase!r}, heard {self._words!r}")
        return self

    def hears_nothing(self) -> Self:
        """Expect that nothing was said in this turn."""
        if self._words:
            self._fail(f"expected to hear nothing, heard {self._words!r}")
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
    def transcript(self) -> str:
        """What has happened so far, in all the calls of this caller."""
        return "\n".join(self._lines)

    @property
    def _words(self) -> str:
        return " ".join(" ".join(self._said).split())

    def _has_said(self, phrase: str) -> bool:
        return " ".join(phrase.split()) in self._words

    def _observe(self, event: Event) -> None:
        self._transcript.add(event)
        if event.kind in (Kind.APP_SAYS, Kind.APP_TEXTS):
            self._said.append(event.text)

    def _fail(self, problem: str, cause: Exception | None = None) -> NoReturn:
        raise AssertionError(f"{problem}\n\n{self.transcript}") from cause
