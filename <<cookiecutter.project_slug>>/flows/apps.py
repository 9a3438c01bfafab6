"""The app that runs conversations: it finds the flows of every installed app."""

from pathlib import Path

from django.apps import AppConfig, apps
from django.utils.module_loading import autodiscover_modules


class FlowsConfig(AppConfig):
    name = "flows"

    def ready(self) -> None:
        from calls import endings
        from calls.lines import offer_flows
        from flows import checks  # noqa: F401  importing it registers the checks
        from flows.flow import registry
        from flows.languages import use_folders
        from flows.talk import Talk

        others = (config for config in apps.get_app_configs() if config is not self)
        use_folders(Path(config.path) / "languages" for config in others)
        offer_flows(lambda: registry)
        endings.offer(Talk().close)
        autodiscover_modules("flows")
