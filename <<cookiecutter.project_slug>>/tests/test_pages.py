"""Who may see which page, and what every page carries."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from calls.models import Call, Event, FlowVersion, Line, Refusal, Run, Turn
from tests.rows import NOON, a_call, a_turn, an_event, reader

pytestmark = pytest.mark.django_db

REPORTS = [
    "/reports/",
    "/reports/calls/",
    "/reports/calls/00000000-0000-4000-8000-000000000000/",
    "/reports/flows/",
    "/reports/flows/reception/",
]
OPEN_TO_ALL = {"/login/", "/healthz", "/readyz", "/admin/login/"}
REFUSED = {302, 401, 403, 404, 405}
SAMPLES = {"int": "1", "uuid": str(UUID(int=1))}


def every_address(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """One address for each pattern, with something in the place of its arguments."""
    for entry in resolver.url_patterns:
        path = before + sample(entry)
        if isinstance(entry, URLResolver):
            yield from every_address(entry, path)
        else:
            yield path


def sample(entry: URLPattern | URLResolver) -> str:
    if isinstance(entry.pattern, RoutePattern):
        return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "", "x"), str(entry.pattern))
    # The admin's two: its list of apps, and whatever else there is.
    return re.sub(r"\(\?P<\w+>(\w*)[^)]*\)", lambda found: found[1] or "x", str(entry.pattern)).strip("^$")


def test_without_a_login_only_health_and_login_answer(client: Client) -> None:
    addresses = set(every_address(get_resolver()))
    assert addresses >= OPEN_TO_ALL | {"/", "/reports/", "/tropo/", "/admin/calls/", "/admin/calls/call/"}
    answered = {path: client.get(path) for path in addresses}
    assert {path for path, response in answered.items() if response.status_code == 200} == OPEN_TO_ALL
    assert {response.status_code for response in answered.values()} <= REFUSED | {200}
    redirects = {response["Location"] for response in answered.values() if response.status_code == 302}
    assert {address.split("?")[0] for address in redirects} <= {"/login/", "/admin/login/"}


@pytest.mark.parametrize("path", REPORTS)
def test_reports_ask_for_a_login(client: Client, path: str) -> None:
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, f"/login/?next={path}")


@pytest.mark.parametrize("path", REPORTS)
def test_a_user_without_the_permission_is_told_what_to_ask_for(client: Client, path: str) -> None:
    client.force_login(User.objects.create_user("newcomer", is_staff=True))
    response = client.get(path)
    assert response.status_code == 403
    assert "Can read the reports" in response.content.decode()
    assert "newcomer" in response.content.decode()


def test_a_superuser_needs_no_permission(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    assert client.get("/reports/").status_code == 200


@pytest.mark.parametrize("path", REPORTS)
def test_reports_are_only_read(client: Client, path: str) -> None:
    client.force_login(reader())
    assert client.post(path).status_code == 405


def test_reports_are_never_kept(client: Client) -> None:
    client.force_login(reader())
    for path in ["/reports/", "/reports/calls/", f"/reports/calls/{a_call().pk}/"]:
        assert "no-store" in client.get(path)["Cache-Control"]


def test_every_page_carries_the_policy_and_keeps_it(client: Client) -> None:
    call = a_call()
    a_turn(call, 1)
    paths = ["/login/", "/healthz", "/nowhere", "/reports/", f"/reports/calls/{call.pk}/", "/admin/"]
    paths += ["/reports/flows/", "/reports/flows/reception/"]
    client.force_login(User.objects.create_superuser("root"))
    for path in paths:
        response = client.get(path, follow=True)
        assert "default-src 'none'" in response["Content-Security-Policy"], path
        page = response.content.decode()
        assert "<style" not in page
        assert not re.search(r"\s(style|on\w+)=", page), path
        assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", page), path


def test_log_in_and_out(client: Client) -> None:
    User.objects.create_superuser("root", password="a long password")
    page = client.get("/login/?next=/reports/calls/").content.decode()
    assert 'name="next" value="/reports/calls/"' in page
    wrong = client.post("/login/", {"username": "root", "password": "wrong"})
    assert 'role="alert"' in wrong.content.decode()
    answers = {"username": "root", "password": "a long password", "next": "/reports/calls/"}
    assert client.post("/login/", answers)["Location"] == "/reports/calls/"
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/reports/").status_code == 302


def test_the_navigation_fits_the_user(client: Client) -> None:
    assert "<nav" not in client.get("/login/").content.decode()
    client.force_login(reader())
    page = client.get("/reports/calls/").content.decode()
    assert '<a href="/reports/calls/" aria-current="page">Calls</a>' in page
    assert "/admin/" not in page
    client.force_login(User.objects.create_superuser("root"))
    assert '<a href="/admin/">Admin</a>' in client.get("/reports/").content.decode()


def test_a_flow_is_drawn_and_told_in_words(client: Client) -> None:
    client.force_login(reader())
    assert '<a href="/reports/flows/booking/">booking</a>' in client.get("/reports/flows/").content.decode()
    page = client.get("/reports/flows/booking/").content.decode()
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="flow"' in page
    assert '<a href="#front_desk">front_desk</a> <span class="quiet">after the last attempt</span>' in page
    assert client.get("/reports/flows/nowhere/").status_code == 404


@override_settings(PROJECT_NAME="Ä & <b>", PROJECT_DESCRIPTION="“Say” 'it'")
def test_the_projects_name_is_text(client: Client) -> None:
    login = client.get("/login/").content.decode()
    assert "“Say” &#x27;it&#x27;" in login
    assert "Ä &amp; &lt;b&gt;" in login
    assert "Ä &amp; &lt;b&gt;" in client.get("/admin/login/").content.decode()


def test_a_stale_form_is_explained() -> None:
    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "root"})
    assert response.status_code == 403
    assert "This form is too old" in response.content.decode()


def test_a_fault_of_ours_is_admitted(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("reports.selectors.figures", broken)
    client.force_login(reader())
    client.raise_request_exception = False
    response = client.get("/reports/")
    assert response.status_code == 500
    assert "Something broke here" in response.content.decode()
    assert "default-src 'none'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("model", [Call, Run, Turn, Event, FlowVersion, Refusal])
def test_what_happened_can_only_be_read_in_the_admin(client: Client, model: type[Call]) -> None:
    call = a_call()
    a_turn(call, 1)
    an_event(call, Event.Kind.LATE)
    Refusal.objects.create(minute=NOON, reason="token", count=7)
    row = model.objects.get()
    client.force_login(User.objects.create_superuser("root"))
    here = f"/admin/calls/{model._meta.model_name}/"
    assert client.get(here, {"q": "555"}).status_code == 200
    page = client.get(f"{here}{row.pk}/change/").content.decode()
    assert 'name="_save"' not in page
    assert client.get(f"{here}add/").status_code == 403
    assert client.post(f"{here}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{here}{row.pk}/change/", {"caller": "x"}).status_code == 403


def test_lines_are_edited_in_the_admin(client: Client) -> None:
    client.force_login(User.objects.create_superuser("root"))
    fields = {"number": "+15550100", "label": "Front desk", "flow": "reception"}
    assert client.post("/admin/calls/line/add/", fields).status_code == 302
    assert Line.objects.get().label == "Front desk"
    assert "Front desk" in client.get("/admin/calls/line/").content.decode()
