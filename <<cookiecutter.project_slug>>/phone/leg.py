"""The caller's leg of a session: its clock, what is played into it, and what comes back from it."""

from collections.abc import Callable, Generator, Iterable
from typing import NoReturn, TypeAlias, TypeVar

from phone.actions import Action, HangUp, Keys, Silence, Words
from phone.document import Prompt, Say, Step
from phone.events import Event, FarEnd, Kind, Moment, Post, Reply
from phone.sessions import Session
from phone.speech import as_heard, seconds_to_say

SESSION_MAX = 4 * 3600.0
"""Seconds after which the platform ends a session; older documentation says two hours."""

_T = TypeVar("_T")
Doing: TypeAlias = Generator[Post | Moment, Reply | Action, _T]
"""Something that takes its time: it yields what it needs and is sent the answer."""


class GoneError(Exception):
    """The leg went while a step ran; `Leg.gone_by` says by whom."""


class Leg:
    """A caller, connected. `clock` is seconds into the session, `gone_by` is who ended it, or ""."""

    def __init__(self, session: Session, observe: Callable[[Event], None], far_end: FarEnd) -> None:
        self.session = session
        self.far_end = far_end
        self.clock = 0.0
        self.answered = False
        self.gone_by = ""
        self.recognitions = 0
        self._observe = observe
        self._unread = session.text

    def notice(self, kind: Kind, text: str = "") -> None:
        """Tell the observer what just happened."""
        self._observe(Event(self.clock, kind, text))

    def hang_up(self, by: str) -> NoReturn:
        """End the session. Raises GoneError, always."""
        self.gone_by = by
        raise GoneError

    def spend(self, seconds: float) -> None:
        """Let time go by. Raises GoneError when the session has become too long."""
        self.clock = min(self.clock + seconds, SESSION_MAX)
        if self.clock == SESSION_MAX:
            self.hang_up("platform")

    def listen(self, step: Step) -> Doing[Keys | Words | Silence]:
        """Give the caller the chance to act while a step runs. Raises GoneError when the caller hangs up."""
        action = yield Moment(self.clock, step)
        if isinstance(action, Reply):
            raise TypeError("the platform listens to the caller and got a reply of the application")
        if isinstance(action, HangUp):
            self.notice(Kind.HANGS_UP)
            self.hang_up("caller")
        return action

    def say(self, prompts: Iterable[Prompt]) -> Doing[None]:
        """Play prompts; the caller may hang up at each of them."""
        for prompt in prompts:
            self.begin(prompt.value)
            yield from self.listen(Say((prompt,)))
            self.spend(self._length(prompt.value))

    def prompt(self, values: Iterable[str]) -> None:
        """Play what leads up to a question, to its end."""
        for value in values:
            self.begin(value)
            self.spend(self._length(value))

    def begin(self, value: str) -> None:
        """Begin to play something; it answers the call."""
        self.answered = True
        if self.session.channel == "TEXT":
            self.notice(Kind.APP_TEXTS, value)
        elif text := as_heard(value):
            self.notice(Kind.APP_SAYS, text)

    def take_initial_text(self) -> Words | None:
        """Give the text that opened the session, once: the first question takes it instead of asking."""
        text, self._unread = self._unread, None
        return None if text is None else Words(text, confidence=100)

    def _length(self, value: str) -> float:
        return 0 if self.session.channel == "TEXT" else seconds_to_say(as_heard(value))
