"""The states of a `Dial`, a call or text to be made, each change one statement or one short transaction.

waiting → launched → talking → done, and back from launched to waiting when nobody was reached. A row never
leaves done, failed, given up, opted out and expired.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from calls import optouts
from calls.models import Dial

logger = logging.getLogger("calls.dials")

LONGEST_LAUNCH = timedelta(minutes=10)
"""An attempt without a word for so long is lost: its launch crashed, or its session never came."""

PLATFORM_AWAY = timedelta(minutes=5)
"""When a row is due again whose launch provably started nothing."""

Opening: TypeAlias = Callable[[Dial, datetime], datetime | None]
"""When the flow of a row may call: the time given, or a later one; None for a flow that is not there."""

Plan: TypeAlias = Callable[[str, int], timedelta | None]
"""How long to wait after the nth miss for one reason, from 1; None to give up."""

_NEVER_LAUNCHED = "its flow is gone, or it may never call"


@dataclass(frozen=True, slots=True)
class DialStanding:
    """What a session that was launched for a row is to do. Unless `may_go_on`, it is to hang up.

    `data` is what the flow gets as its own; `caller_id` is empty for the platform's default.
    """

    dial: UUID
    flow: str
    to: str
    caller_id: str
    channel: str
    data: dict[str, Any]
    attempt: int
    is_test: bool
    may_go_on: bool


def due(at: datetime, *, tests: bool = False) -> QuerySet[Dial]:
    """The rows to be looked at, oldest first: those that wait, and those whose attempt was lost."""
    waiting = Q(state=Dial.State.WAITING, due_at__lte=at)
    lost = Q(state=Dial.State.LAUNCHED, claimed_at__lte=at - LONGEST_LAUNCH)
    rows = Dial.objects.filter(waiting | lost).order_by("due_at", "id")
    return rows if tests else rows.filter(is_test=False)


def claim(opening: Opening, *, tests: bool = False, only: UUID | None = None) -> Dial | None:
    """Takes the next due row and decides about it; None when there is none left.

    The row comes back launched, with its attempt counted, when the platform is to be asked now; else in the
    state that was decided. The claim is committed and its lock gone before this returns. Of several servers
    that ask at once no two get the same row. `only` is the one row to look at.
    """
    now = timezone.now()
    rows = due(now, tests=tests or only is not None)
    with transaction.atomic():
        # On SQLite the IMMEDIATE transaction is the lock, and this one has no effect.
        locked = rows.select_for_update(skip_locked=True)
        dial = (locked.filter(id=only) if only else locked).first()
        if dial is not None:
            _decide(dial, now, opening)
            dial.save()
    return dial


def judge(dial: Dial, now: datetime, opening: Opening) -> tuple[Dial.State, datetime]:
    """The state that a due row is to have now, and when it is due."""
    opens = opening(dial, now)
    if dial.expires_at is not None and dial.expires_at <= now:
        return Dial.State.EXPIRED, dial.due_at
    if optouts.has(dial.to, dial.channel):
        return Dial.State.OPTED_OUT, dial.due_at
    if dial.attempts >= dial.most_attempts:
        return Dial.State.GIVEN_UP, dial.due_at
    if opens is None:
        return Dial.State.FAILED, dial.due_at
    return (Dial.State.WAITING, opens) if opens > now else (Dial.State.LAUNCHED, dial.due_at)


def _decide(dial: Dial, now: datetime, opening: Opening) -> None:
    dial.state, dial.due_at = judge(dial, now, opening)
    dial.claimed_at, dial.session_id = now, ""
    if dial.state == Dial.State.LAUNCHED:
        dial.attempts += 1
    if dial.state == Dial.State.FAILED:
        logger.error("dial %s of %s cannot be launched: %s", dial.id, dial.flow, _NEVER_LAUNCHED)


def not_launched(dial: Dial) -> None:
    """Gives a claim back whose launch provably started nothing: it counts as no attempt."""
    Dial.objects.filter(id=dial.id, state=Dial.State.LAUNCHED, attempts=dial.attempts, session_id="").update(
        state=Dial.State.WAITING,
        attempts=F("attempts") - 1,
        due_at=timezone.now() + PLATFORM_AWAY,
        last_reason=Dial.Reason.NOT_LAUNCHED,
    )


def answer_for(parameters: Mapping[str, str], session_id: str) -> DialStanding | None:
    """The row that a session was launched for, claimed for this session by comparing and setting.

    The same session may ask again. Another one for the same attempt, one for an older attempt, and one whose
    number has opted out since may not go on. None when the parameters name no row of ours.
    """
    dial, attempt = _named(parameters)
    if dial is None:
        return None
    present = Dial.objects.filter(id=dial.id, state=Dial.State.LAUNCHED, attempts=attempt)
    if optouts.has(dial.to, dial.channel):
        present.filter(session_id="").update(state=Dial.State.OPTED_OUT)
    present.filter(session_id="").update(session_id=session_id, claimed_at=timezone.now())
    # Whatever became of the row since: the session that has it is told the same again.
    may_go_on = Dial.objects.filter(id=dial.id, attempts=attempt, session_id=session_id).exists()
    if not may_go_on:
        logger.warning("session %s is a second one for dial %s, or too late for it", session_id, dial.id)
    return DialStanding(
        dial=dial.id,
        flow=dial.flow,
        to=dial.to,
        caller_id=dial.caller_id,
        channel=dial.channel,
        data=dial.data,
        attempt=attempt,
        is_test=dial.is_test,
        may_go_on=may_go_on,
    )


def reached(dial: UUID, run: UUID) -> None:
    """Somebody is there: no further attempt will be made."""
    present = Dial.objects.filter(id=dial, state=Dial.State.LAUNCHED)
    present.update(state=Dial.State.TALKING, run=run, last_reason="")


def missed(dial: UUID, session_id: str, reason: str, plan: Plan) -> None:
    """That session reached nobody: the row is due again when the plan says so, or given up.

    Raises ValueError for a reason that is none of `Dial.Reason`.
    """
    met = Dial.Reason(reason)
    now = timezone.now()
    with transaction.atomic():
        rows = Dial.objects.select_for_update()
        row = rows.filter(id=dial, state=Dial.State.LAUNCHED, session_id=session_id).first()
        if row is None:
            return
        row.last_reason = met
        row.misses[met.value] = row.misses.get(met.value, 0) + 1
        wait = plan(met.value, row.misses[met.value])
        if wait is None or row.attempts >= row.most_attempts:
            row.state = Dial.State.GIVEN_UP
        elif row.expires_at is not None and now + wait >= row.expires_at:
            row.state = Dial.State.EXPIRED
        else:
            row.state, row.due_at, row.session_id = Dial.State.WAITING, now + wait, ""
        row.save()


def finished(dial: UUID) -> None:
    """The conversation is over."""
    Dial.objects.filter(id=dial, state=Dial.State.TALKING).update(state=Dial.State.DONE)


def _named(parameters: Mapping[str, str]) -> tuple[Dial | None, int]:
    """The row and the attempt that the parameters of a session name."""
    attempt = parameters.get("attempt", "")
    if not (attempt.isascii() and attempt.isdigit() and len(attempt) < 5):
        return None, 0
    try:
        return Dial.objects.filter(id=parameters.get("dial", "")).first(), int(attempt)
    except ValidationError:
        return None, 0
