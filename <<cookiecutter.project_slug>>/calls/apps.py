"""The app that remembers what happened: every call, exactly once."""

import atexit

from django.apps import AppConfig

from tropo.signals import refused


class CallsConfig(AppConfig):
    name = "calls"
    verbose_name = "Calls"

    def ready(self) -> None:
        from calls import checks, refusals  # noqa: F401  importing checks registers them

        refused.connect(refusals.count)
        atexit.register(refusals.tally.flush)
