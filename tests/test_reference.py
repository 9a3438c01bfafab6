"""The reference describes what there is, all of it and nothing else: headings and rows against the code."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT, python

PAGES = ROOT / "docs/reference"
ROOMS = ("tropo", "calls", "flows", "reports", "phone", "ops")

Names = Mapping[str, set[str]]
"""What a thing is made of, by the name of the thing."""

# Runs in the project. A class has what it defines itself: what it inherits stands with the base.
INVENTORY = """
import dataclasses, enum, importlib, inspect, json, sys
import django
django.setup()

def own(thing):
    if isinstance(thing, enum.EnumType):
        return {str(member.value) for member in thing}
    if not inspect.isclass(thing):
        return set(parameters(thing))
    names = set(vars(thing)) | set(inspect.get_annotations(thing))
    if "__init__" in vars(thing) and not dataclasses.is_dataclass(thing):
        names |= set(parameters(thing))
    for base in ours(thing)[1:]:
        names -= set(vars(base)) | set(inspect.get_annotations(base))
    return {name for name in names if not name.startswith("_")}

def parameters(function):
    known = inspect.signature(function).parameters.values()
    return [one.name for one in known if one.kind is not one.VAR_KEYWORD]

def ours(thing):
    bases = inspect.getmro(thing) if inspect.isclass(thing) else [thing]
    return [base for base in bases if base.__module__.partition(".")[0] == "tropo"]

modules = map(importlib.import_module, ["tropo", "tropo.rest"])
things = [getattr(module, name) for module in modules for name in module.__all__]
print(json.dumps({one.__name__: sorted(own(one)) for thing in things for one in ours(thing)}))
"""
# A step and a grammar have their options, what a method gets has all that a class defines; of a flow, what it
# has when it runs counts too, but for the engine's side of it.
FLOWS = """
import inspect, json
import django
django.setup()
import flows, flows.grammars
from flows import Flow
from flows.grammars import Grammar
from flows.scene import Scene
from flows.state import State

ENGINE = {"scene", "state", "said", "words", "own"}

def own(thing):
    known = inspect.signature(thing).parameters.values() if callable(thing) else []
    names = {one.name for one in known if one.kind is not one.VAR_KEYWORD}
    if inspect.isclass(thing) and Grammar not in inspect.getmro(thing)[1:]:
        names |= set(vars(thing)) | set(inspect.get_annotations(thing))
    if thing is Flow:
        names = (names | set(vars(Flow(Scene(), State())))) - ENGINE
    return {name for name in names if not name.startswith("_")}

things = [(name, getattr(module, name)) for module in (flows, flows.grammars) for name in module.__all__]
print(json.dumps({name: sorted(own(thing)) for name, thing in things}))
"""
COMMANDS = """
import json
from argparse import PARSER
import django
django.setup()
from django.core.management import BaseCommand, get_commands, load_command_class

def options(parser, name):
    found = {name: set()}
    for action in parser._actions:
        found[name].add(action.option_strings[-1] if action.option_strings else action.dest)
        if action.nargs == PARSER:
            for inner, below in action.choices.items():
                found |= options(below, f"{name} {inner}")
    return found

rooms = %r
usual = options(BaseCommand().create_parser("manage.py", ""), "")[""]
found = {}
for name, app in get_commands().items():
    if app in rooms:
        found |= options(load_command_class(app, name).create_parser("manage.py", name), name)
print(json.dumps({name: sorted(known - usual) for name, known in found.items()}))
"""


def run_in(project: Path, code: str) -> dict[str, set[str]]:
    output = python("-c", code, cwd=project, DJANGO_SETTINGS_MODULE="config.settings")
    return {name: set(parts) for name, parts in json.loads(output).items()}


def described(*pages: Path) -> dict[str, set[str]]:
    """The headings of the pages that are code, each with the code that begins a row under it."""
    found: dict[str, set[str]] = {}
    for page in pages:
        for section in re.split(r"^##+ ", page.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            heading = re.match(r"`([^`]+)`$", section.partition("\n")[0])
            if heading:
                rows = re.findall(r"^\| `([^` (]+)[^`]*` \|", section, re.MULTILINE)
                assert heading[1] not in found, f"{page.name} describes {heading[1]} a second time"
                assert len(rows) == len(set(rows)), f"{page.name} has a row of {heading[1]} twice"
                found[heading[1]] = set(rows)
    return found


def differences(there: Names, told: Names) -> list[str]:
    """What is missing in the pages, and what they describe that is not there, one line for each."""
    lines = [f"no heading `{name}`" for name in there.keys() - told.keys()]
    lines += [f"heading `{name}`, and there is none" for name in told.keys() - there.keys()]
    for name in there.keys() & told.keys():
        lines += [f"`{name}` lacks a row `{part}`" for part in there[name] - told[name]]
        lines += [f"`{name}` has a row `{part}`, and there is none" for part in told[name] - there[name]]
    return sorted(lines)


def compare(there: Names, told: Names) -> None:
    found = differences(there, told)
    assert not found, "\n" + "\n".join(found)


def test_every_class_and_option_is_described_and_no_other(project: Path) -> None:
    pages = [PAGES / f"{name}.md" for name in ("documents", "session-and-result", "refusals", "rest")]
    compare(run_in(project, INVENTORY), described(*pages))


def test_every_name_of_flows_is_described_with_its_options_and_no_other(project: Path) -> None:
    compare(run_in(project, FLOWS), described(PAGES / "flows.md", PAGES / "grammars.md"))


@pytest.mark.parametrize("words", ["Result", "Rung"])
def test_every_word_of_the_record_is_described_and_no_other(project: Path, words: str) -> None:
    code = f"""
import json, django
django.setup()
from calls.models import Turn
print(json.dumps({{"{words}": list(Turn.{words})}}))
"""
    page = (PAGES / "flows.md").read_text(encoding="utf-8")
    table = page.partition(f"`Turn.{words}`")[2].partition("\n\n|")[2].partition("\n\n")[0]
    compare(run_in(project, code), {words: set(re.findall(r"^\| `([a-z ]+)` \|", table, re.MULTILINE))})


def test_all_that_the_tests_caller_can_do_is_described_and_nothing_else(project: Path) -> None:
    code = """
import json, django
django.setup()
from phone.testing import Caller
print(json.dumps({"Caller": [name for name in dir(Caller) if not name.startswith("_")]}))
"""
    compare(run_in(project, code), described(ROOT / "docs/how-to/test-a-flow.md"))


def test_every_reason_is_described_with_its_status(project: Path) -> None:
    code = (
        "import json, tropo\nprint(json.dumps({one.value: [str(one.status.value)] for one in tropo.Reason}))"
    )
    rows = re.findall(r"^\| `(\w+)` \| (\d+)", (PAGES / "refusals.md").read_text("utf-8"), re.MULTILINE)
    compare(run_in(project, code), {reason: {status} for reason, status in rows})


def test_every_setting_is_described_and_no_other(project: Path) -> None:
    settings = (project / "config/settings.py").read_text(encoding="utf-8")
    server = (project / "gunicorn.conf.py").read_text(encoding="utf-8")
    rooms = "".join(path.read_text("utf-8") for room in ROOMS for path in (project / room).rglob("*.py"))
    environment = re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", settings)
    there = {
        "environment": set(environment),
        "gunicorn.conf.py": set(re.findall(r"environ\.get\(\"([A-Z_]+)\"", server)),
        "config/settings.py": set(re.findall(r"\bsettings\.([A-Z][A-Z_]+)", rooms)) - set(environment),
    }
    compare(there, described(PAGES / "settings.md"))


def test_every_system_check_is_described_and_no_other(project: Path) -> None:
    rooms = "".join(path.read_text("utf-8") for room in ROOMS for path in (project / room).rglob("*.py"))
    pattern, page = r"\w+\.[EWI]\d{3}", (PAGES / "checks.md").read_text(encoding="utf-8")
    ids = set(re.findall(rf'id="({pattern})"', rooms))
    compare({"id": ids}, {"id": set(re.findall(rf"^\| `({pattern})` \|", page, re.MULTILINE))})


def test_every_command_is_described_with_its_options_and_no_other(project: Path) -> None:
    makefile = (project / "Makefile").read_text(encoding="utf-8")
    there = {f"manage.py {name}": options for name, options in run_in(project, COMMANDS % (ROOMS,)).items()}
    there["make"] = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    compare(there, described(PAGES / "commands.md"))


@pytest.mark.parametrize(
    ("there", "told", "lines"),
    [
        ({"Ask": {"say"}}, {"Ask": {"say"}}, []),
        ({"Ask": {"say"}}, {}, ["no heading `Ask`"]),
        ({}, {"Ask": {"say"}}, ["heading `Ask`, and there is none"]),
        ({"Ask": {"say"}}, {"Ask": set()}, ["`Ask` lacks a row `say`"]),
        ({"Ask": set()}, {"Ask": {"say"}}, ["`Ask` has a row `say`, and there is none"]),
    ],
)
def test_a_difference_is_seen_and_named(there: Names, told: Names, lines: list[str]) -> None:
    assert differences(there, told) == lines


def test_a_page_is_read_by_its_headings_and_rows(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# Page\n## `Ask`\n| `say` | x |\n| plain | x |\n### `On`\n| `next (a)` | |\n## Prose\n| `no` | |\n"
    )
    assert described(page) == {"Ask": {"say"}, "On": {"next"}}
