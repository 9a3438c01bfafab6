"""System checks: a door that nobody could pass, or that everybody could, speaks at start-up."""

import re
from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as CheckWarning

SHORTEST_TOKEN = 32
_HINT = "Put `python -c 'import secrets; print(secrets.token_urlsafe(32))'` into WEBHOOK_TOKENS."


@register(Tags.security)
def check_tokens(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    tokens = settings.WEBHOOK_TOKENS
    if not tokens:
        return [Error("WEBHOOK_TOKENS is empty: no platform could call.", hint=_HINT, id="tropo.E001")]
    short = sum(len(token) < SHORTEST_TOKEN for token in tokens)
    if short:
        message = (
            f"WEBHOOK_TOKENS holds {short} of fewer than {SHORTEST_TOKEN} characters: too easy to guess."
        )
        return [Error(message, hint=_HINT, id="tropo.E002")]
    return []


@register(Tags.security)
def check_redirect(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    exempt = any(re.search(pattern, "tropo/") for pattern in settings.SECURE_REDIRECT_EXEMPT)
    if settings.SECURE_SSL_REDIRECT and not exempt:
        message = "The webhook at /tropo/ is redirected to https, and a redirect ends the call."
        return [Error(message, hint='Add r"^tropo(/|$)" to SECURE_REDIRECT_EXEMPT.', id="tropo.E003")]
    return []


@register(Tags.security, deploy=True)
def check_hosts(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    if "*" in settings.ALLOWED_HOSTS:
        hint = "Name the hosts that callers' platforms and people use."
        return [CheckWarning("ALLOWED_HOSTS allows every host.", hint=hint, id="tropo.W001")]
    return []
