"""Asking another system for a flow: in a thread of its own, for a limited time, outside the turn."""

import logging
import threading
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connections

from flows.heard import Found

logger = logging.getLogger("flows.lookups")

MOST_AT_ONCE = 32
"""Lookups that one worker has open. Those that hang take no more threads than these."""

HEADROOM = 1.0
"""Seconds of the turn budget that stay for the turn itself."""

_places = threading.BoundedSemaphore(MOST_AT_ONCE)


def run(function: Callable[[], Any], seconds: float) -> Found:
    """What the function returns, when it does so within the seconds."""
    if not _places.acquire(blocking=False):
        logger.error("%s lookups hang already: this one is not made", MOST_AT_ONCE)
        return Found(available=False)
    found: list[Found] = []
    thread = threading.Thread(target=_work, args=(function, found), daemon=True)
    thread.start()
    thread.join(min(seconds, settings.TURN_BUDGET - HEADROOM))
    if not found:
        logger.warning("a lookup took more than %.1f s, or failed: it is unavailable", seconds)
        return Found(available=False)
    return found[0]


def _work(function: Callable[[], Any], found: list[Found]) -> None:
    try:
        found.append(ask(function))
    finally:
        connections.close_all()
        _places.release()


def ask(function: Callable[[], Any]) -> Found:
    """What the function returns; unavailable when it raises."""
    try:
        return Found(function())
    except Exception as error:
        # The message may hold what a caller said.
        logger.error("a lookup raised %s", type(error).__name__, exc_info=logger.isEnabledFor(logging.DEBUG))
        return Found(available=False)
