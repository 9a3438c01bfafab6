"""Data that is read once and again every few minutes, without a call that waits for it.

The first reading is waited for. After that whoever asks gets what there is; when it is older than its
time, one thread reads anew beside the calls. A reading that fails keeps the old data and is logged.
"""

import logging
import time
from collections.abc import Callable
from threading import Lock, Thread
from typing import Generic, TypeVar

T = TypeVar("T")

SECONDS = 300.0
"""How long data may be used before it is read again."""

logger = logging.getLogger("flows.fresh")

after_reading: list[Callable[[], None]] = []
"""Called at the end of each thread that has read, such as to give its database connection back."""

_epoch = 0


def forget() -> None:
    """Let everything be read anew, and waited for, the next time it is asked for. For tests."""
    global _epoch
    _epoch += 1


class Fresh(Generic[T]):
    """What `read` gives, at most about `seconds` old by `clock`, which counts seconds."""

    def __init__(
        self, read: Callable[[], T], seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._clock = clock
        self._lock = Lock()
        self._reading: Thread | None = None
        # One tuple, so that no reader sees data of one reading with the time of another.
        self._held: tuple[T, float, int] | None = None

    def get(self) -> T:
        """The data. Raises what `read` raises when there is none yet."""
        held = self._held
        if held is None or held[2] != _epoch:
            return self._first()
        if self._clock() - held[1] >= self._seconds:
            self._refresh(held)
        return held[0]

    def wait(self) -> None:
        """Wait for a reading that is under way, if there is one."""
        reading = self._reading
        if reading is not None:
            reading.join()

    def _first(self) -> T:
        with self._lock:
            if self._held is None or self._held[2] != _epoch:
                self._held = (self._read(), self._clock(), _epoch)
            return self._held[0]

    def _refresh(self, held: tuple[T, float, int]) -> None:
        with self._lock:
            if self._held is not held:
                return
            # The old data counts as new while it is read: so one thread reads, and a failure waits its time.
            self._held = (held[0], self._clock(), held[2])
            self._reading = Thread(target=self._again, args=(held[2],), name="fresh", daemon=True)
            self._reading.start()

    def _again(self, epoch: int) -> None:
        try:
            data = self._read()
            with self._lock:
                self._held = (data, self._clock(), epoch)
        except Exception:
            logger.exception("data could not be read again; the calls go on with what was read before")
        finally:
            for call in after_reading:
                call()
