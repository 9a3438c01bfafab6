"""The app that shows what the calls mean: figures, lists, one call's timeline."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"
