"""The two published versions of tropo-webapi-python, in Python 3, and what a program may say to them.

Their source is turned into Python 3 in memory: no Python 3 imports it as it stands. A program is a
sequence of calls on a document, written once and run on each library.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from fissix.refactor import RefactoringTool, get_fixers_from_package

from tests.conftest import ROOT

VERSIONS = ("0.1.3", "15.13.0")
FOLDER = Path(os.environ.get("TROPO_ORACLES", ROOT / ".venv/oracles"))
EMPTY = ("hangup", "reject", "stopRecording")


@cache
def oracle(version: str) -> ModuleType:
    """The library as it was published.

    Raises:
        FileNotFoundError: it is not installed; `make test` does that.
    """
    path = FOLDER / version / "tropo.py"
    tool = RefactoringTool(get_fixers_from_package("fissix.fixes"))
    source = str(tool.refactor_string(path.read_text(encoding="utf-8").expandtabs() + "\n", str(path)))
    module = ModuleType(f"tropo_{version.replace('.', '_')}")
    exec(compile(source, str(path), "exec"), module.__dict__)
    return module


@dataclass(frozen=True)
class Made:
    """An object that a program makes with the library's own class, and what of it is passed on."""

    kind: str
    values: tuple[Any, ...]
    options: Mapping[str, Any]
    attribute: str = ""


@dataclass
class Program:
    """Calls of a document's methods, in order, and whether it is printed for people."""

    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    pretty: bool = False

    def run(self, library: ModuleType) -> Any:
        """The document that the library writes, read again."""
        document = library.Tropo()
        for method, values, options in self.calls:
            getattr(document, method)(*made(values, library), **made(options, library))
        return json.loads(document.RenderJson(pretty=self.pretty))


def made(value: Any, library: ModuleType) -> Any:
    match value:
        case Made():
            values, options = made(value.values, library), made(value.options, library)
            found = getattr(library, value.kind)(*values, **options)
            return getattr(found, value.attribute) if value.attribute else found
        case dict():
            return {name: made(item, library) for name, item in value.items()}
        case list() | tuple():
            return type(value)(made(item, library) for item in value)
    return value


def as_ours(document: dict[str, Any]) -> dict[str, Any]:
    """A document of theirs where the two versions disagree, or say nothing, as we write it.

    15.13.0 writes null for an empty action, 0.1.3 an empty object. An option that is None was sent as
    null; we leave it out.
    """
    return {
        "tropo": [
            {name: {} if name in EMPTY else without_nulls(body) for name, body in step.items()}
            for step in document["tropo"]
        ]
    }


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(item) for name, item in value.items() if item is not None}
    return [without_nulls(item) for item in value] if isinstance(value, list) else value
