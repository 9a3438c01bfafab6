"""Counts the POSTs that were refused, so that a flood of them costs no query in any request.

The counts are added up in memory and written every ten seconds by a thread. It begins with the first
refusal of a process, so it is there after gunicorn has forked, and ends when nothing is left to write.
A process that is killed loses what it had not written.
"""

import logging
import os
import threading
import time
from collections import Counter
from datetime import datetime
from typing import TypeAlias

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from calls.models import Refusal

logger = logging.getLogger("calls.refusals")

Key: TypeAlias = tuple[datetime, str]
"""A minute and a reason: one row."""

_SECONDS_BETWEEN_WRITES = 10.0
_MOST_ROWS = 1000
"""How many rows may wait for a database that is away: over an hour of every reason, most of a day of one."""


class Tally:
    """The refusals of this process that are not yet in the table. Its methods may be called by any thread.

    `every` is the seconds between two writes; None leaves the writing to `flush`.
    """

    def __init__(self, every: float | None = _SECONDS_BETWEEN_WRITES) -> None:
        self._every = every
        self._forget()
        if hasattr(os, "register_at_fork"):
            # What was counted before a fork is the parent's to write, and its thread is not in the child.
            os.register_at_fork(after_in_child=self._forget)

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._waiting: Counter[Key] = Counter()
        self._lost = 0
        self._writer: threading.Thread | None = None

    def add(self, reason: str) -> None:
        """Counts one refusal of this minute. Asks no database and raises nothing."""
        key = (timezone.now().replace(second=0, microsecond=0), reason)
        with self._lock:
            self._count(key, 1)
            if self._writer is None and self._every is not None:
                self._writer = self._start(self._every)

    def flush(self) -> int:
        """Writes what waits, and gives back how many refusals that were: 0 while the database is away.

        What cannot be written is kept for the next time. A connection that breaks at the very commit may
        leave refusals counted twice, but never uncounted.
        """
        with self._lock:
            taken, self._waiting = self._waiting, Counter()
            lost, self._lost = self._lost, 0
        if lost:
            logger.warning("%s refusals were not counted: the database was away too long", lost)
        try:
            _write(taken)
        except Exception as error:  # whatever it is, it must stop neither the process nor the counting
            logger.warning("refusals could not be written (%s), keeping them", type(error).__name__)
            self._put_back(taken)
            return 0
        return taken.total()

    def _count(self, key: Key, number: int) -> None:
        if key in self._waiting or len(self._waiting) < _MOST_ROWS:
            self._waiting[key] += number
        else:
            self._lost += number

    def _put_back(self, taken: Counter[Key]) -> None:
        with self._lock:
            newer, self._waiting = self._waiting, taken
            for key, number in newer.items():
                self._count(key, number)

    def _start(self, every: float) -> threading.Thread | None:
        writer = threading.Thread(target=self._keep_writing, args=[every], name="refusals", daemon=True)
        try:
            writer.start()
        except RuntimeError:
            # No thread to be had now, or the interpreter is ending: the next refusal tries again.
            return None
        return writer

    def _keep_writing(self, every: float) -> None:
        while True:
            time.sleep(every)
            self.flush()
            connection.close()
            with self._lock:
                if not self._waiting:
                    self._writer = None
                    return


def _write(counts: Counter[Key]) -> None:
    """Adds `counts` to the rows, whatever other processes add to them meanwhile."""
    if not counts:
        return
    # Every process takes the rows in the same order, so none waits for a row that waits for it.
    rows = sorted(counts)
    with transaction.atomic():
        Refusal.objects.bulk_create(
            [Refusal(minute=minute, reason=reason) for minute, reason in rows], ignore_conflicts=True
        )
        for minute, reason in rows:
            row = Refusal.objects.filter(minute=minute, reason=reason)
            row.update(count=F("count") + counts[minute, reason])


tally = Tally()


def count(*, reason: str, **told: object) -> None:
    """Hears of every refusal at the door: a receiver of `tropo.signals.refused`."""
    tally.add(reason)
