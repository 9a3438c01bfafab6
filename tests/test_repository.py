"""What the repository promises of itself: no trace of a machine, commands that exist, a changelog."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, TEMPLATE, git

# Written in two halves, or this file would be its own finding.
FOREIGN = ["py" + "pi.org", "python" + "hosted", "npm" + "js", "/work" + "/", "/tmp" + "/w", "/ro" + "ot/"]


def repository_files() -> list[Path]:
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in repository_files()
        for word in FOREIGN
        if word.encode() in path.read_bytes()
    ]
    assert found == []


def targets(makefile: Path) -> set[str]:
    return set(re.findall(r"^([a-z]+):", makefile.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize(
    ("pages", "makefiles"),
    [
        ([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")], [ROOT / "Makefile", TEMPLATE / "Makefile"]),
        ([TEMPLATE / "README.md", TEMPLATE / ".env.example"], [TEMPLATE / "Makefile"]),
    ],
    ids=["template", "project"],
)
def test_every_make_command_in_the_docs_exists(pages: list[Path], makefiles: list[Path]) -> None:
    known = set.union(*map(targets, makefiles))
    named = {
        command
        for page in pages
        for command in re.findall(r"(?:`|^|\$ )make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named
    assert named - known == set()


def test_every_link_between_the_pages_leads_somewhere() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    links = [
        (page, link)
        for page in pages
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    ]
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_every_setting_is_documented_where_it_is_set() -> None:
    read = re.findall(
        r"env\.\w+\(\s*\"([A-Z_]+)\"", (TEMPLATE / "config/settings.py").read_text(encoding="utf-8")
    )
    example = re.findall(
        r"^(?:# )?([A-Z_]+)=", (TEMPLATE / ".env.example").read_text(encoding="utf-8"), re.MULTILINE
    )
    table = re.findall(
        r"^\| `([A-Z_]+)` \|", (TEMPLATE / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(example) == sorted(read)
    assert sorted(table) == sorted(read)


def test_the_changelog_has_a_place_for_the_next_change() -> None:
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
