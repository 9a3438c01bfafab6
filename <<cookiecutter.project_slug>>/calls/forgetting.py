"""Erases everything that says who somebody was who called, or was called. Figures stay.

Opt-outs stay too, unless they are asked for: without one, a number that wants no calls would get them again.
What others said about a number, in their own answers, is not found.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from calls import blanking
from calls.callers import caller_key, caller_keys
from calls.jobs import Unfinished, batches
from calls.models import Call, Dial, OptOut, Recording, Run
from calls.numbers import e164
from calls.purging import FINAL

logger = logging.getLogger("calls.forgetting")


class Forgetting:
    """What is known of one number, in any spelling. Raises ValueError for a withheld one: it is nobody's."""

    def __init__(self, number: str, *, opt_outs: bool = False) -> None:
        self.number = e164(number)
        if not caller_key(self.number):
            raise ValueError(f"{number!r} is no number: nobody can be known by it")
        self._with_opt_outs = opt_outs

    def counts(self) -> dict[str, int]:
        """How many rows there are to erase, by what they are."""
        rows = {
            "conversations": self._runs(),
            "recordings": self._recordings(),
            "dials": self._dials(),
            "opt-outs": self._opt_outs(),
        }
        return {name: found.count() for name, found in rows.items()}

    def erase(self) -> Counter[str]:
        """Erases them, and says how many; the log has it with the hash of the number.

        Raises Unfinished when something is still under way, or a file cannot be deleted: to be done again.
        """
        done = Counter[str]()
        try:
            # The files first: they are found by the runs, and the runs by the number.
            for name, work in self._work().items():
                done[name] = sum(work)
        finally:
            told = ", ".join(f"{count} {name}" for name, count in done.items())
            logger.info("caller %s was forgotten: %s", caller_key(self.number), told or "nothing")
        if self._under_way():
            raise Unfinished("a call of this number is under way; when it is over, forget it again")
        return done

    def _work(self) -> dict[str, Iterator[int]]:
        return {
            "recordings": blanking.recordings(self._recordings()),
            "dials": batches(self._dials(), _forget_dials),
            "conversations": batches(self._runs(), _forget_runs),
            "opt-outs": batches(self._opt_outs(), lambda keys: OptOut.objects.filter(pk__in=keys).delete()),
        }

    def _all_runs(self) -> QuerySet[Run]:
        known = Q(caller_key__in=caller_keys(self.number))
        known |= Q(direction=Call.Direction.INBOUND, caller=self.number)
        known |= Q(direction=Call.Direction.OUTBOUND, called=self.number)
        calls = Call.objects.filter(known)
        return Run.objects.filter(Q(pk__in=calls.values("run")) | Q(caller=self.number))

    def _runs(self) -> QuerySet[Run]:
        is_open = Exists(Call.objects.filter(run=OuterRef("pk"), state=Call.State.OPEN))
        return self._all_runs().filter(~is_open, ended_at__isnull=False)

    def _recordings(self) -> QuerySet[Recording]:
        return Recording.objects.filter(run__in=self._runs().values("pk")).exclude(file="")

    def _all_dials(self) -> QuerySet[Dial]:
        return Dial.objects.filter(to=self.number)

    def _dials(self) -> QuerySet[Dial]:
        return self._all_dials().filter(state__in=[*FINAL, Dial.State.WAITING])

    def _opt_outs(self) -> QuerySet[OptOut]:
        rows = OptOut.objects.filter(number=self.number)
        return rows if self._with_opt_outs else rows.none()

    def _under_way(self) -> bool:
        return self._all_runs().exists() or self._all_dials().exists()


def _forget_runs(runs: list[UUID]) -> None:
    blanking.answers(runs)
    blanking.callers(runs)
    Call.objects.filter(run__in=runs).update(caller_key="")


def _forget_dials(dials: list[UUID]) -> None:
    """A call that waits is never made; the owner's key may say who, so it goes as well."""
    rows = Dial.objects.filter(pk__in=dials)
    rows.filter(state=Dial.State.WAITING).update(state=Dial.State.GIVEN_UP)
    rows.update(key="")
    blanking.dials(dials)
