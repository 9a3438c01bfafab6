"""manage.py dial: calls or texts somebody by a flow, now or later, and launches what is due."""

import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from calls import dials
from calls.models import Dial
from flows.dialling import dial
from flows.launching import Account, launch_due, opening


class Command(BaseCommand):
    help = "Calls or texts a number by a flow; with --due, launches every call and text that is due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("flow", nargs="?", help="the flow that talks")
        parser.add_argument("number", nargs="?", help="whom to call, such as +15550100")
        parser.add_argument("--at", metavar="TIME", help="not before this time: 2026-12-24T09:00")
        parser.add_argument("--text", action="store_true", help="a text instead of a call")
        parser.add_argument("--due", action="store_true", help="launch what is due")
        parser.add_argument("--limit", type=int, metavar="N", help="with --due: look at so many rows at most")
        parser.add_argument("--dry-run", action="store_true", help="with --due: say what would be done")
        parser.add_argument("--watch", type=float, metavar="SECONDS", help="with --due: again and again")
        parser.add_argument("--tests", action="store_true", help="with --due: what test calls wrote as well")

    def handle(self, *args: Any, **options: Any) -> None:
        _check_usage(options)
        if not options["due"]:
            self._one(options)
        elif options["dry_run"]:
            self._foresee(options)
        elif options["watch"] is None:
            self._tell(launch_due(options["limit"], tests=options["tests"]))
        else:
            self._watch(options)

    def _one(self, options: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                due = _moment(options["at"]) if options["at"] else None
                row = dial(options["flow"], options["number"], due=due, text=options["text"])
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from None
        if due is not None:
            self.stdout.write(f"{row.flow} to {row.to} is due {_clock(row.due_at)}.")
            return
        account = launch_due(only=row.id)
        row.refresh_from_db()
        waits = f" until {_clock(row.due_at)}" if row.state == Dial.State.WAITING else ""
        self.stdout.write(f"{row.flow} to {row.to}: {row.state}{waits}.")
        if account.problem:
            raise CommandError(account.problem)

    def _foresee(self, options: dict[str, Any]) -> None:
        now = timezone.now()
        rows = dials.due(now, tests=options["tests"])[: options["limit"]]
        for row in rows:
            state, due_at = dials.judge(row, now, opening)
            waits = f" until {_clock(due_at)}" if state == Dial.State.WAITING else ""
            self.stdout.write(f"{row.flow} to {row.to}: would be {state}{waits}")
        self.stdout.write(f"{len(rows)} due; nothing was changed.")

    def _watch(self, options: dict[str, Any]) -> None:
        try:
            while True:
                account = launch_due(options["limit"], tests=options["tests"])
                if account.states:
                    self.stdout.write(_summary(account))
                if account.problem:
                    self.stderr.write(account.problem)
                close_old_connections()
                time.sleep(options["watch"])
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _tell(self, account: Account) -> None:
        self.stdout.write(_summary(account))
        if account.problem:
            raise CommandError(account.problem)


def _check_usage(options: dict[str, Any]) -> None:
    for name in ("limit", "watch"):
        if options[name] is not None and options[name] <= 0:
            raise CommandError(f"--{name} must be above 0", returncode=2)
    for name in ("limit", "dry_run", "watch", "tests"):
        if options[name] and not options["due"]:
            raise CommandError(f"--{name.replace('_', '-')} stands beside --due", returncode=2)
    if options["due"] == bool(options["number"]) or (options["due"] and (options["at"] or options["text"])):
        raise CommandError("write FLOW NUMBER, with --at and --text if you like, or --due", returncode=2)


def _moment(text: str) -> datetime:
    """A time as it was typed; without a zone it is one of TIME_ZONE. Raises ValueError."""
    found = parse_datetime(text)
    if found is None:
        raise ValueError(f"--at {text} is no time; write it like 2026-12-24T09:00")
    return found if found.utcoffset() is not None else timezone.make_aware(found)


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M %Z}"


def _summary(account: Account) -> str:
    done = ", ".join(f"{count} {state}" for state, count in sorted(account.states.items()))
    return done or "Nothing was due."
