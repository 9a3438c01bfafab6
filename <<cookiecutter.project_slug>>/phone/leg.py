"""The caller's leg of a session: its clock, what is played into it, and what comes back from it."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable
from typing import NoReturn

from phone.actions import HangUp, Keys, Silence, Words
from phone.document import Say, Step
from phone.doing import Doing, FarEnds, GoneError, Hears, SignalError, TroubleError
from phone.events import Event, Kind, Moment, Post, Reply
from phone.habits import Habits
from phone.prompt import ANY_SIGNAL, Prompt, Signals
from phone.recognizer import seconds_to_do
from phone.recordings import StartRecording
from phone.sessions import Session, number_id
from phone.speech import as_heard, seconds_to_say
from phone.wav import Upload


class Leg:
    """The person at the other end of a session: who called, or was called by a `call` step.

    `clock` is seconds into the session, `gone_by` is who ended it, or "". `up` says whether there is a leg;
    a launched session has none at first, and `failed` says that it tried in vain to get one. `aside` collects
    what is to be sent without anybody waiting for it, `recording` is what `startRecording` began, and when;
    `base` is the address of the present document.
    """

    def __init__(
        self, session: Session, observe: Callable[[Event], None], far_ends: FarEnds, habits: Habits
    ) -> None:
        self.session = session
        self.habits = habits
        self.far_ends = far_ends
        self.clock = 0.0
        self.up = session.parameters is None
        self.channel = session.channel
        self.call_id = session.call_id
        self.called = session.called
        self.user_type = ""
        self.answered = False
        self.failed = False
        self.gone_by = ""
        self.recognitions = 0
        self.signals: deque[str] = deque()
        self.aside: list[Upload | Post] = []
        self.recording: tuple[StartRecording, float] | None = None
        self.base = ""
        self._observe = observe
        self._unread = session.text
        self._due: tuple[float, Keys | Words | HangUp] | None = None

    def notice(self, kind: Kind, text: str = "") -> None:
        """Tell the observer what just happened."""
        self._observe(Event(self.clock, kind, text))

    def connect(self, number: str, channel: str) -> None:
        """Have a leg to that number, which has answered."""
        name = f"{self.session.id} {number} {self.clock}"
        self.call_id = hashlib.sha256(name.encode()).hexdigest()[:32]
        self.up, self.answered, self.failed = True, True, False
        self.channel, self.called = channel, number_id(number, channel)

    def must_be_up(self, channels: tuple[str, ...] = ("VOICE", "TEXT")) -> None:
        """Raise TroubleError when a step needs a call and there is none, or none of that kind."""
        if not self.up:
            raise TroubleError("there is no call yet; `call` must come first")
        if self.channel not in channels:
            raise TroubleError("this is for calls only, and this is a text session")

    def hang_up(self, by: str) -> NoReturn:
        """End the session. Raises GoneError, always."""
        self.gone_by = by
        raise GoneError

    def spend(self, seconds: float) -> None:
        """Let time go by. Raises GoneError when the session has become too long."""
        self.clock = min(self.clock + seconds, self.habits.session_max)
        if self.clock == self.habits.session_max:
            self.hang_up("platform")

    def interrupt(self, signals: Signals | None) -> None:
        """Take the queue's signals up to the first that may interrupt. Raises SignalError for that one.

        None is for a step that cannot be interrupted: the queue stays as it is.
        """
        while signals is not None and self.signals:
            name = self.signals.popleft()
            if name in signals or signals == ANY_SIGNAL:
                self.notice(Kind.LINE, f"signal {name} interrupts")
                raise SignalError(name)
            self.notice(Kind.LINE, f"signal {name} is not allowed here, and lost")

    def listen(
        self, step: Step, seconds: float, signals: Signals | None = None, *, going_on: bool = False
    ) -> Doing[Keys | Words | None]:
        """Let up to so many seconds go by while a step runs; give what the caller did, or None for nothing.

        The clock stands where it was done. Raises GoneError when the caller hangs up, and SignalError.
        """
        self.interrupt(signals)
        if self._due is None:
            action = yield Moment(self.clock, step, going_on)
            if isinstance(action, Reply):
                raise TypeError("the platform listens to the caller and got a reply")
            if not self.up:
                action = Silence()  # nobody is on the line; the moment is there for signals
            if not isinstance(action, Silence):
                self._due = (self.clock + action.after, action)
            if not isinstance(action, HangUp):
                self._interrupt_instead(action, signals)
        if self._due is None or self._due[0] > self.clock + seconds:
            self.spend(seconds)
            return None
        at, done = self._due
        self._due = None
        self.spend(max(0.0, at - self.clock))
        if isinstance(done, HangUp):
            self.notice(Kind.HANGS_UP)
            self.hang_up("caller")
        return done

    def _interrupt_instead(self, action: Keys | Words | Silence, signals: Signals | None) -> None:
        try:
            self.interrupt(signals)
        except SignalError:
            if not isinstance(action, Silence) and not action.after:
                self._due = None
            raise

    def play(
        self, step: Step, seconds: float, signals: Signals | None = None, hears: Hears | None = None
    ) -> Doing[Keys | Words | None]:
        """Let so many seconds go by whatever the caller does, unless somebody hears it: then give that."""
        ends = self.clock + seconds
        while True:
            action = yield from self.listen(step, max(0.0, ends - self.clock), signals)
            if action is None or (hears and hears(action)):
                return action
            self.did(action)
            self.notice(Kind.LINE, "nobody listens to that now")
            self.spend(min(seconds_to_do(action), max(0.0, ends - self.clock)))
            if self.clock >= ends:
                return None

    def say(self, prompts: Iterable[Prompt], hears: Hears | None = None) -> Doing[Keys | Words | None]:
        """Play prompts; the caller may hang up at each, and barge in with what is heard: then give that."""
        self.must_be_up()
        for prompt in prompts:
            self.begin(prompt.value)
            action = yield from self.play(Say((prompt,)), self._length(prompt.value), prompt.signals, hears)
            if action is not None:
                return action
        return None

    def begin(self, value: str) -> None:
        """Begin to play something; it answers the call."""
        self.answered = True
        if self.channel == "TEXT":
            self.notice(Kind.APP_TEXTS, value)
        elif text := as_heard(value):
            self.notice(Kind.APP_SAYS, text)

    def did(self, action: Keys | Words) -> None:
        """Tell the observer what the caller did."""
        match action:
            case Keys(keys) if self.channel == "VOICE":
                self.notice(Kind.PRESSES, keys)
            case Words(words, confidence) if self.channel == "VOICE":
                self.notice(Kind.SAYS, f"{words} (confidence {confidence})")
            case Keys(text) | Words(text):
                self.notice(Kind.TEXTS, text)

    def take_initial_text(self) -> Words | None:
        """Give the text that opened the session, once: the first question takes it instead of asking."""
        text, self._unread = self._unread, None
        return None if text is None else Words(text, confidence=100)

    def _length(self, value: str) -> float:
        return 0 if self.channel == "TEXT" else seconds_to_say(as_heard(value))
