"""What the commands that look after the tables share: progress on a terminal, and counts at the end."""

from collections.abc import Sequence

from django.core.management.base import BaseCommand, CommandError

from calls.jobs import Job, Unfinished

_WIDTH = 30
_WIPE = "\r\x1b[K"
"""Back to the beginning of the line, and clears it: ECMA-48, EL."""


class Housekeeping(BaseCommand):
    """Does jobs one after another. What one leaves undone does not stop the next; the command ends with 1."""

    def do(self, jobs: Sequence[Job]) -> None:
        problems = []
        for job in jobs:
            try:
                self._do(job)
            except Unfinished as problem:
                problems.append(f"{problem}; the log says why, and the next time tries again")
        if problems:
            raise CommandError("\n".join(problems))

    def foresee(self, jobs: Sequence[Job]) -> None:
        """Says what would be done."""
        for job in jobs:
            self.stdout.write(f"{job.due():>9,} {job.name}")
        self.stdout.write("Nothing was changed.")

    def _do(self, job: Job) -> None:
        total = job.due() if self.stdout.isatty() else 0
        done = 0
        try:
            for count in job.work():
                done += count
                self._show(job.name, done, total)
        finally:
            self.stdout.write(f"{_WIPE if total else ''}{done:>9,} {job.name}")

    def _show(self, name: str, done: int, total: int) -> None:
        if total:
            filled = min(_WIDTH * done // total, _WIDTH)
            bar = f"{_WIPE}[{'#' * filled:<{_WIDTH}}] {done:,} of {total:,} {name}"
            self.stdout.write(bar, ending="")
            self.stdout.flush()
