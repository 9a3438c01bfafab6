"""The pytest plugin about flows: what it lets pass, what it fails and in which words, and what it counts."""

import os
import random
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import settings
from django.core import mail
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from calls.models import Line
from flows import Flow, Next, ask, say
from flows.flow import registry
from flows.grammars import Options
from flows.state import State
from flows.testing.compare import alike
from flows.testing.coverage import Coverage, expected, owners, rungs
from phone.testing import Caller

acts: list[Callable[[Any], Next]] = []


class Trouble(Flow):
    """Does what a test says."""

    @ask("Press 1.", Options(go="1"), retry="The 1, please.", keypad="Press it.")
    def start(self, answer: str) -> Next:
        follows = acts[-1](self)
        return self.start if follows is Trouble.start else follows

    @say("Nobody should come here.")
    def hidden(self) -> Next:
        return self.start


@pytest.fixture(autouse=True)
def trouble() -> Iterator[None]:
    registry["trouble"] = Trouble
    yield
    registry.pop("trouble", None)
    acts.clear()


@pytest.fixture
def does(caller: Caller) -> Callable[[Callable[[Any], Next]], Caller]:
    """Runs an act as a handler."""

    def act(one: Callable[[Any], Next]) -> Caller:
        acts.append(one)
        return caller.dials("trouble").presses("1")

    return act


Does = Callable[[Callable[[Any], Next]], Caller]
PLACE = r"test_flows_testing\.py:\d+ trouble\.start "


def draw(flow: Any) -> Next:
    flow.say(f"You drew {random.random()}.")
    return None


def test_a_handler_runs_twice_and_its_rows_are_there_once(does: Does) -> None:
    runs = []

    def act(flow: Any) -> Next:
        runs.append(flow)
        Line.objects.create(number="+15550100", flow="trouble")
        return None

    does(act).hears("Goodbye").hears_hang_up()
    assert len(runs) == 2
    assert Line.objects.count() == 1


@pytest.mark.once
def test_a_test_can_have_handlers_run_once(does: Does) -> None:
    does(draw).hears("You drew 0.").hears_hang_up()


def test_random_numbers_are_a_difference(does: Does) -> None:
    message = PLACE + r"gave another document .*You drew 0.*in a lookup"
    with pytest.raises(AssertionError, match=message) as failed:
        does(draw)
    assert "caller presses    1" in str(failed.value)


def test_what_is_kept_is_compared_too(does: Does) -> None:
    def act(flow: Any) -> Next:
        flow.data["ticket"] = random.random()
        return None

    with pytest.raises(AssertionError, match=PLACE + r"gave another state \(data\)"):
        does(act)


def test_both_runs_have_the_same_time_and_fresh_data(does: Does) -> None:
    def act(flow: Any) -> Next:
        flow.data.setdefault("times", []).append(datetime.now().isoformat())
        flow.say(f"{len(flow.data['times'])} times.")
        return Trouble.start if len(flow.data["times"]) < 2 else None

    does(act).hears("1 times").presses("1").hears("2 times").hears_hang_up()


def test_the_number_of_a_row_may_differ(does: Does) -> None:
    def act(flow: Any) -> Next:
        flow.say(f"Your number is {Line.objects.create(number='+15550100', flow='trouble').pk}.")
        return None

    does(act).hears("Your number is ").hears_hang_up()


def test_mail_is_sent_when_the_answer_is_kept(
    does: Does, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    def send() -> None:
        mail.send_mail("A booking", "", None, ["desk@example.com"])

    with pytest.raises(AssertionError, match=PLACE + r"sent mail \('A booking'\).*on_commit"):
        does(lambda flow: send())
    assert mail.outbox == []
    with django_capture_on_commit_callbacks(execute=True):
        does(lambda flow: transaction.on_commit(send))
    assert len(mail.outbox) == 1


def test_a_handler_reaches_no_other_system(does: Does) -> None:
    def act(flow: Any) -> Next:
        try:
            socket.create_connection(("127.0.0.1", 9), timeout=1)
        except OSError:
            flow.say("Our system does not answer.")
        return None

    with pytest.raises(AssertionError, match=PLACE + "opened a network connection.*in a lookup"):
        does(act)


@pytest.mark.parametrize("data", [{"pair": (1, 2)}, {"names": {1: "a"}}, {"day": date(2026, 3, 2)}])
def test_data_survives_json(does: Does, data: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match=PLACE + "left data that cannot be stored: .*JSON"):
        does(lambda flow: flow.data.update(data))


def test_a_move_that_the_graph_lacks_is_named(does: Does) -> None:
    with pytest.raises(AssertionError, match=PLACE + r"went on to hidden.*write `self\.hidden`"):
        does(lambda flow: cast(Next, getattr(flow, "hid" + "den")))


def test_a_handler_that_always_raises_is_the_flows_own_affair(does: Does) -> None:
    def act(flow: Any) -> Next:
        raise ZeroDivisionError

    does(act).hears("something went wrong").hears_hang_up()


def test_a_handler_that_raises_now_and_then_is_a_difference(does: Does) -> None:
    broken = [True]

    def act(flow: Any) -> Next:
        if broken and broken.pop():
            raise ZeroDivisionError("once")
        return None

    message = PLACE + "raised ZeroDivisionError: once in the rehearsal and raised nothing"
    with pytest.raises(AssertionError, match=message):
        does(act)


@pytest.mark.parametrize(
    ("one", "other", "rows", "same"),
    [
        ("number 4.", "number 4.", set(), True),
        ("number 4.", "number 5.", set(), False),
        ("number 4.", "number 5.", {("4", "5")}, True),
        ("4 of 4", "5 of 4", {("4", "5")}, True),
        ("number 4.", "number 45.", {("4", "5")}, False),
        ("id a-1", "id b-2", {("a-1", "b-2")}, True),
        ("one", "one two", set(), False),
    ],
)
def test_texts_are_alike_but_for_the_keys_of_rows(
    one: str, other: str, rows: set[tuple[str, str]], same: bool
) -> None:
    assert alike(one, other, rows) is same


def test_what_can_be_reached_in_a_flow() -> None:
    assert list(expected(Trouble)) == [
        ("step", "trouble", "start", ""),
        ("exit", "trouble", "start", "start"),
        ("rung", "trouble", "start", "reworded"),
        ("rung", "trouble", "start", "keypad"),
        ("step", "trouble", "hidden", ""),
        ("exit", "trouble", "hidden", "start"),
    ]
    assert rungs(Trouble.steps["hidden"]) == []


def test_a_rung_counts_where_the_conversation_stands_on_it() -> None:
    coverage = Coverage()
    before = State(flow="trouble", step="start", visit=1)
    coverage.note(Trouble, before, [], replace(before, rung="keypad"))
    reached = [fact for fact, is_reached in coverage.reached(Trouble) if is_reached]
    assert reached == [("step", "trouble", "start", ""), ("rung", "trouble", "start", "keypad")]


def test_flows_that_tests_write_do_not_count() -> None:
    of_tests = {flow for flow in registry.values() if flow.__module__.startswith("tests.")}
    assert Trouble in of_tests
    assert set(owners()) == set(registry.values()) - of_tests


DESK = """
from flows import Flow, Next, ask, say
from flows.grammars import Options


class Desk(Flow):
    @ask("Press 1 or 2.", Options(yes="1", no="2"), retry="Which?", otherwise="nobody")
    def start(self, answer: str) -> Next:
        return self.done if answer == "yes" else self.sorry

    @say("Done.")
    def done(self) -> Next:
        return None

    @say("Sorry.")
    def sorry(self) -> Next:
        return None

    @say("Nobody.")
    def nobody(self) -> Next:
        return None
"""
TESTS = """
import desk


def test_yes(caller):
    caller.dials(desk.Desk).presses("1").hears("Done.").hears_hang_up()


def test_silence(caller):
    caller.dials(desk.Desk).stays_silent().stays_silent().stays_silent().hears("Nobody.")
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a flow, its tests, and a conftest that loads the plugin."""
    (tmp_path / "desk.py").write_text(DESK)
    (tmp_path / "test_desk.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text(
        'from phone.testing import caller, platform\n\npytest_plugins = ["flows.testing"]\n'
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\nDJANGO_SETTINGS_MODULE = tests.settings\n")
    return tmp_path


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(settings.BASE_DIR), "PYTEST_ADDOPTS": "-p no:cacheprovider"}
    environment.pop("TEST_DATABASE_URL", None)
    command = [sys.executable, "-m", "pytest", "--color=no", *arguments]
    return subprocess.run(command, cwd=project, env=environment, text=True, capture_output=True, check=False)


def test_a_run_that_reaches_too_little_fails_and_names_what_it_has_not_reached(project: Path) -> None:
    done = run(project, "--flow-coverage", "--flow-fail-under=90")
    assert done.returncode == 1
    assert "2 passed" in done.stdout
    assert "% is less than 90 %" in done.stdout
    row = next(line for line in done.stdout.splitlines() if line.startswith("desk "))
    assert row.split()[:3] == ["desk", "3/4", "2/3"]
    missing = [line for line in done.stdout.splitlines() if line.startswith("desk.py")]
    assert "desk.py:7: not reached: desk.start to sorry" in missing
    assert "desk.py:15: not reached: desk.sorry" in missing
    assert not [line for line in missing if "nobody" in line or "done" in line]


def test_production_does_not_load_it() -> None:
    program = "import config.wsgi, config.urls, sys; sys.exit('pytest' in sys.modules)"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, env=environment, check=True)
