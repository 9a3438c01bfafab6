"""In files that cookiecutter renders, `<<`, `>>`, `<%` and `<#` belong to the template.

Some foreign uses fail the bake; others, such as a shell's `<<'EOF' >>file`, vanish from it without a word.
"""

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.conftest import ROOT, TEMPLATE, files

OWN = re.compile(
    r"<< cookiecutter[.|][^<>\n]* >>"  # a value
    r"|<<cookiecutter\.project_slug>>"  # in a path
    r"|<% (?:if|elif|for) [^%<>\n]*%>|<% (?:else|endif|endfor) %>"
)


def foreign(text: str) -> list[str]:
    """The lines of `text` that use a delimiter otherwise than the template does, each with its number."""
    lines = enumerate(text.splitlines(), 1)
    return [f"{number}: {line}" for number, line in lines if re.search("<<|>>|<%|<#", OWN.sub("", line))]


def rendered() -> list[Path]:
    patterns = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))["_copy_without_render"]
    inside = [path for path in files(TEMPLATE) if ".sqlite3" not in path.name]
    kept = [
        path for path in inside if not any(fnmatch(str(path.relative_to(TEMPLATE)), one) for one in patterns)
    ]
    return [*kept, *files(ROOT / "hooks")]


def test_delimiters_belong_to_the_template() -> None:
    found = {str(path.relative_to(ROOT)): foreign(path.read_text(encoding="utf-8")) for path in rendered()}
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line",
    [
        "  <<: *app",
        "cat <<EOF",
        "cat <<'EOF' >>/etc/x",
        'read a <<< "$x"',
        "MAX = 1 << 20",
        "y = a << 8 >> 8",
        "logging.info('<%s: %s>', a, b)",
        "SELECT a <# b OR c #> d",
        "    <% raw %>",
        "<<<<<<< HEAD",
    ],
)
def test_the_guard_sees_what_would_be_lost(line: str) -> None:
    assert foreign(f"fine\n{line}\n") == [f"2: {line}"]


@pytest.mark.parametrize(
    "line",
    [
        'NAME = "<< cookiecutter.__name >>"',
        "json.loads(r'<< cookiecutter|tojson >>')",
        "<% if cookiecutter.x %>a<% endif %>",
    ],
)
def test_the_guard_lets_the_template_be(line: str) -> None:
    assert foreign(line) == []
