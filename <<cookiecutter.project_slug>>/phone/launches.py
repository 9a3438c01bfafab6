"""The sessions that were launched by token: each runs in a thread beside the server that launched it."""

import threading
from collections.abc import Callable, Collection, Mapping
from secrets import compare_digest
from uuid import uuid4

from django.db import connections

from phone.actions import HangUp, Silence
from phone.errors import LineDeadError
from phone.events import FarEnd
from phone.handset import Handset
from phone.script import Item, Signal
from phone.sessions import launch
from phone.transcript import Transcript
from phone.transports import Transport


class Launched:
    """One session, run in a thread of its own: `run` returns when it is over, and then `over` is set.

    Whoever is called does what `source` says at the questions. At every moment the session stands still for
    `pause` seconds, for the virtual clock would leave a signal no time to come in.
    """

    def __init__(
        self,
        session_id: str,
        parameters: Mapping[str, str],
        connect: Callable[[], Transport],
        source: Callable[[], Item],
        far_end: FarEnd,
        transcript: Transcript,
        pause: float,
    ) -> None:
        self.over = threading.Event()
        self._session = launch(parameters, session_id)
        self._connect, self._source, self._far_end = connect, source, far_end
        self._transcript, self._pause = transcript, pause
        self._waking = threading.Condition()
        self._signals: list[str] = []
        self._stopped = False

    def signal(self, name: str) -> None:
        """Queue a signal, from any thread."""
        with self._waking:
            self._signals.append(name)
            self._waking.notify()

    def stop(self) -> None:
        """Have the caller hang up at the next moment, from any thread."""
        with self._waking:
            self._stopped = True
            self._waking.notify()

    def run(self) -> None:
        """Hold the session to its end."""
        transport = self._connect()
        try:
            handset = Handset(transport, self._session, self._transcript.add, None, self._far_end)
            while handset.moment is not None:
                self._act(handset, handset.moment.question is not None)
            if handset.ended:
                self._transcript.end(handset.ended)
        except LineDeadError as error:
            self._transcript.dead(str(error))
        finally:
            transport.close()

    def _act(self, handset: Handset, asked: bool) -> None:
        """Let signals that have come go first; else do what the caller does."""
        with self._waking:
            self._waking.wait_for(lambda: self._signals or self._stopped, timeout=self._pause)
            signals, self._signals = self._signals, []
        item: Item = Silence()
        if self._stopped:
            item = HangUp()
        elif asked and not signals:
            item = self._source()
        if isinstance(item, Signal):
            signals, item = [item.name], Silence()
        for name in signals:
            handset.signal(name)
        handset.act(item)


class Sessions:
    """The sessions a platform has launched. `begin` makes one of an id and its parameters."""

    def __init__(self, tokens: Collection[str], begin: Callable[[str, Mapping[str, str]], Launched]) -> None:
        self._tokens = [token.encode() for token in tokens]
        self._begin = begin
        self._running: dict[str, Launched] = {}
        self._lock = threading.Lock()

    def launch(self, parameters: Mapping[str, str]) -> str | None:
        """Start a session in a thread of its own; its id, or None when the token is not one of ours."""
        given = parameters["token"].encode()
        matches = [compare_digest(given, token) for token in self._tokens]
        if not any(matches):
            return None
        session_id = uuid4().hex
        launched = self._begin(session_id, parameters)
        with self._lock:
            self._running[session_id] = launched
        threading.Thread(target=self._run, args=(session_id, launched), daemon=True).start()
        return session_id

    def signal(self, session_id: str, name: str) -> bool:
        """Queue a signal; False when the session is over or never was."""
        with self._lock:
            launched = self._running.get(session_id)
        if launched is None:
            return False
        launched.signal(name)
        return True

    def stop(self) -> None:
        """Have every caller hang up, and wait a moment for the sessions to end."""
        with self._lock:
            running = list(self._running.values())
        for launched in running:
            launched.stop()
        for launched in running:
            launched.over.wait(timeout=2)

    def _run(self, session_id: str, launched: Launched) -> None:
        try:
            launched.run()
        finally:
            connections.close_all()  # those of this thread, which the application opened in this process
            with self._lock:
                del self._running[session_id]
            launched.over.set()
