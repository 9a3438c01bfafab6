"""Every example of the docs works: the Python of a page is a module of tests in a baked project."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from pytest_cookies.plugin import Cookies

from tests.conftest import ROOT, answered, python

DOCS = ROOT / "docs"
REFERENCE = [DOCS / "reference/flows.md", DOCS / "reference/grammars.md"]
HOW_TOS = sorted((DOCS / "how-to").glob("*.md"))

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_IMPORT = re.compile(r"^from [\w.]+ import (?:\([^)]*\)|.*)$", re.MULTILINE)

PUBLIC = """
import json
import django
django.setup()
import flows, flows.grammars
print(json.dumps([*flows.__all__, *flows.grammars.__all__]))
"""


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """The fenced blocks of a page: language, the path of the file that it is (or nothing), and content."""
    return _BLOCK.findall(page.read_text(encoding="utf-8"))


def module(page: Path) -> str:
    """The Python of a page, without the blocks that are files of their own."""
    return "\n\n".join(code for language, path, code in blocks(page) if language == "python" and not path)


PAGES = [page for page in sorted(DOCS.rglob("*.md")) if "def test_" in module(page)]


@pytest.fixture(scope="module")
def baked(cookies_session: Cookies) -> Path:
    """A project with the examples in it."""
    project = answered(cookies_session, {})
    for page in PAGES:
        name = "_".join(page.relative_to(DOCS).with_suffix("").parts).replace("-", "_")
        files = [(f"examples/test_{name}.py", module(page))]
        files += [(path, content) for _, path, content in blocks(page) if path]
        for path, content in files:
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_text(content, encoding="utf-8")
    return project


def test_the_examples_do_what_their_tests_say(baked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = python("-m", "pytest", "--color=no", "examples", cwd=baked, PYTEST_ADDOPTS="")
    with capsys.disabled():
        print(f"\n  examples of {len(PAGES)} pages: {output.splitlines()[-1].strip('= ')}")


@pytest.mark.parametrize("command", [("format", "--check"), ("check",)], ids=" ".join)
def test_the_examples_are_written_as_the_project_is(baked: Path, command: tuple[str, ...]) -> None:
    python("-m", "ruff", *command, "--no-cache", "examples", cwd=baked)


def repeated(names: list[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def test_no_two_flows_of_the_pages_have_one_name() -> None:
    assert repeated(re.findall(r"^class (\w+)\(", "\n".join(map(module, PAGES)), re.MULTILINE)) == []


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_no_example_hides_another(page: Path) -> None:
    names = re.findall(r"^(?:class|def) (\w+)", module(page), re.MULTILINE)
    assert any(name.startswith("test_") for name in names)
    assert repeated(names) == []


def test_every_public_name_has_a_heading_and_an_example(project: Path) -> None:
    names = json.loads(python("-c", PUBLIC, cwd=project, DJANGO_SETTINGS_MODULE="config.settings"))
    used = _IMPORT.sub("", "\n".join(module(page) for page in REFERENCE))
    told = "".join(page.read_text(encoding="utf-8") for page in REFERENCE)
    assert [name for name in names if not re.search(rf"\b{name}\b", used)] == []
    assert [name for name in names if not re.search(rf"^##+ `{name}`$", told, re.MULTILINE)] == []


@pytest.mark.parametrize("page", HOW_TOS, ids=[page.stem for page in HOW_TOS])
def test_every_how_to_has_something_that_is_tried(page: Path) -> None:
    assert "def test_" in module(page) or "```console" in page.read_text(encoding="utf-8")
