"""What is taken out of rows when it may no longer be kept. Values go, figures stay.

The functions that take keys work in the transaction under way, on rows that the caller has locked.
"""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Func, JSONField, QuerySet

from calls.jobs import BATCH, Unfinished
from calls.models import Call, Dial, Recording, Run, Turn

logger = logging.getLogger("calls.blanking")

_SPOKEN = {"prompt": "", "utterance": "", "interpretation": ""}


class _Unspoken(Func):
    """A run's state without its last prompt, made in the database without reading it."""

    output_field = JSONField()
    template = "%(expressions)s - 'prompt'"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="JSON_REMOVE(%(expressions)s, '$.prompt')")


def replies(runs: list[UUID]) -> None:
    """The last document sent. A POST that comes twice after that hears the apology."""
    Run.objects.filter(pk__in=runs).update(reply="", kept=Run.Kept.WORDS)


def words(runs: list[UUID]) -> None:
    """What was said on either side. The answers that were taken from it stay."""
    Turn.objects.filter(run__in=runs).update(**_SPOKEN)
    Run.objects.filter(pk__in=runs).update(state=_Unspoken("state"), reply="", kept=Run.Kept.ANSWERS)


def answers(runs: list[UUID]) -> None:
    """All that was said, answered and handed in."""
    Turn.objects.filter(run__in=runs).update(value="", **_SPOKEN)
    Call.objects.filter(run__in=runs).update(parameters={})
    Run.objects.filter(pk__in=runs).update(state={}, reply="", kept=Run.Kept.FIGURES)


def callers(runs: list[UUID]) -> None:
    """The number at the other end. `Call.caller_key` still says who called again."""
    calls = Call.objects.filter(run__in=runs)
    calls.filter(direction=Call.Direction.INBOUND).update(caller="")
    calls.filter(direction=Call.Direction.OUTBOUND).update(called="")
    Run.objects.filter(pk__in=runs).update(caller="")


def dials(rows: list[UUID]) -> None:
    """Whom a call of ours was for, and what its flow was handed. The owner's key stays: it is used up."""
    Dial.objects.filter(pk__in=rows).update(to="", data={})


def recordings(due: QuerySet[Recording]) -> Iterator[int]:
    """The sound and the words of each recording: yields 1 whenever they are gone, in no transaction.

    The file goes first: when the row cannot be changed then, the next time finds it again. Of servers that
    do this at once one deletes the file, and to the others it is gone already.
    """
    failed, behind = 0, due.order_by("pk")
    while found := list(behind[:BATCH]):
        for recording in found:
            try:
                yield _silence(recording)
            except Exception as error:  # a storage may raise anything; the others are still to be deleted
                logger.error("recording %s stays: %s while deleting it", recording.pk, type(error).__name__)
                failed += 1
        behind = due.order_by("pk").filter(pk__gt=found[-1].pk)
    if failed:
        raise Unfinished(f"{failed} recordings could not be deleted")


def _silence(recording: Recording) -> int:
    name = recording.file.name
    recording.file.delete(save=False)
    blank: dict[str, Any] = {"file": "", "transcription": ""}
    return Recording.objects.filter(pk=recording.pk, file=name).update(**blank)
