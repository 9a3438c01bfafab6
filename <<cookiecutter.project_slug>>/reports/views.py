"""The pages of the reports. Each needs the permission `reports.view`, and no browser or proxy keeps one."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from calls.models import Recording
from reports import selectors
from reports.flows import flow_page, flow_rows
from reports.forms import read_calls_query
from reports.sound import serve

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def reader_page(view: View[P]) -> View[P]:
    """A page for readers: 403 without the permission; without a login the middleware asks for one."""
    allowed = permission_required("reports.view", raise_exception=True)
    return never_cache(allowed(require_safe(view)))


@reader_page
def overview(request: HttpRequest) -> HttpResponse:
    """The figures over all calls, and the newest calls."""
    return render(request, "reports/overview.html", {"figures": selectors.figures(), **_calls(request)})


@reader_page
def calls(request: HttpRequest) -> HttpResponse:
    """All calls, newest first, page by page."""
    return render(request, "reports/calls.html", _calls(request))


@reader_page
def call(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """One call's timeline."""
    story = selectors.call_story(call=call_id)
    if story is None:
        raise Http404("no such call")
    return render(request, "reports/call.html", {"story": story})


@reader_page
def recording(request: HttpRequest, recording_id: UUID) -> HttpResponseBase:
    """The sound of a recording, whole or the part that a player asks for."""
    found = Recording.objects.filter(pk=recording_id).first()
    if found is None or not found.file:
        raise Http404("no such recording")
    try:
        file = found.file.open()
    except FileNotFoundError:
        raise Http404("the recording is not in the storage") from None
    return serve(file, found.content_type, request.headers.get("Range", ""))


@reader_page
def flows(request: HttpRequest) -> HttpResponse:
    """All flows of the present code."""
    return render(request, "reports/flows.html", {"flows": flow_rows()})


@reader_page
def flow(request: HttpRequest, name: str) -> HttpResponse:
    """One flow as it is written now: its picture, its steps and its edges."""
    found = flow_page(name)
    if found is None:
        raise Http404("no such flow")
    return render(request, "reports/flow.html", {"flow": found})


def _calls(request: HttpRequest) -> dict[str, object]:
    query = read_calls_query(request.GET)
    return {
        "query": query,
        "choices": selectors.Who,
        "page": selectors.calls_page(who=query.who, after=query.after),
        "default_flow": settings.DEFAULT_FLOW,
    }
