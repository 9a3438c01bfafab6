"""Takes away what may no longer be kept, class of data by class of data.

Values are blanked and figures stay: results, modes, confidences and times, so that reports say the same
before and after. What counts is the end of the conversation; what is under way is never touched.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from calls import blanking
from calls.callers import caller_key, keys, mark_of
from calls.jobs import Job, batches
from calls.models import Call, Dial, Event, Recording, Refusal, Run

FINAL = (Dial.State.DONE, Dial.State.FAILED, Dial.State.GIVEN_UP, Dial.State.OPTED_OUT, Dial.State.EXPIRED)
"""The states that a dial never leaves."""

Work: TypeAlias = Callable[[QuerySet[Any]], Iterator[int]]


@dataclass(frozen=True, slots=True)
class DataClass:
    """What is kept for `setting` days: `due` are the rows from before a time, which `work` empties."""

    name: str
    setting: str
    due: Callable[[datetime], QuerySet[Any]]
    work: Work

    def rows(self) -> QuerySet[Any]:
        """The rows that are due now; none when the setting is 0, which keeps them for good."""
        days = getattr(settings, self.setting)
        found = self.due(timezone.now() - timedelta(days=days))
        return found if days else found.none()

    def job(self) -> Job:
        return Job(self.name, lambda: self.rows().count(), lambda: self.work(self.rows()))


def jobs() -> list[Job]:
    """What a purge does, in its order."""
    return [
        *(one.job() for one in CLASSES),
        Job("caller keys renewed", lambda: _of_other_keys().count(), _renew_keys),
    ]


def _over(before: datetime) -> QuerySet[Run]:
    """The runs that ended before that time. A text conversation may have a session that is still open."""
    is_open = Exists(Call.objects.filter(run=OuterRef("pk"), state=Call.State.OPEN))
    return Run.objects.filter(~is_open, ended_at__lt=before)


def _emptied_by(change: Callable[[list[UUID]], object]) -> Work:
    return lambda due: batches(due, change)


def _deleted(due: QuerySet[Any]) -> Iterator[int]:
    rows = due.model._default_manager
    return batches(due, lambda found: rows.filter(pk__in=found).delete())


def _recordings(before: datetime) -> QuerySet[Recording]:
    kept = Recording.objects.exclude(file="").exclude(call__state=Call.State.OPEN)
    return kept.filter(uploaded_at__lt=before)


def _dials(before: datetime) -> QuerySet[Dial]:
    last = Coalesce("claimed_at", "due_at")
    return Dial.objects.alias(last=last).filter(state__in=FINAL, last__lt=before).exclude(to="")


def _events(before: datetime) -> QuerySet[Event]:
    return Event.objects.filter(at__lt=before).exclude(call__state=Call.State.OPEN)


CLASSES = (
    DataClass(
        "turns blanked (runs)",
        "RETENTION_TURNS",
        lambda before: _over(before).filter(kept__lt=Run.Kept.ANSWERS),
        _emptied_by(blanking.words),
    ),
    DataClass(
        "answers blanked (runs)",
        "RETENTION_ANSWERS",
        lambda before: _over(before).filter(kept__lt=Run.Kept.FIGURES),
        _emptied_by(blanking.answers),
    ),
    DataClass(
        "callers blanked (runs)",
        "RETENTION_CALLERS",
        lambda before: _over(before).exclude(caller=""),
        _emptied_by(blanking.callers),
    ),
    DataClass("recordings deleted", "RETENTION_RECORDINGS", _recordings, blanking.recordings),
    DataClass("dials blanked", "RETENTION_DIALS", _dials, _emptied_by(blanking.dials)),
    DataClass("events deleted", "RETENTION_EVENTS", _events, _deleted),
    DataClass(
        "refusals deleted",
        "RETENTION_REFUSALS",
        lambda before: Refusal.objects.filter(minute__lt=before),
        _deleted,
    ),
)
"""The classes of data that a purge looks at; the replies are a sweep's, which comes more often."""


def _of_other_keys() -> QuerySet[Call]:
    """Calls whose number is still there, and whose key was made with another secret than the present one."""
    known = Call.objects.filter(run__ended_at__isnull=False, state=Call.State.ENDED).exclude(run__caller="")
    return known.exclude(caller_key="").exclude(caller_key__startswith=mark_of(keys()[0]))


def _renew_keys() -> Iterator[int]:
    return batches(_of_other_keys(), _renew)


def _renew(found: list[UUID]) -> None:
    calls = list(Call.objects.filter(pk__in=found).select_related("run").only("run__caller"))
    for call in calls:
        call.caller_key = caller_key(call.run.caller)
    Call.objects.bulk_update(calls, ["caller_key"])
