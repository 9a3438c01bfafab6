"""Closes what nobody will end: calls whose end never came, and text conversations that fell asleep.

A call has ended when it was last heard of, not when that was noticed: so it counts no longer than it can
have lasted, and a sweep that comes late changes no figure. Who ended it is not known, and reports say so.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from calls import blanking, endings, store
from calls.jobs import BATCH, Job, Unfinished, batches, patiently
from calls.models import Call, Channel, Dial, Event, Run, Turn

logger = logging.getLogger("calls.sweeping")

GRACE = timedelta(minutes=10)
"""The platform's own end of a session that lasted as long as it may is still on its way."""


def jobs() -> list[Job]:
    """What a sweep does, in its order."""
    return [
        Job("calls closed", lambda: _silent_calls().count(), _close_calls),
        Job("text conversations closed", lambda: _asleep().count(), _close_conversations),
        Job("dials done", lambda: _dials_over().count(), _finish_dials),
        Job("replies blanked", lambda: _replies_over().count(), _blank_replies),
    ]


def _silent_calls() -> QuerySet[Call]:
    """Open calls not heard of for SESSION_MAX: a transfer may last as long, and says nothing meanwhile."""
    silent_since = timezone.now() - timedelta(hours=settings.SESSION_MAX) - GRACE
    open_ = Call.objects.filter(state=Call.State.OPEN, started_at__lt=silent_since)
    return open_.alias(last_heard=_last_heard()).filter(last_heard__lt=silent_since)


def _last_heard() -> Greatest:
    """The time of a call's last POST: the session, a turn, or what was no turn."""

    def last(rows: QuerySet[Turn] | QuerySet[Event], column: str) -> Coalesce:
        latest = rows.filter(call=OuterRef("pk")).order_by().values("call").annotate(last=Max(column))
        return Coalesce(Subquery(latest.values("last")), "started_at")

    turn, event = last(Turn.objects.all(), "heard_at"), last(Event.objects.all(), "at")
    return Greatest(F("started_at"), turn, event)


def _asleep() -> QuerySet[Run]:
    """Text conversations that nobody has gone on with for TEXT_MAX."""
    asleep_since = timezone.now() - timedelta(hours=settings.TEXT_MAX)
    return Run.objects.filter(channel=Channel.TEXT, ended_at=None, sent_at__lt=asleep_since)


def _dials_over() -> QuerySet[Dial]:
    over = Q(run__isnull=True) | Q(run__ended_at__isnull=False)
    return Dial.objects.filter(over, state=Dial.State.TALKING)


def _replies_over() -> QuerySet[Run]:
    if not settings.RETENTION_REPLIES:
        return Run.objects.none()
    before = timezone.now() - timedelta(minutes=settings.RETENTION_REPLIES)
    return Run.objects.filter(kept=Run.Kept.REPLY, ended_at__lt=before)


def _close_calls() -> Iterator[int]:
    yield from _one_by_one(_silent_calls(), _close_call)


def _close_conversations() -> Iterator[int]:
    yield from _one_by_one(_asleep(), _close_conversation)


def _finish_dials() -> Iterator[int]:
    rows = Dial.objects.filter(state=Dial.State.TALKING)
    yield from batches(_dials_over(), lambda keys: rows.filter(pk__in=keys).update(state=Dial.State.DONE))


def _blank_replies() -> Iterator[int]:
    yield from batches(_replies_over(), blanking.replies)


def _one_by_one(due: QuerySet[Any], close: Callable[[UUID], bool]) -> Iterator[int]:
    """Closes each row in a transaction of its own: what the owner's code does at an end may fail."""
    behind, failed = due.order_by("pk"), 0
    while keys := list(behind.values_list("pk", flat=True)[:BATCH]):
        closed = 0
        for key in keys:
            try:
                closed += patiently(partial(close, key))
            except Exception:
                logger.exception("%s could not be closed", key)
                failed += 1
        yield closed
        behind = due.order_by("pk").filter(pk__gt=keys[-1])
    if failed:
        raise Unfinished(f"{failed} could not be closed")


def _close_call(key: UUID) -> bool:
    """Closes one call. False when a turn or another server has it, or when it was heard of since."""
    rows = Call.objects.select_related("run").select_for_update(skip_locked=True, of=("self", "run"))
    call = rows.filter(pk=key, state=Call.State.OPEN).first()
    # A statement of its own: it sees what was committed before the lock was ours.
    silent = _silent_calls().filter(pk=key).annotate(heard=_last_heard()).first()
    if call is None or silent is None:
        return False
    Call.objects.filter(pk=key).update(
        state=Call.State.ENDED, ended_by=Call.EndedBy.UNKNOWN, ended_at=silent.heard
    )
    others = Call.objects.filter(run=call.run_id, state=Call.State.OPEN)
    if call.channel == Channel.VOICE and call.run.ended_at is None and not others.exists():
        _end(call)
    return True


def _close_conversation(key: UUID) -> bool:
    """Closes one text conversation, at its last reply. False as above."""
    run = _asleep().select_for_update(skip_locked=True).filter(pk=key).first()
    last = Call.objects.filter(run=run).order_by("-pk").first() if run else None
    if last is None:
        return False
    _end(last)
    Run.objects.filter(pk=key).update(ended_at=F("sent_at"))
    return True


def _end(call: Call) -> None:
    standing = store.lock_run(call.run_id, call.session_id)
    if standing is None:
        raise RuntimeError("the call is there, but has no run")
    endings.end(standing)
