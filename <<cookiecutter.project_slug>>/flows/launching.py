"""Asks the platform for the calls and texts that are due: what `manage.py dial` does."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from calls import dials
from calls.models import Channel, Dial
from flows.flow import registry
from tropo import rest

logger = logging.getLogger("flows.launching")


@dataclass(slots=True)
class Account:
    """What a round of launching did: how many rows came to what, and what went wrong."""

    states: Counter[str] = field(default_factory=Counter)
    problem: str = ""


def opening(dial: Dial, now: datetime) -> datetime | None:
    """When the flow of a row may call: now or later; None when it is gone or its hours hold no opening."""
    flow = registry.get(dial.flow)
    if flow is None:
        return None
    hours = flow.calling_hours
    return now if hours is None or hours.is_open(now) else hours.next_opening(now)


def launch_due(limit: int | None = None, *, tests: bool = False, only: UUID | None = None) -> Account:
    """Launches what is due, at most `limit` rows of it, or the row `only`.

    Stops at the first launch that the platform did not take: the next one would fare no better. A launch in
    doubt is not repeated; its row is due again when no session came of it.
    """
    account = Account()
    while (limit is None or account.states.total() < limit) and not account.problem:
        dial = dials.claim(opening, tests=tests, only=only)
        if dial is None:
            break
        outcome = _launch(dial, account) if dial.state == Dial.State.LAUNCHED else dial.state
        account.states[outcome] += 1
    return account


def _launch(dial: Dial, account: Account) -> str:
    """Asks the platform, and says what came of it. No lock is held: the session may come first."""
    parameters = {"dial": str(dial.id), "attempt": str(dial.attempts)}
    try:
        launched = rest.launch(parameters, text=dial.channel == Channel.TEXT)
    except rest.RestError as error:
        logger.error("dial %s: %s", dial.id, error)
        account.problem = str(error)
        if error.in_doubt:
            return "in doubt"
        dials.not_launched(dial)
        return "not launched"
    logger.info("dial %s launched as session %s", dial.id, launched.session_id)
    return dial.state
