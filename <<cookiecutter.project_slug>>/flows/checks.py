"""System checks: flows that cannot be told apart, or a default that does not exist."""

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from flows.flow import registry, twins


@register
def check_names(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"Two flows have the name {first.name!r}: {_place(first)} and {_place(second)}.",
            hint="Rename one of the classes.",
            id="flows.E001",
        )
        for first, second in twins
    ]


@register
def check_default(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEFAULT_FLOW in registry:
        return []
    known = ", ".join(sorted(registry)) or "none: write one in a module named flows.py of an installed app"
    return [
        Error(
            f"DEFAULT_FLOW is {settings.DEFAULT_FLOW!r}, and there is no such flow.",
            hint=f"The flows are: {known}.",
            id="flows.E002",
        )
    ]


def _place(flow: type) -> str:
    return f"{flow.__module__}.{flow.__qualname__}"
