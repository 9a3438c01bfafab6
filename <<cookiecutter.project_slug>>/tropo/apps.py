"""The app that speaks the Tropo WebAPI protocol."""

from django.apps import AppConfig


class TropoConfig(AppConfig):
    name = "tropo"

    def ready(self) -> None:
        from tropo import checks  # noqa: F401  importing it registers the checks
