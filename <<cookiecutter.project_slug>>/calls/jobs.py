"""Work through many rows, a batch in each transaction: what `sweep`, `purge` and `forget` are made of.

Several servers may do it at once: a row that is locked is passed over, and who has it does the work.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from django.db import Error, connection, models, transaction

from calls.patience import may_pass

logger = logging.getLogger("calls.jobs")

BATCH = 1000
_PAUSES = (0.1, 0.5, 2.0)

Done = TypeVar("Done")
Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done to rows: `due` counts them, `work` does it and says after each batch how many.

    `work` raises Unfinished at its end when rows were left that it should have changed.
    """

    name: str
    due: Callable[[], int]
    work: Callable[[], Iterator[int]]


class Unfinished(Exception):
    """Some rows could not be changed. The log says why, and the next time tries again."""


def batches(due: "models.QuerySet[Row]", change: Callable[[list[Any]], object]) -> Iterator[int]:
    """Hands the keys of the due rows to `change`, a batch in a transaction of its own, and yields its size.

    The rows are locked, in the order of their keys, and each is handed over once.
    """

    def one(rows: "models.QuerySet[Row]") -> list[Any]:
        locked = rows.select_for_update(skip_locked=True, of=("self",))
        keys = list(locked.values_list("pk", flat=True)[:BATCH])
        if keys:
            change(keys)
        return keys

    rest = due.order_by("pk")
    while keys := patiently(partial(one, rest)):
        yield len(keys)
        rest = due.order_by("pk").filter(pk__gt=keys[-1])


def patiently(work: Callable[[], Done]) -> Done:
    """What `work` returns, run in a transaction; again, with a pause, after a fault that may pass."""
    for pause in _PAUSES:
        try:
            with transaction.atomic():
                return work()
        except Error as error:
            if connection.in_atomic_block or not may_pass(error):
                raise
            logger.warning("the database failed (%s), trying again", type(error).__name__)
            connection.close()
            time.sleep(pause)
    with transaction.atomic():
        return work()
