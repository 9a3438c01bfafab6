"""System checks: what is wrong with the flows as they are written (`flows.findings`)."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, register

from flows.findings import Finding, at_deployment, certain


@register
def check_flows(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return _messages(certain())


@register(deploy=True)
def check_deployment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return _messages(at_deployment())


def _messages(findings: Iterable[Finding]) -> list[CheckMessage]:
    """Each with its place as the object that it is about."""
    return [CheckMessage(one.level, one.message, one.hint, one.place or None, one.id) for one in findings]
