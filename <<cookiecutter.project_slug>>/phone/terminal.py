"""A telephone for people: conversations placed one after another, written out and taken down."""

from collections.abc import Callable

from phone.actions import HangUp, Keys, Silence, Words
from phone.errors import LineDeadError
from phone.events import Ended, Event
from phone.handset import FAR_ENDS, Handset, new_session
from phone.script import Item, Signal
from phone.tape import Called, Recorder
from phone.transcript import Transcript
from phone.transports import Transport


class Telephone:
    """Calls or texts as `called` says; `source` gives what the caller does at each question.

    What happens goes to the transcript and to the recorder.
    """

    def __init__(
        self,
        transport: Transport,
        called: Called,
        source: Callable[[], Item],
        transcript: Transcript,
        recorder: Recorder,
    ) -> None:
        self._transport, self._called, self._source = transport, called, source
        self._transcript, self._recorder = transcript, recorder

    def converse(self) -> None:
        """Place the call; or with texts open a session with each text that no question took.

        Raises LineDeadError when a line goes dead.
        """
        try:
            if not self._called.text:
                return self._place()
            while not isinstance(item := self._next(), HangUp):
                if isinstance(item, Keys):
                    self._place(item.keys)
                elif isinstance(item, Words):
                    self._place(item.words)
        except LineDeadError as error:
            self._recorder.dead(str(error))
            raise

    def _place(self, text: str | None = None) -> None:
        called = self._called
        session = new_session(called.to, called.caller, text)
        handset = Handset(self._transport, session, self._observe, called.flow, FAR_ENDS[called.far_end])
        while handset.moment is not None:
            self._act(handset, self._next() if handset.moment.question else Silence())
        if handset.ended:
            self._end(handset.ended)

    def _act(self, handset: Handset, item: Item) -> None:
        if isinstance(item, Signal):
            handset.signal(item.name)
            item = Silence()
        handset.act(item)

    def _next(self) -> Item:
        item = self._source()
        self._recorder.did(item)
        return item

    def _observe(self, event: Event) -> None:
        self._transcript.add(event)
        self._recorder.add(event)

    def _end(self, ended: Ended) -> None:
        self._transcript.end(ended)
        self._recorder.end(ended)


def describe(error: LineDeadError, last_heard: str) -> str:
    """Say why a line went dead, and what its caller had of it."""
    heard = f"last heard {last_heard!r}" if last_heard else "heard nothing at all"
    return f"The line went dead: {error}\nThe caller {heard}, and then nothing more: the platform hangs up."
