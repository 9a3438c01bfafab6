"""A baked project is silent under the tools that it brings, with its own configuration of them."""

import os
from pathlib import Path

import pytest

from tests.conftest import ROOT, Bake, python


# A name decides where lines break and in which order imports stand: the first, the last, and a long one.
@pytest.mark.parametrize("slug", ["clinic_line", "a", "z_line", "the_telephone_line_of_a_large_hospital"])
def test_ruff_is_silent(bake: Bake, slug: str) -> None:
    project = bake(project_slug=slug)
    python("-m", "ruff", "format", "--check", "--diff", "--no-cache", ".", cwd=project)
    python("-m", "ruff", "check", "--no-cache", ".", cwd=project)


def test_mypy_is_silent(project: Path) -> None:
    # The stubs of Django are most of the work: their cache outlives the bake.
    python("-m", "mypy", "--cache-dir", str(ROOT / ".mypy_cache/bake"), ".", cwd=project)


def test_the_tables_and_their_migrations_agree(project: Path) -> None:
    python("-W", "error", "manage.py", "makemigrations", "--check", "--dry-run", cwd=project)


def test_django_finds_nothing_to_say_about_production(project: Path) -> None:
    options = ["check", "--deploy", "--fail-level", "WARNING"]
    output = python("-W", "error", "manage.py", *options, cwd=project, DEBUG="off", HTTPS="on")
    assert output == f"System check identified no issues (0 silenced).{os.linesep}"


def test_gunicorn_takes_its_configuration(project: Path) -> None:
    python("-m", "gunicorn", "--check-config", cwd=project)
