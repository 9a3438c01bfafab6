"""manage.py flows: the list, the linter and the pictures."""

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from flows import Flow, Next, ask, say
from flows.flow import registry
from flows.grammars import Digits
from flows.graph import describe
from tests.rows import a_run


@pytest.fixture(autouse=True)
def registered(settings: Settings) -> Iterator[None]:
    settings.DEFAULT_FLOW = "reception"
    before = dict(registry)
    for name in before.keys() - {"reception"}:
        del registry[name]
    yield
    registry.clear()
    registry.update(before)


def checked(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, list[str]]:
    """The exit code of `flows check` and its lines."""
    code = 0
    try:
        call_command("flows", "check", *options)
    except SystemExit as ended:
        code = int(str(ended.code))
    return code, capsys.readouterr().out.splitlines()


def test_it_lists_the_flows(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("flows")
    assert f"{describe(registry['reception']).version[:8]}" in capsys.readouterr().out


def test_flows_without_mistakes_pass(capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(capsys) == (0, ["1 flows: 0 errors, 0 warnings."])


def test_a_mistake_is_listed_as_a_linter_does(capsys: pytest.CaptureFixture[str]) -> None:
    class Careless(Flow):
        @ask("Your card?", Digits(16))
        def start(self, answer: str) -> Next:
            return self.card

        @ask("Your card?", Digits(16))
        def card(self, answer: str) -> Next:
            return self.start

    code, lines = checked(capsys)
    line = Careless.steps["card"].place()[1]
    assert lines == [
        f"tests/test_flows_command.py:{line}: flows.E005 Careless.card asks for something secret by its name "
        "(card), and its answer is kept. Declare it with sensitive=True, or rename the step.",
        "2 flows: 1 errors, 0 warnings.",
    ]
    assert code == 1


def test_a_warning_fails_only_when_asked_to(capsys: pytest.CaptureFixture[str]) -> None:
    class Odd(Flow):
        @say("Hello {name}.")
        def start(self) -> Next:
            return None

    assert Odd.name == "odd"
    assert checked(capsys)[0] == 0
    code, lines = checked(capsys, "--fail-level", "warning")
    assert (code, lines[-1]) == (1, "2 flows: 0 errors, 1 warnings.")


@pytest.mark.django_db
def test_it_looks_into_the_tables_before_a_deploy(capsys: pytest.CaptureFixture[str]) -> None:
    a_run(step="gone")
    assert checked(capsys)[1] == ["1 flows: 0 errors, 0 warnings."]
    assert "flows.W010 1 open on reception.gone" in checked(capsys, "--live")[1][0]


def test_a_flow_is_drawn(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    call_command("flows", "graph", "reception")
    assert capsys.readouterr().out.startswith("flowchart TD\n")
    path = tmp_path / "reception.svg"
    call_command("flows", "graph", "reception", "--format", "svg", "--output", str(path))
    assert ElementTree.parse(path).getroot().tag == "{http://www.w3.org/2000/svg}svg"


def test_what_cannot_be_drawn_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no flow 'nowhere'\. The flows are: reception\."):
        call_command("flows", "graph", "nowhere")
    with pytest.raises(CommandError, match="could not be written"):
        call_command("flows", "graph", "reception", "--output", str(tmp_path / "no" / "file"))
