"""What the template's tests share: its folder, bakes of it, and commands run in them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytest_cookies.plugin import Cookies

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "<<cookiecutter.project_slug>>"

Bake = Callable[..., Path]


def run(
    *command: str | Path, cwd: Path, env: dict[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run `command` in `cwd`, whatever its exit status; its output and errors come back as text."""
    return subprocess.run(
        command, cwd=cwd, env=env, input=stdin, capture_output=True, encoding="utf-8", check=False
    )


def python(*arguments: str, cwd: Path, **environment: str) -> str:
    """Run this interpreter in the baked project `cwd`; its output, or a failed test that shows it."""
    done = run(sys.executable, *arguments, cwd=cwd, env=os.environ | environment)
    output = done.stdout + done.stderr
    assert done.returncode == 0, f"python {' '.join(arguments)}: exit status {done.returncode}\n{output}"
    return output


def cookiecutter(
    output: Path, *options: str, env: dict[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Bake by the command line into `output`, as a person does."""
    fixed = ("--default-config", "--output-dir", str(output))
    command = (sys.executable, "-m", "cookiecutter", str(ROOT), *fixed, *options)
    return run(*command, cwd=output, env=env, stdin=stdin)


def git(*arguments: str, cwd: Path) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    done = run("git", *identity, *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def files(folder: Path) -> list[Path]:
    """Every file of a bake that its owner would call their own: no repository, no tool's cache."""
    hidden = {".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    return sorted(path for path in folder.rglob("*") if path.is_file() and not hidden & set(path.parts))


def answered(cookies: Cookies, answers: dict[str, str]) -> Path:
    result = cookies.bake(template=str(ROOT), extra_context=answers)
    assert result.exception is None, result.exception
    project: Path = result.project_path
    return project


@pytest.fixture
def bake(cookies: Cookies) -> Bake:
    """Bakes a project with the answers given by keyword."""
    return lambda **answers: answered(cookies, answers)


@pytest.fixture(scope="session")
def project(cookies_session: Cookies) -> Path:
    """One project with the default answers, shared: a test leaves no more in it than caches."""
    return answered(cookies_session, {})
