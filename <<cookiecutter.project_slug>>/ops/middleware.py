"""The security headers that Django 5.2 does not send itself.

Django 6 has a middleware of its own that reads `SECURE_CSP`
(`django.middleware.csp.ContentSecurityPolicyMiddleware`): on the upgrade, leave to it what is its own.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

PERMISSIONS_POLICY = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"


class ContentSecurityPolicyMiddleware(MiddlewareMixin):
    """Adds `SECURE_CSP` and a Permissions-Policy to every response. A header that a view has set stays."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if settings.SECURE_CSP:
            response.headers.setdefault("Content-Security-Policy", policy(settings.SECURE_CSP))
        return response


def policy(directives: dict[str, list[str]]) -> str:
    """The header for a dict of directives and their sources, as in Django 6's `SECURE_CSP`."""
    return "; ".join(" ".join([name, *sources]) for name, sources in directives.items())
