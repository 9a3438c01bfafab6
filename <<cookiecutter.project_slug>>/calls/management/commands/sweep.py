"""`manage.py sweep`: closes what nobody will end. For cron, every five minutes, on every server."""

from typing import Any

from calls import sweeping
from calls.management.housekeeping import Housekeeping


class Command(Housekeeping):
    help = (
        "Closes calls and text conversations that nothing was heard of for too long, and blanks old replies."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.do(sweeping.jobs())
