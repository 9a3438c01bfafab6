"""What the protocol allows, as JSON Schemas. Each document answered in a test is held to them."""

import json
from collections.abc import Callable
from pathlib import Path

import fastjsonschema
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

SCHEMAS = {path.stem: json.loads(path.read_bytes()) for path in Path(__file__).parent.glob("schemas/*.json")}

Validate = Callable[[object], object]
"""Raises `fastjsonschema.JsonSchemaException`, which names the place."""

validate_session: Validate = fastjsonschema.compile(SCHEMAS["session"])
validate_result: Validate = fastjsonschema.compile(SCHEMAS["result"])
validate_document: Validate = fastjsonschema.compile(SCHEMAS["document"])


class DocumentsAreValid(MiddlewareMixin):
    """Fails the test in which a webhook answers anything but a refusal or a valid document."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        view = request.resolver_match and request.resolver_match.func
        if getattr(view, "tropo_webhook", False) and response.status_code < 400:
            validate_document(json.loads(response.content))
        return response
