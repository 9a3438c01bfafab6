"""Trying a transaction again while the fault may pass, within the time a caller will wait.

A platform ends the call on an error and does not ask twice, so the second chance is made here.
"""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection, transaction

from calls import store

logger = logging.getLogger("calls.patience")

Answer = TypeVar("Answer")

_FIRST_PAUSE = 0.05
_SHORTEST_TRY = 0.3
_LONGEST_WAIT = 1.5
# SQLSTATE classes: connection, transaction rollback, resources, operator intervention, lock, read-only.
_PASSING_STATES = ("08", "40", "53", "57", "55P03", "25006")
# SQLite's primary result codes BUSY, LOCKED, IOERR and FULL: https://www.sqlite.org/rescode.html
_PASSING_CODES = (5, 6, 10, 13)


class Crossed(Error):
    """Two requests began the same thing at once: this one tries again, and finds what the other made."""


class OutOfTime(Exception):
    """The fault did not pass within the turn budget."""


def within_budget(work: Callable[[], Answer], spent: float = 0.0) -> Answer:
    """What `work` returns, run in one transaction; again after a fault that may pass.

    `spent` are the seconds of the budget that are gone already.

    Raises:
        OutOfTime: `settings.TURN_BUDGET` seconds were not enough.
    """
    end = time.monotonic() + settings.TURN_BUDGET - spent
    pause = _FIRST_PAUSE
    while True:
        try:
            with transaction.atomic():
                store.limit(min(end - time.monotonic(), _LONGEST_WAIT))
                return work()
        except Error as error:
            if not may_pass(error):
                raise
            logger.warning("the database failed (%s), trying again", type(error).__name__)
            if not isinstance(error, Crossed):
                connection.close()
            if end - time.monotonic() < pause + _next_try():
                raise OutOfTime from error
            time.sleep(pause)
            pause *= 2


def _next_try() -> float:
    """The seconds another try may take: SQLite waits as long as it was told when it was connected."""
    options = connection.settings_dict["OPTIONS"]
    return float(options["timeout"]) if connection.vendor == "sqlite" else _SHORTEST_TRY


def may_pass(error: BaseException) -> bool:
    """True for a lost connection, a lock, a serialization failure or a want of resources."""
    if isinstance(error, Crossed):
        return True
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    if state:
        return str(state).startswith(_PASSING_STATES)
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _PASSING_CODES
    return isinstance(error, OperationalError | InterfaceError)
