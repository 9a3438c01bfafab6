"""The end of a run. The conversation is told of it, and it is another room's, so it says how."""

from collections.abc import Callable
from typing import TypeAlias

from calls import store
from calls.facts import Move, Standing

Close: TypeAlias = Callable[[Standing], Move | None]
"""`calls.facts.Talk.close`: tells the conversation, and gives a move when that changed what is known."""


def _nobody(standing: Standing) -> None:
    """Until somebody offers, no conversation hears of an end."""


_close: Close = _nobody


def offer(close: Close) -> None:
    """Says who is told of an end that no POST brings: `calls.sweeping` finds those."""
    global _close
    _close = close


def end(standing: Standing, close: Close | None = None) -> None:
    """Closes the run, at the end of its call where that has one. Its row is locked by who asks."""
    move = (close or _close)(standing)
    if move is not None:
        store.note_progress(standing, move)
    store.end_run(standing)
