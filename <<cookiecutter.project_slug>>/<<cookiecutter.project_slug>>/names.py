"""The cities and streets that callers may name: a line each in `data`. A query of yours does as well."""

from pathlib import Path


def _names(file: str) -> list[str]:
    return (Path(__file__).parent / "data" / file).read_text(encoding="utf-8").splitlines()


CITIES = _names("cities.txt")
STREETS = _names("streets.txt")
