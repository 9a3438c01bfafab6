"""What a caller hears while something behind the question is broken."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from pytest_django import Settings

from calls import store
from calls.models import Line, Run, Turn
from flows import Flow, Next, ask
from flows.flow import registry
from flows.grammars import Options
from tests.webhook import APOLOGY, keyed, next_of, post, result, session

pytestmark = pytest.mark.django_db


class Fragile(Flow):
    """Writes a row, and then does what the caller asked for."""

    @ask(
        "Press 1 to raise, 2 for bad data, 3 for a passing fault.",
        Options(boom="1", data="2", lost="3", well="4"),
    )
    def start(self, answer: str) -> Next:
        Line.objects.create(number=f"row-{answer}", flow="fragile")
        match answer:
            case "boom":
                raise RuntimeError("the owner's own fault")
            case "data":
                self.data["when"] = {1: "number"}
            case "lost" if passing.pop("fault", None):
                raise OperationalError("connection lost")
        return None


passing: dict[str, bool] = {}


@pytest.fixture(autouse=True)
def fragile() -> Iterator[None]:
    registry["fragile"] = Fragile
    yield
    registry.pop("fragile", None)


def said(response: Any) -> str:
    assert response.status_code == 200
    return json.dumps(json.loads(response.content))


def answered(keys: str) -> Any:
    first = post(session(), "/tropo/?flow=fragile")
    return post(result(keyed("start", keys)), next_of(first))


@pytest.mark.once
@pytest.mark.parametrize("keys", ["1", "2"])
def test_a_handler_that_raises_keeps_the_answer_but_nothing_it_wrote(
    keys: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert APOLOGY in said(answered(keys))
    turn = Turn.objects.get()
    assert (turn.result, turn.step, turn.interpretation) == ("error", "start", keys)
    assert not Line.objects.exists()
    assert Run.objects.get().step == ""
    assert [record.levelno for record in caplog.records if record.name == "flows"] == [logging.ERROR]


def test_after_the_apology_the_caller_goes_to_the_fallback_number(settings: Settings) -> None:
    settings.FALLBACK_NUMBER = "+15550199"
    document = json.loads(answered("1").content)["tropo"]
    assert [next(iter(step)) for step in document[:3]] == ["say", "transfer", "hangup"]
    assert document[1]["transfer"]["to"] == "+15550199"


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_passing_fault_is_tried_again_and_what_the_handler_wrote_is_there_once() -> None:
    passing["fault"] = True
    assert "Goodbye" in said(answered("3"))
    assert Line.objects.filter(number="row-lost").count() == 1
    assert Turn.objects.get().result == "answered"


@pytest.mark.django_db(transaction=True)
def test_a_database_that_stays_away_costs_the_turn_budget_and_the_caller_hears_the_apology(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TURN_BUDGET = 0.5
    address = next_of(post(session(), "/tropo/?flow=fragile"))

    def away(*args: object) -> None:
        raise OperationalError("could not connect")

    monkeypatch.setattr(store, "lock_run", away)
    assert APOLOGY in said(post(result(keyed("start", "4")), address))
    assert not Turn.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_fault_that_will_not_pass_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    address = next_of(post(session(), "/tropo/?flow=fragile"))
    tries: list[int] = []

    def broken(*args: object) -> None:
        tries.append(1)
        raise DatabaseError("no such column")

    monkeypatch.setattr(store, "lock_run", broken)
    assert APOLOGY in said(post(result(keyed("start", "4")), address))
    assert tries == [1]


@pytest.mark.django_db(transaction=True)
def test_the_settings_that_keep_answers_are_live_on_the_connection() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            found = [
                cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
            ]
            assert found == ["wal", 2]
            assert connection.transaction_mode == "IMMEDIATE"  # type: ignore[attr-defined]  # SQLite's own
        else:
            cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'calls_run'")
            assert cursor.fetchone() == (["fillfactor=70"],)
