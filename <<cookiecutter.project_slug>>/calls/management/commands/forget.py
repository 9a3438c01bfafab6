"""`manage.py forget`: erases everything that says who somebody was who called."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from calls.forgetting import Forgetting
from calls.jobs import Unfinished


class Command(BaseCommand):
    help = "Erases numbers, words, answers, recordings and dials of a caller. Figures and opt-outs stay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--caller",
            action="append",
            required=True,
            metavar="NUMBER",
            help="whom to forget; several allowed",
        )
        parser.add_argument("--opt-outs", action="store_true", help="the wish not to be called as well")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            known = [Forgetting(number, opt_outs=options["opt_outs"]) for number in options["caller"]]
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from None
        for one in known:
            self.stdout.write(f"{one.number}: {_listed(one.counts())}")
        if not options["yes"] and input("Erase this for good? Type yes: ") != "yes":
            raise CommandError("nothing was erased")
        problems = [problem for one in known if (problem := self._erase(one))]
        if problems:
            raise CommandError("\n".join(problems))

    def _erase(self, one: Forgetting) -> str:
        try:
            self.stdout.write(f"{one.number}: erased {_listed(one.erase())}")
        except Unfinished as problem:
            return f"{one.number}: {problem}"
        return ""


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items())
