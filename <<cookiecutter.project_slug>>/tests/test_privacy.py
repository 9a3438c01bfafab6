"""The answer to a sensitive question is known to its handler, and to nothing else that anybody can read.

A card number goes through a call and through a text conversation in every field a platform has for it, while
one thing after another fails; then everything that can be read is searched for it. That the search finds
what is there is shown by the same flow with the question not sensitive.
"""

import logging
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings as live
from django.core.signals import got_request_exception
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.test import Client
from django.views.debug import ExceptionReporter
from pytest_django import Settings

from calls import store
from calls.models import Call, Event, Run, Turn
from flows import Flow, Next, Secret, ask, say
from flows import turns as flow_turns
from flows.grammars import Digits, Options, Text
from phone.wire import authorization
from tests.leaks import Search, server_log, spoken
from tests.webhook import ADDRESS, APOLOGY, SESSION_ID, next_of, post, result, session

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MARKER = "4111111111111111"
SPOKEN = "four one one one one one one one one one one one one one one one"
WORDS = (MARKER, SPOKEN, SPOKEN.replace(" ", ""))
XML = (
    '<result><interpretation><input mode="{mode}">{words}</input><instance>{words}</instance>'
    "</interpretation></result>"
)
WAYS = ("well", "refuse", "again", "raises", "speaks", "keeps", "outcome", "milestone", "row", "prompt")


def open_up(answer: Any) -> str:
    """The answer with blanks, which the log's own filter for card numbers would not see."""
    return " ".join(answer.reveal() if isinstance(answer, Secret) else answer)


class Vault(Flow):
    """Asks what to do with a card number, and does it."""

    @ask("Which way?", Options(**{way: str(key) for key, way in enumerate(WAYS)}), commands=())
    def start(self, answer: str) -> Next:
        return self.card

    def unwanted(self, value: str) -> str | None:
        return "That card has expired." if self.answers.start == "refuse" else None

    @ask("Card number?", Digits(16), sensitive=True, validate=unwanted, attempts=2)
    def card(self, answer: Secret[str]) -> Next:
        return take(self, answer)

    def failing(self) -> str:
        raise RuntimeError(f"no prompt for {self.kept}")

    @say(failing)
    def fails(self) -> Next:
        return None

    kept = ""


class OpenVault(Vault):
    """The same with a question that is not sensitive."""

    @ask("Card number?", Digits(16), validate=Vault.unwanted, attempts=2)
    def card(self, answer: str) -> Next:
        return take(self, answer)


def take(flow: Vault, answer: Any) -> Next:
    """What the handler does with the answer, by the way that was chosen."""
    match flow.answers.start:
        case "again":
            return flow.again("Once more.")
        case "raises":
            raise ValueError(f"the card {open_up(answer)} is stolen") from KeyError(open_up(answer))
        case "speaks":
            flow.say(f"Your card is {answer}.")
        case "keeps":
            flow.data["card"] = answer
        case "outcome":
            flow.outcome = answer
        case "milestone":
            flow.milestone(answer)
        case "row":
            raise IntegrityError(f"Key (card)=({open_up(answer)}) already exists")
        case "prompt":
            flow.kept = open_up(answer)
            return flow.fails
    flow.say("Thank you.")
    return None


class Mailbox(Flow):
    """Asks for a word that nobody else may read, at once."""

    @ask("Your word?", Text(), sensitive=True)
    def start(self, answer: Secret[str]) -> Next:
        if answer.reveal().startswith("raise"):
            raise ValueError(open_up(answer))
        return self.choose

    @ask("Which one?", Options(first="1", second="2"), sensitive=True, attempts=2)
    def choose(self, answer: Secret[str]) -> Next:
        raise ValueError(answer.reveal())


class Hasty(Flow):
    """Takes the first text for a secret answer."""

    @ask("Card number?", Digits(16), sensitive=True)
    def start(self, answer: Secret[str]) -> Next:
        raise ValueError(open_up(answer))


@pytest.fixture(autouse=True)
def all_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


@pytest.fixture(autouse=True)
def nothing_in_the_servers_log() -> Iterator[None]:
    before = len(server_log())
    yield
    assert not any(words in server_log()[before:] for words in WORDS)


def test_the_servers_log_has_what_it_refused() -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT planted FROM nowhere")
    assert not server_log() or "planted" in server_log(), "a server elsewhere keeps its log to itself"


class Talk:
    """A voice call with one of the flows; it keeps every reply."""

    def __init__(self, flow: str, way: str = "well", session_id: str = SESSION_ID) -> None:
        self.replies: list[bytes] = []
        self.session_id = session_id
        self.sees(post(session(session_id), f"/tropo/?flow={flow}"))
        self.hears("start", str(WAYS.index(way)))

    def sees(self, response: Any) -> Any:
        assert response.status_code == 200
        self.replies.append(response.content)
        self.last = response
        return response

    def hears(
        self, step: str, words: str, event: str = "continue", state: str = "ANSWERED", **more: Any
    ) -> Any:
        action = entry(step, words, **more)
        return self.sees(post(result(action, self.session_id, state=state), next_of(self.last, event)))


def entry(step: str, words: str, mode: str = "dtmf", **more: Any) -> dict[str, Any]:
    """An action in which every field that could hold what was said or keyed holds it."""
    given = dict.fromkeys(("value", "utterance", "interpretation", "concept"), words)
    known = {"name": step, "disposition": "SUCCESS", "attempts": 1, "confidence": 100}
    return known | given | {"xml": XML.format(mode=mode, words=words)} | more


ENTRIES: dict[str, dict[str, Any]] = {
    "keyed": {"words": MARKER},
    "keyed and ended by the pound key": {"words": MARKER, "mode": "dtmf", "concept": f"{MARKER}#"},
    "spoken": {"words": SPOKEN, "mode": "speech", "value": MARKER},
    "too long": {"words": f"{MARKER}0"},
    "no match": {"words": MARKER, "disposition": "NOMATCH"},
    "low confidence": {"words": SPOKEN, "mode": "speech", "confidence": 12},
    "middle confidence": {"words": SPOKEN, "mode": "speech", "confidence": 50},
    "beside a command": {"words": MARKER, "value": "#help"},
    "silence with words": {"words": MARKER, "disposition": "TIMEOUT"},
    "hung up": {"words": MARKER, "disposition": "HANGUP", "event": "hangup", "state": "DISCONNECTED"},
    "cut off": {"words": MARKER, "event": "hangup", "state": "DISCONNECTED"},
    "an error": {"words": MARKER, "disposition": "ERROR", "event": "error"},
    "another name": {"words": MARKER, "name": "other"},
}


@pytest.mark.parametrize("given", ENTRIES)
def test_nothing_of_what_came_back_is_found(given: str, caplog: pytest.LogCaptureFixture) -> None:
    call = Talk("vault")
    call.hears("card", **ENTRIES[given])
    assert Search(WORDS, caplog, call.replies).found == set()
    assert Turn.objects.filter(step="card").exists()


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_found_whatever_the_handler_does(way: str, caplog: pytest.LogCaptureFixture) -> None:
    call = Talk("vault", way)
    call.hears("card", MARKER)
    assert Search(WORDS, caplog, call.replies).found == set()
    turn = Turn.objects.get(step="card")
    expected = {"well": "answered", "refuse": "refused", "again": "refused"}.get(way, "error")
    assert (turn.result, turn.value, turn.utterance, turn.interpretation) == (expected, "", "", "")


@pytest.mark.parametrize("way", ["well", "raises", "speaks", "keeps", "row", "prompt"])
def test_the_search_finds_what_is_not_hidden(way: str, caplog: pytest.LogCaptureFixture) -> None:
    call = Talk("open_vault", way)
    call.hears("card", MARKER)
    found = Search(WORDS, caplog, call.replies).found
    assert {"table calls_turn", "page reports", "page admin"} <= found
    assert ("log" in found) == (way in ("raises", "row", "prompt")), found
    assert ("reply" in found) == (way == "speaks")


def test_the_question_tells_the_platform_to_keep_it_out_of_its_logs() -> None:
    asked = Talk("vault").last.json()["tropo"][0]["ask"]
    assert asked["asrLogSecurity"] == "suppress"
    assert "asrLogSecurity" not in Talk("open_vault", session_id="other").last.json()["tropo"][0]["ask"]


def test_nothing_is_found_of_a_duplicate_a_late_or_a_forged_post(caplog: pytest.LogCaptureFixture) -> None:
    call = Talk("vault", "again")
    asked = call.last
    first = call.hears("card", MARKER).content
    again = call.sees(post(result(entry("card", MARKER)), next_of(asked)))
    assert again.content == first
    call.hears("card", MARKER)
    call.sees(post(result(entry("card", MARKER)), next_of(asked)))
    call.sees(post(result(entry("card", MARKER)), "/tropo/?t=forged"))
    call.sees(post(result(entry("card", MARKER), "stranger"), next_of(asked)))
    assert set(Event.objects.values_list("kind", flat=True)) == {"duplicate", "late", "forged", "stray"}
    assert Search(WORDS, caplog, call.replies).found == set()


def test_nothing_is_found_of_a_body_that_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    call = Talk("vault")
    body = result(entry("card", MARKER)) | {"padding": "x" * 70_000}
    refused = [post(body, next_of(call.last)), post(f'{{"result": "{MARKER}"'.encode(), next_of(call.last))]
    refused.append(post({"result": {MARKER: MARKER}}, next_of(call.last)))
    assert [response.status_code for response in refused] == [413, 400, 400]
    replies = [*call.replies, *(response.content for response in refused)]
    assert Search(WORDS, caplog, replies).found == set()


@pytest.mark.parametrize("way", ["well", "raises"])
@pytest.mark.parametrize("name", ["insert_turn", "advance_run", "lock_run"])
@pytest.mark.parametrize("fault", [DatabaseError, OperationalError])
def test_nothing_is_found_of_a_turn_that_the_database_refused(
    way: str,
    name: str,
    fault: type[Exception],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    settings.TURN_BUDGET = 0.2
    call = Talk("vault", way)
    with monkeypatch.context() as patched:
        patched.setattr(store, name, broken(fault))
        patched.setattr("calls.patience.connection.close", lambda: None)  # the test's own transaction
        assert APOLOGY in spoken(call.hears("card", MARKER))
    assert Search(WORDS, caplog, call.replies).found == set()


def broken(fault: type[Exception]) -> Any:
    def refuses(*args: object) -> None:
        raise fault("the database has refused it")

    return refuses


@pytest.mark.parametrize("channel", ["voice", "text"])
@pytest.mark.parametrize("html", [True, False])
def test_nothing_is_found_in_the_report_of_an_error_that_nobody_caught(
    html: bool, channel: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports: list[str] = []

    def report(request: Any, **kwargs: Any) -> None:
        reporter = ExceptionReporter(request, *sys.exc_info())
        reports.append(reporter.get_traceback_html() if html else reporter.get_traceback_text())

    call = Talk("vault", "raises") if channel == "voice" else None
    address = next_of(call.last) if call else "/tropo/?flow=hasty"
    body = result(entry("card", MARKER)) if call else text(MARKER)
    got_request_exception.connect(report)
    monkeypatch.setattr(store, "insert_turn", broken(DatabaseError))
    monkeypatch.setattr(store, "insert_run", broken(DatabaseError))
    monkeypatch.setattr(flow_turns, "_sorry", broken(DatabaseError))
    try:
        headers = {"authorization": authorization(live.WEBHOOK_TOKENS[0])}
        client = Client(raise_request_exception=False, headers=headers)
        client.post(urljoin(ADDRESS, address), body, content_type="application/json")
    finally:
        got_request_exception.disconnect(report)
    assert reports
    assert "the database has refused it" in reports[0]
    assert not any(words in reports[0] for words in WORDS)
    assert Search(WORDS, caplog, []).found == set()


def text(words: str, session_id: str = "text-1") -> dict[str, Any]:
    ends: Any = {
        name: {"id": number, "channel": "TEXT", "network": "SMS"}
        for name, number in (("from", "14075550142"), ("to", "14075550100"))
    }
    return session(session_id, initialText=words, **ends)


def told(flow: str, *words: str) -> list[bytes]:
    """The replies to these texts."""
    posts = (post(text(one, f"text-{number}"), f"/tropo/?flow={flow}") for number, one in enumerate(words))
    return [response.content for response in posts]


@pytest.mark.parametrize(
    "words",
    [
        ("hello", f"my word is {MARKER}", MARKER),
        ("hello", SPOKEN, "no such thing", SPOKEN),
        ("hello", f"raise {MARKER}"),
        ("hello", MARKER, f"{MARKER}?", f"what about {SPOKEN}?"),
        ("hello", f"{MARKER} HELP", "HELP", f"stop {MARKER}"),
    ],
)
def test_nothing_of_a_text_is_found(words: tuple[str, ...], caplog: pytest.LogCaptureFixture) -> None:
    replies = told("mailbox", *words)
    assert Search(WORDS, caplog, replies).found == set()
    assert Run.objects.count() == 1


def test_nothing_of_a_first_text_is_found(caplog: pytest.LogCaptureFixture) -> None:
    replies = told("hasty", MARKER)
    assert APOLOGY.encode() in replies[0]
    assert Search(WORDS, caplog, replies).found == set()
    turn = Turn.objects.get()
    assert (turn.step, turn.result, turn.utterance) == ("start", "error", "")


def test_nothing_is_found_after_a_deploy_took_the_question_away(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = Talk("vault")
    steps = {name: step for name, step in Vault.steps.items() if name != "card"}
    monkeypatch.setattr(Vault, "steps", steps)
    assert "We have just changed this service" in spoken(call.hears("card", MARKER))
    assert Search(WORDS, caplog, call.replies).found == set()
    assert Call.objects.get().run.step == "start"
