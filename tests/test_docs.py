"""Every command that the docs show in a console block works, in the order of its page."""

import os
import re
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, python, run

PAGES = [
    page for page in sorted((ROOT / "docs").rglob("*.md")) if "```console" in page.read_text(encoding="utf-8")
]

# `make` finds the packages installed: they are this environment's, so that no page downloads them again.
PREAMBLE = """
set -euo pipefail
make() {
    ln -sfn "$VIRTUAL_ENV" .venv
    touch .venv/installed
    command make "$@"
}
set -x
"""


def commands(page: Path) -> list[str]:
    """The commands of a page: each goes from its `$` to the next one, or to the end of its block."""
    blocks = re.findall(
        r"^```console\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return [command for block in blocks for command in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_the_commands_of_a_page_work(tmp_path: Path, page: Path) -> None:
    (tmp_path / "tropo-django").symlink_to(ROOT)
    environment = os.environ | {
        "HOME": str(tmp_path),
        "PATH": f"{sys.prefix}/bin:{os.environ['PATH']}",
        "VIRTUAL_ENV": sys.prefix,
    }
    script = PREAMBLE + "\n".join(commands(page))
    done = run("bash", "-c", script, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_commands_to_try() -> None:
    assert [page.stem for page in PAGES] == [
        "answer-the-questions",
        "keep-the-house",
        "test-a-flow",
        "first-call",
        "your-own-flow",
    ]


def test_the_fourth_flow_has_under_40_lines() -> None:
    page = ROOT / "docs/tutorial/your-own-flow.md"
    written = next(command for command in commands(page) if command.startswith("cat > clinic_line/orders.py"))
    assert len(written.partition("\n")[2].partition("\nEND\n")[0].splitlines()) < 40


def test_the_graph_of_reception_is_the_present_one(project: Path) -> None:
    page = (ROOT / "docs/explanation/conversation.md").read_text(encoding="utf-8")
    drawn = page.partition("```mermaid\n")[2].partition("```")[0]
    assert drawn == python("manage.py", "flows", "graph", "reception", cwd=project)


def test_the_list_of_pages_has_every_page() -> None:
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    pages = {str(page.relative_to(ROOT / "docs")) for page in (ROOT / "docs").rglob("*.md")}
    assert set(re.findall(r"\]\(([\w/-]+\.md)\)", index)) == pages - {"README.md"}


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.stem)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", page.read_text(encoding="utf-8")):
        linked = (page.parent / target) if target else page
        assert linked.is_file(), target
        headings = re.findall(r"^#+ (.+)$", linked.read_text(encoding="utf-8"), re.MULTILINE)
        assert not anchor or anchor in map(anchor_of, headings), f"{target}#{anchor}"


def anchor_of(heading: str) -> str:
    """The name that GitHub gives to a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
