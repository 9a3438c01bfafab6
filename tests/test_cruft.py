"""The way to update a project: cruft bakes what cookiecutter bakes, and brings what the template changes."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, cookiecutter, files, git, run


def cruft(*arguments: str, cwd: Path, home: Path) -> str:
    done = run(sys.executable, "-m", "cruft", *arguments, cwd=cwd, env=os.environ | {"HOME": str(home)})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def commit(folder: Path, message: str) -> None:
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", message, cwd=folder)


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A repository of the template as it lies in the working tree, uncommitted changes and all."""
    copy = tmp_path / "template"
    for name in git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    git("init", "--quiet", "--initial-branch", "main", cwd=copy)
    commit(copy, "The template")
    return copy


def contents(project: Path) -> dict[str, bytes]:
    own = {".env", ".cruft.json"}
    return {
        str(path.relative_to(project)): path.read_bytes() for path in files(project) if path.name not in own
    }


def test_cruft_makes_the_same_project_and_keeps_it_up_to_date(tmp_path: Path, template: Path) -> None:
    (tmp_path / "plain").mkdir()
    assert cookiecutter(tmp_path / "plain", "--no-input").returncode == 0
    cruft("create", f"file://{template}", "--no-input", "--default-config", cwd=tmp_path, home=tmp_path)
    project = tmp_path / "clinic_line"
    assert contents(project) == contents(tmp_path / "plain/clinic_line")

    assert cruft("diff", "--exit-code", cwd=project, home=tmp_path) == ""

    secrets = (project / ".env").read_text(encoding="utf-8")
    (project / "config/README").write_text("The owner's own words.\n")
    commit(project, "Remember the template")
    (template / "<<cookiecutter.project_slug>>/ops/news.py").write_text('"""New in the template."""\n')
    commit(template, "Add news")
    cruft("update", "--skip-apply-ask", cwd=project, home=tmp_path)
    assert (project / "ops/news.py").read_text(encoding="utf-8") == '"""New in the template."""\n'
    assert (project / "config/README").exists()
    assert (project / ".env").read_text(encoding="utf-8") == secrets
    assert list(project.rglob("*.rej")) == []
