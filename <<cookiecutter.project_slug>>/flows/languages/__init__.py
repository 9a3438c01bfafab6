"""Languages as data: one TOML file each, with the words of the engine and the spoken forms of answers."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One language: the engine's own prompts, the words of the commands, and the spoken forms."""

    code: str
    prompts: Mapping[str, str]
    commands: Mapping[str, tuple[str, ...]]
    forms: Mapping[str, Any]


@cache
def language(code: str) -> Language:
    """The language of a recogniser's code, such as en-us; English where there is no file for it."""
    name = code.partition("-")[0].lower()
    path = _FOLDER / f"{name}.toml"
    data = tomllib.loads((path if path.exists() else _FOLDER / "en.toml").read_text(encoding="utf-8"))
    commands = {command: tuple(words) for command, words in data["commands"].items()}
    return Language(data["code"], data["prompts"], commands, data["forms"])
