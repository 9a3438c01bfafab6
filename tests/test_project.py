"""The baked project's own tests pass, on SQLite and on a real PostgreSQL."""

from pathlib import Path

import pytest

from tests.conftest import python


@pytest.mark.parametrize("module", ["pytest", "tests.on_postgres"])
def test_its_own_tests_pass(project: Path, capsys: pytest.CaptureFixture[str], module: str) -> None:
    options = ["--color=no", "--numprocesses=auto", "--dist=loadfile"]
    output = python("-m", module, *options, cwd=project, PYTEST_ADDOPTS="")
    with capsys.disabled():
        print(f"\n  python -m {module} in the project: {output.splitlines()[-1].strip('= ')}")
