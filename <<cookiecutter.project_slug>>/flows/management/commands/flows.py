"""manage.py flows: lists the flows of this project."""

from typing import Any

from django.core.management.base import BaseCommand

from flows.flow import Flow, registry
from flows.graph import describe


class Command(BaseCommand):
    help = "Lists the flows: name, version, number of steps, and what the flow is for."

    def handle(self, *args: Any, **options: Any) -> None:
        for name, flow in sorted(registry.items()):
            version = describe(flow).version[:8]
            self.stdout.write(f"{name:<20} {version}  {len(flow.steps):>3} steps  {_purpose(flow)}")


def _purpose(flow: type[Flow]) -> str:
    return (flow.__doc__ or "").strip().partition("\n")[0]
