"""The app with the conversations of this project."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "<< cookiecutter.project_slug >>"
