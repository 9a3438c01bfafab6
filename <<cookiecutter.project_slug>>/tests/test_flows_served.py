"""Grammar files: the address that a question gives, and what the platform gets there."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import path
from pytest_django.fixtures import Settings

from config.urls import urlpatterns as project_urls
from flows import served
from flows.grammars import Grammar, Listening, Phrases, fresh
from phone.client import ClientTransport
from phone.inprocess import WsgiTransport
from phone.srgs import read_grammar
from phone.wire import fetch_request
from tests.test_flows_grammars import COMMANDS, listening

BASE = "https://calls.example.com"
RUN = "0f" * 16
HEARD = listening(**COMMANDS)


class Questions:
    """What a project would find: the cities of all, and the streets of one run."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.names = ["Chicago", "New York"]
        self.streets = {RUN: ["Elm St", "Oak St"]}
        self.cities = Phrases(lambda: self.names)
        self.found: list[str | None] = []

    def __call__(self, flow: str, step: str, language: str, run: str | None) -> served.Asked | None:
        self.found.append(run)
        grammars: dict[tuple[str, str], Callable[[], Grammar[Any]]] = {
            ("reception", "city"): lambda: self.cities,
            ("reception", "street"): lambda: Phrases(self.streets[run or ""]),
        }
        grammar = grammars.get((flow, step))
        return served.Asked(grammar(), COMMANDS) if grammar else None


questions = Questions()
urlpatterns = [path("tropo/grammars/<str:name>", served.view(questions)), *project_urls]


@pytest.fixture(autouse=True)
def project(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLIC_URL = BASE
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr(served, "_shared", {})
    monkeypatch.setattr(served, "_of_runs", {})
    questions.reset()
    fresh.forget()


def city() -> str:
    found = served.address("reception", "city", questions.cities, HEARD)
    assert found is not None
    return found.removeprefix(BASE)


def street(*names: str) -> str:
    found = served.address("reception", "street", Phrases(names), HEARD, RUN)
    assert found is not None
    return found.removeprefix(BASE)


def restart() -> None:
    """Let this worker forget what it has made, as another one that has not made it."""
    served._shared.clear()
    served._of_runs.clear()


def test_a_file_is_served_at_its_address_and_may_be_kept_for_ever(client: Client) -> None:
    address = city()
    assert re.fullmatch(r"/tropo/grammars/reception\.city\.en\.any\.[\w-]+\.[0-9a-f]{16}\.grxml", address)
    restart()
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/srgs+xml"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    found = read_grammar(response.content).by_speech("new york")
    assert found is not None
    assert found.value == "new york"
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_without_an_address_of_this_server_there_is_none(settings: Settings) -> None:
    settings.PUBLIC_URL = ""
    assert served.address("reception", "city", questions.cities, HEARD) is None


def test_a_slash_at_the_end_of_the_servers_address_is_not_doubled(settings: Settings) -> None:
    before = city()
    settings.PUBLIC_URL = BASE + "/"
    assert city() == before


def test_modes_and_commands_have_files_of_their_own() -> None:
    cities = questions.cities
    heard = (HEARD, listening("dtmf", **COMMANDS), listening(), HEARD)
    addresses = [served.address("reception", "city", cities, each) for each in heard]
    assert len(set(addresses)) == 3


def test_a_file_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    rules = Phrases.rules

    def counted(self: Phrases, heard: Listening) -> str:
        made.append(rules(self, heard))
        return made[-1]

    monkeypatch.setattr(Phrases, "rules", counted)
    assert city() == city()
    assert len(made) == 1


def test_data_that_has_moved_on_is_served_but_not_kept(client: Client) -> None:
    address = city()
    questions.names.append("Boston")
    fresh.forget()
    assert city() != address
    response = client.get(address)
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    assert read_grammar(response.content).by_speech("boston") is not None


def test_the_grammar_of_a_run_is_made_again_by_any_worker(client: Client) -> None:
    address = street("Elm St", "Oak St")
    assert RUN in address
    first = client.get(address)
    assert questions.found == []
    restart()
    second = client.get(address)
    assert questions.found == [RUN]
    assert first.content == second.content
    assert second.headers["Cache-Control"] == "private, max-age=31536000, immutable"


def test_a_run_that_asks_again_gets_its_new_list(client: Client) -> None:
    first = street("Main St")
    second = street("Elm St", "Oak St")
    assert first != second
    assert client.get(second).headers["ETag"]
    response = client.get(first)
    assert response.headers["Cache-Control"] == "no-store"
    assert b"Elm Street" in response.content


def test_few_files_of_runs_are_kept() -> None:
    for number in range(served.MOST_OF_RUNS + 5):
        served.address("reception", "street", Phrases(["Elm St"]), HEARD, f"{number:032x}")
    assert [int(name.run, 16) for name in served._of_runs] == list(range(5, served.MOST_OF_RUNS + 5))


@pytest.mark.parametrize(
    "forge",
    [
        lambda address: address.replace("city", "street"),
        lambda address: address.replace(".any.", ".dtmf."),
        lambda address: address.replace(".any.", f".any.{RUN}."),
        lambda address: address[:-30] + address[-29:],
        lambda address: "/tropo/grammars/x.grxml",
        lambda address: "/tropo/grammars/x",
        lambda address: "/tropo/grammars/....",
    ],
)
def test_an_address_that_is_not_ours_leads_nowhere(client: Client, forge: Callable[[str], str]) -> None:
    assert client.get(forge(city())).status_code == 404
    assert questions.found == []


def test_a_question_that_is_gone_leads_nowhere(client: Client) -> None:
    address = served.address("reception", "old", questions.cities, HEARD)
    assert address is not None
    assert client.get(address.removeprefix(BASE)).status_code == 404


def test_a_file_is_read_and_nothing_else(client: Client) -> None:
    address = city()
    head = client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert client.post(address).status_code == 405


def test_the_address_names_the_hash_of_what_is_there(client: Client) -> None:
    address = city()
    other = address.replace(address[-22:-6], "0" * 16)
    assert client.get(other).headers["Cache-Control"] == "no-store"


def test_simulated_platforms_fetch_from_this_project() -> None:
    address = BASE + city()
    for transport in (ClientTransport("t0ken"), WsgiTransport("t0ken")):
        assert transport.is_ours(address)
    assert ClientTransport("t0ken").send(fetch_request(address)).status == 200


@pytest.mark.django_db
def test_a_platform_in_process_fetches_from_the_servers_own_address(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["calls.example.com"]
    reply = WsgiTransport("t0ken").send(fetch_request(BASE + city()))
    assert (reply.status, reply.body[:5]) == (200, b"<?xml")
