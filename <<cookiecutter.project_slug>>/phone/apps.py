"""Registers the simulated telephone platform and its command with Django."""

from django.apps import AppConfig


class PhoneConfig(AppConfig):
    """Has no models: the platform keeps nothing."""

    name = "phone"
    verbose_name = "Simulated telephone platform"
