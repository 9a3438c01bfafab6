"""Who may import whom in a generated project: one way only, so that each room has one reason to change."""

import ast
from collections.abc import Iterator
from pathlib import Path

ALLOWED = {
    "tropo": set[str](),
    "calls": {"tropo"},
    "flows": {"tropo", "calls"},
    "reports": {"calls", "flows"},
    "phone": {"tropo"},
    "ops": {"tropo", "calls", "flows", "reports", "phone"},
}
# A conversation can be told without a database: these, and what they import inside their room, do without.
PURE = ("flows.engine", "flows.scene", "flows.hours", "flows.retries", "flows.grammars.phrases")
IMPURE = ("calls", "django.db")


def imports(path: Path, project: Path) -> Iterator[str]:
    """Every module that `path` names in an import statement, wherever it stands, by its full name."""
    package = path.relative_to(project).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*parents, *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def source(module: str, project: Path) -> Path | None:
    """The file of `module`, or None when it is not a module of this project."""
    path = project.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def trespasses(project: Path) -> list[str]:
    """Imports of a room that it may not know: another room, config, the owner's package, or the tests."""
    ours = {folder.name for folder in project.iterdir() if (folder / "__init__.py").exists()}
    return sorted(
        {
            f"{path.relative_to(project)} imports {name.partition('.')[0]}"
            for room, allowed in ALLOWED.items()
            for path in (project / room).rglob("*.py")
            for name in imports(path, project)
            if name.partition(".")[0] in ours - allowed - {room}
        }
    )


def impurities(project: Path) -> list[str]:
    """Imports of the tables by a module that must be pure, or by one of its room that it relies on."""
    found, waiting, seen = set[str](), list(PURE), set[str]()
    while waiting:
        module = waiting.pop()
        path = source(module, project)
        if path is None or module in seen:
            continue
        seen.add(module)
        for name in imports(path, project):
            if any(name == impure or name.startswith(f"{impure}.") for impure in IMPURE):
                found.add(f"{module} imports {name}")
            if name.startswith("flows."):
                waiting.append(name)
    return sorted(found)


def test_imports_go_one_way(project: Path) -> None:
    assert trespasses(project) == []


def test_a_conversation_needs_no_database(project: Path) -> None:
    assert [module for module in PURE if source(module, project) is None] == []
    assert impurities(project) == []


def test_violations_are_seen(tmp_path: Path) -> None:
    for room in (*ALLOWED, "config", "clinic_line"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    (tmp_path / "phone/dial.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from calls.models import Call\n"
    )
    (tmp_path / "tropo/reader.py").write_text("def read():\n    import config.settings\n")
    (tmp_path / "calls/store.py").write_text("import json, clinic_line.models\n")
    (tmp_path / "flows/engine.py").write_text("from .steps import Step\nimport tropo\n")
    (tmp_path / "flows/steps.py").write_text("from django import db\n")
    assert trespasses(tmp_path) == [
        "calls/store.py imports clinic_line",
        "phone/dial.py imports calls",
        "tropo/reader.py imports config",
    ]
    assert impurities(tmp_path) == ["flows.steps imports django.db"]
