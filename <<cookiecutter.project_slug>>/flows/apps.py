"""The app that runs conversations: it finds the flows of every installed app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class FlowsConfig(AppConfig):
    name = "flows"

    def ready(self) -> None:
        from flows import checks  # noqa: F401  importing it registers the checks

        autodiscover_modules("flows")
