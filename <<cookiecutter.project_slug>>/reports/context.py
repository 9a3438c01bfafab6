"""What every page knows without its view saying so."""

from django.conf import settings
from django.http import HttpRequest


def project(request: HttpRequest) -> dict[str, str]:
    """A context processor: the project's name and what callers can do with it."""
    return {"project_name": settings.PROJECT_NAME, "project_description": settings.PROJECT_DESCRIPTION}
