"""Languages as data: TOML files with the words of the engine and the spoken forms of answers.

`es.toml` is Spanish, `es-mx.toml` beside it only what is different in Mexico. A folder `languages/` of any
installed app adds languages, or replaces single keys of ours.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from flows.languages.checking import faults
from flows.languages.reading import Reading, numeral, tokens
from flows.languages.tables import ENGLISH, Language, load

__all__ = ["Language", "Reading", "codes", "faults", "language", "numeral", "tokens", "use_folders"]

_OWN = Path(__file__).parent
_folders: list[Path] = [_OWN]


def use_folders(paths: Iterable[Path]) -> None:
    """Look for languages in these folders too: the first of them wins, and all of them win over ours."""
    _folders[:] = [*paths, _OWN]
    _language.cache_clear()


def codes() -> list[str]:
    """The codes of all the languages there are files for."""
    return sorted({path.stem.lower() for folder in _folders for path in folder.glob("*.toml")})


def language(code: str) -> Language:
    """The language of a recogniser's code, such as en-us; English where there is no file for it."""
    return _language(code.strip().lower().replace("_", "-"))


@cache
def _language(code: str) -> Language:
    known = set(codes())
    primary = code.partition("-")[0]
    names = [name for name in dict.fromkeys((code, primary)) if name in known] or [ENGLISH]
    files = [folder / f"{name}.toml" for name in names for folder in _folders]
    return load(names[-1].partition("-")[0], [path for path in files if path.is_file()])
