"""Who does not want to be called or texted, and the lines in the admin."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from calls import lines, optouts
from calls.models import Line, OptOut

pytestmark = pytest.mark.django_db

NUMBER = "+14075550142"


def closed() -> list[str]:
    return [channel for channel in ("text", "voice", "all") if optouts.has(NUMBER, channel)]


@pytest.mark.parametrize(
    ("added", "expected"),
    [("text", ["text"]), ("voice", ["voice"]), ("all", ["text", "voice", "all"])],
)
def test_an_opt_out_closes_its_channel(added: str, expected: list[str]) -> None:
    optouts.add("(407) 555-0142", added, source="a text of STOP")
    optouts.add("4075550142", added)
    assert closed() == expected
    assert list(OptOut.objects.values_list("number", "channel", "source")) == [
        (NUMBER, added, "a text of STOP")
    ]


@pytest.mark.parametrize(
    ("added", "removed", "expected"),
    [
        (["text"], "text", []),
        (["text"], "voice", ["text"]),
        (["text"], "all", []),
        (["all"], "text", ["voice"]),
        (["all"], "voice", ["text"]),
        (["all", "text", "voice"], "text", ["voice"]),
        (["all", "voice"], "all", []),
    ],
)
def test_it_can_be_taken_back(added: list[str], removed: str, expected: list[str]) -> None:
    for channel in added:
        optouts.add(NUMBER, channel)
    optouts.add("+14075550143")
    optouts.remove("407 555 0142", removed)
    assert closed() == expected
    assert optouts.has("+14075550143", "text")


@pytest.mark.parametrize("work", [optouts.add, optouts.remove, optouts.has])
def test_there_are_no_other_channels(work: object) -> None:
    assert callable(work)
    with pytest.raises(ValueError, match="pigeon"):
        work(NUMBER, "pigeon")


@pytest.fixture
def staff(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(lines, "_names", tuple)
    lines.offer_flows(lambda: ["survey", "reception"])
    client.force_login(User.objects.create_superuser("root"))
    return client


def change(client: Client, line: Line, **fields: str) -> str:
    given = {"number": line.number, "flow": line.flow} | fields
    response = client.post(f"/admin/calls/line/{line.pk}/change/", given, follow=True)
    return str(response.content.decode())


def test_a_line_chooses_among_the_flows(staff: Client) -> None:
    page = staff.get("/admin/calls/line/add/").content.decode()
    assert page.index('<option value="reception">') < page.index('<option value="survey">')


def test_a_line_can_be_switched_live(staff: Client) -> None:
    line = Line.objects.create(number="+14075550100", flow="reception")
    change(staff, line, flow="survey", announcement="We have moved.", is_closed="on", language="es-mx")
    line.refresh_from_db()
    assert (line.flow, line.announcement, line.is_closed, line.language) == (
        "survey",
        "We have moved.",
        True,
        "es-mx",
    )


def test_a_flow_that_is_gone_is_shown_and_named_when_it_is_chosen_again(staff: Client) -> None:
    line = Line.objects.create(number="+14075550100", flow="fairy_tale")
    assert "fairy_tale (gone)" in staff.get(f"/admin/calls/line/{line.pk}/change/").content.decode()
    assert "There is no flow &#x27;fairy_tale&#x27;. The flows are: reception, survey." in change(staff, line)


def test_a_flow_that_never_was_is_refused(staff: Client) -> None:
    line = Line.objects.create(number="+14075550100", flow="reception")
    assert "nonsense is not one of the available choices" in change(staff, line, flow="nonsense")
    line.refresh_from_db()
    assert line.flow == "reception"


def test_an_opt_out_in_the_admin_meets_the_number_however_it_is_written(staff: Client) -> None:
    staff.post("/admin/calls/optout/add/", {"number": "407-555-0142", "channel": "voice"})
    assert closed() == ["voice"]


@pytest.mark.parametrize("table", ["dial", "recording", "optout", "line"])
def test_the_tables_can_be_listed_and_searched(staff: Client, table: str) -> None:
    assert staff.get(f"/admin/calls/{table}/?q=407").status_code == 200
