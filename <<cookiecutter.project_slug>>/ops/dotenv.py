"""Write `.env` for development: a copy of `.env.example` with fresh secrets. `python -m ops.dotenv`.

It needs the standard library alone: it runs before anything is installed, and by the hook of the template.
"""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SECRETS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "WEBHOOK_TOKENS": lambda: secrets.token_urlsafe(32),
}


def fill_in(example: str) -> str:
    """Give each line `NAME=` of `example` that names a secret a fresh value; leave the others alone."""

    def fresh(line: re.Match[str]) -> str:
        make = SECRETS.get(line["name"])
        return f"{line[0]}{make()}" if make else line[0]

    return re.sub(r"^(?P<name>[A-Z_]+)=$", fresh, example, flags=re.MULTILINE)


def write(folder: Path = ROOT) -> bool:
    """Write `folder`/.env, for its owner alone. Give whether it was written: one that stands is kept."""
    text = fill_in((folder / ".env.example").read_text(encoding="utf-8"))
    try:
        # O_EXCL: two that start at once cannot both write, and a link that stands there is not followed.
        descriptor = os.open(folder / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return True


if __name__ == "__main__":
    write()
