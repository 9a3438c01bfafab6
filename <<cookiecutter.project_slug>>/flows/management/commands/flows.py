"""manage.py flows: lists the flows of this project, looks for mistakes in them, and draws them."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from flows.drawing import mermaid, standalone
from flows.findings import Finding, Level, everything
from flows.flow import Flow, registry
from flows.graph import describe


class Command(BaseCommand):
    help = "Lists the flows; `check` looks for mistakes in them, `graph NAME` draws one."
    # Its own findings are among them: they would stop it before it lists them.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="check | graph")
        check = actions.add_parser("check", help="looks for mistakes; ends with 1 when there are some")
        check.add_argument("--live", action="store_true", help="looks into the tables too, before a deploy")
        check.add_argument("--fail-level", choices=("error", "warning"), default="error")
        graph = actions.add_parser("graph", help="draws a flow")
        graph.add_argument("name", metavar="NAME", help="the name of a flow")
        graph.add_argument("--format", choices=("mermaid", "svg"), default="mermaid")
        graph.add_argument("--output", type=Path, metavar="FILE", help="a file instead of the terminal")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["action"]:
            case "check":
                self.check_flows(live=options["live"], fail_level=Level[options["fail_level"].upper()])
            case "graph":
                self.draw(options["name"], options["format"], options["output"])
            case _:
                self.list_flows()

    def list_flows(self) -> None:
        for name, flow in sorted(registry.items()):
            version = describe(flow).version[:8]
            self.stdout.write(f"{name:<20} {version}  {len(flow.steps):>3} steps  {_purpose(flow)}")

    def check_flows(self, *, live: bool, fail_level: Level) -> None:
        found = everything()
        if live:
            from flows.findings.live import callers_on_lost_steps, ways_unseen

            found += [*callers_on_lost_steps(), *ways_unseen()]
        for finding in found:
            self.stdout.write(_line(finding))
        errors = sum(finding.level is Level.ERROR for finding in found)
        self.stdout.write(f"{len(registry)} flows: {errors} errors, {len(found) - errors} warnings.")
        if any(finding.level >= fail_level for finding in found):
            sys.exit(1)

    def draw(self, name: str, form: str, output: Path | None) -> None:
        if name not in registry:
            raise CommandError(f"There is no flow {name!r}. The flows are: {', '.join(sorted(registry))}.")
        text = standalone(registry[name]) if form == "svg" else mermaid(registry[name])
        if output is None:
            self.stdout.write(text, ending="")
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{output} could not be written: {error.strerror}.") from error


def _line(finding: Finding) -> str:
    """As a linter writes it, from where it runs: an editor finds the place."""
    place = finding.place
    if Path(finding.file).is_relative_to(Path.cwd()):
        place = str(Path(place).relative_to(Path.cwd()))
    before = f"{place}: " if place else ""
    return f"{before}{finding.id} {finding.message} {finding.hint}"


def _purpose(flow: type[Flow]) -> str:
    return (flow.__doc__ or "").strip().partition("\n")[0]
