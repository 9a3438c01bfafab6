"""What any answers must give: a project that compiles, checks itself, and lies in a repository of its own."""

import ast
import gettext
import json
import os
import re
import stat
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT, Bake, cookiecutter, files, git, python

AWKWARD = {
    "quotes and backslashes": {
        "project_name": """O"Brien's \\ line \\""",
        "author_name": """Zoe "X" \\n """,
        "description": """A "quoted" \\b\\ack'slash, <b> & {{ x }} {% y %}""",
        "project_slug": "o_brien",
    },
    "accents": {"project_name": "Clínica Ünïcode", "author_name": "Łódź & Sönner", "description": "Ça va?"},
    "emoji": {"project_name": "Call 📞 me", "author_name": "👩‍⚕️", "description": "日本語 🎉"},
}


def settings(project: Path, *names: str) -> list[object]:
    """The values that Django itself sees under these names."""
    values = ", ".join(f"settings.{name}" for name in names)
    code = f"import json\nfrom django.conf import settings\nprint(json.dumps([{values}]))"
    output = python("-W", "error", "manage.py", "shell", "--no-imports", "--command", code, cwd=project)
    loaded: list[object] = json.loads(output)
    return loaded


@pytest.mark.parametrize("answers", AWKWARD.values(), ids=AWKWARD)
def test_awkward_answers_reach_the_project_unharmed(bake: Bake, answers: dict[str, str]) -> None:
    project = bake(**answers)
    for path in project.rglob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"), str(path))
    metadata = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metadata["description"] == answers["description"]
    assert metadata["authors"][0]["name"] == answers["author_name"]
    assert settings(project, "PROJECT_NAME", "PROJECT_DESCRIPTION", "ADMINS[0][0]") == [
        answers["project_name"],
        answers["description"],
        answers["author_name"],
    ]
    python("-W", "error", "manage.py", "check", cwd=project)


@pytest.mark.parametrize(
    "voice", json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))["voice"]
)
def test_every_voice_speaks_a_language_that_django_knows(bake: Bake, voice: str) -> None:
    project = bake(voice=voice)
    voices, recognizer, language = settings(project, "VOICES", "RECOGNIZER", "LANGUAGE_CODE")
    assert (voices, recognizer) == ({recognizer: voice}, language)
    python("-W", "error", "manage.py", "check", cwd=project)


def test_nothing_of_the_template_remains(project: Path) -> None:
    for path in files(project):
        assert "cookiecutter" not in path.name
        if path.suffix == ".mo":
            continue
        left = re.search(r"<< ?cookiecutter|<% \w", path.read_text(encoding="utf-8"))
        assert left is None, f"{path} holds {left}"


def test_translations_are_compiled(project: Path) -> None:
    for source in project.rglob("*.po"):
        told = re.findall(r"^msgid (.*?)\nmsgstr (.*?)(?=\n\n|\Z)", source.read_text("utf-8"), re.M | re.S)
        texts = ["".join(re.findall(r'"(.*)"', text)) for pair in told for text in pair]
        pairs = dict(zip(texts[::2], texts[1::2], strict=True))
        with source.with_suffix(".mo").open("rb") as compiled:
            catalogue = gettext.GNUTranslations(compiled)
        assert len(pairs) > 1
        assert {text: catalogue.gettext(text) for text in pairs if text} == {
            text: translated for text, translated in pairs.items() if text
        }


def test_the_secrets_are_fresh_private_and_kept(bake: Bake) -> None:
    first, second = bake(), bake()
    texts = [(project / ".env").read_text(encoding="utf-8") for project in (first, second)]
    for name, length in (("SECRET_KEY", 50), ("WEBHOOK_TOKENS", 32)):
        made = [re.findall(rf"^{name}=([\w-]{{{length},}})$", text, re.MULTILINE) for text in texts]
        assert len(made[0]) == len(made[1]) == 1
        assert made[0] != made[1]
    assert stat.S_IMODE((first / ".env").stat().st_mode) == 0o600
    python("-m", "ops.dotenv", cwd=first)
    assert (first / ".env").read_text(encoding="utf-8") == texts[0]


def test_the_first_commit_holds_everything_but_the_secrets(bake: Bake) -> None:
    project = bake(author_name="Zoë O'Brien", email="zoe@example.com")
    assert git("log", "--format=%an <%ae>", "main", cwd=project) == "Zoë O'Brien <zoe@example.com>\n"
    assert git("status", "--porcelain", cwd=project) == ""
    tracked = set(git("ls-files", cwd=project).splitlines())
    assert {str(path.relative_to(project)) for path in files(project)} - tracked == {".env"}


def test_a_machine_without_git_gets_a_project_without_repository(tmp_path: Path) -> None:
    done = cookiecutter(tmp_path, "--no-input", env={"PATH": "/nowhere", "HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "git" not in done.stderr
    assert (tmp_path / "clinic_line/.env").exists()
    assert not (tmp_path / "clinic_line/.git").exists()


def test_a_git_that_fails_is_named_in_one_line_and_stops_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "git"
    broken.write_text("#!/bin/sh\necho no space left >&2\nexit 128\n")
    broken.chmod(0o755)
    done = cookiecutter(tmp_path, "--no-input", env={"PATH": str(tmp_path), "HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if "git" in line]
    assert told == ["The project is complete, but `git init` failed: no space left"]


def test_a_bake_inside_another_repository_leaves_that_one_alone(tmp_path: Path) -> None:
    outer = tmp_path / ".git"
    git("init", "--quiet", cwd=tmp_path)
    git("commit", "--quiet", "--allow-empty", "--message", "Outer", cwd=tmp_path)
    before = {path: path.read_bytes() for path in outer.rglob("*") if path.is_file()}
    around = {"GIT_DIR": str(outer), "GIT_INDEX_FILE": str(outer / "index"), "GIT_AUTHOR_NAME": "Another"}
    done = cookiecutter(tmp_path, "--no-input", env=os.environ | around)
    assert done.returncode == 0, done.stderr
    assert {path: path.read_bytes() for path in outer.rglob("*") if path.is_file()} == before
    assert git("log", "--format=%an", cwd=tmp_path / "clinic_line") == "Clinic Line team\n"


def test_the_bake_says_what_to_type_next(tmp_path: Path) -> None:
    done = cookiecutter(tmp_path, "--no-input", "project_slug=other_line")
    commands = re.findall(r"^  (cd \S+|make \w+)", done.stderr, re.MULTILINE)
    assert commands == ["cd other_line", "make phone", "make run"]
