"""`manage.py purge`: takes away what is older than the settings allow. For cron, once a night."""

from argparse import ArgumentParser
from typing import Any

from calls import purging
from calls.management.housekeeping import Housekeeping


class Command(Housekeeping):
    help = "Blanks and deletes what is kept longer than the RETENTION settings say; figures stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be done, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self.foresee(purging.jobs())
        else:
            self.do(purging.jobs())
