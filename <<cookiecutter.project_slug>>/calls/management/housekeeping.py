"""What the commands that look after the tables share: progress on a terminal, and counts at the end."""

from collections.abc import Sequence

from django.core.management.base import BaseCommand, CommandError

from calls.jobs import Job, Unfinished

_WIDTH = 30


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
        total = job.due() if self._is_watched else 0
        done = 0
        try:
            for count in job.work():
                done += count
                self._show(job.name, done, total)
        finally:
            self._wipe()
            self.stdout.write(f"{done:>9,} {job.name}")

    @property
    def _is_watched(self) -> bool:
        return self.stderr.isatty()

    def _show(self, name: str, done: int, total: int) -> None:
        if self._is_watched and total:
            filled = min(_WIDTH * done // total, _WIDTH)
            self.stderr.write(f"\r[{'#' * filled:<{_WIDTH}}] {done:,} of {total:,} {name}", ending="")
            self.stderr.flush()

    def _wipe(self) -> None:
        if self._is_watched:
            self.stderr.write("\r\x1b[K", ending="")
