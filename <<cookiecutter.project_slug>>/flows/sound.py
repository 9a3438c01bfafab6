"""Audio files beside their words: where the platform fetches them, and which are missing.

A file lies in `static/sounds/<language>/` of an installed app, as `static/sounds/en/welcome.wav`. Where there
is none, or no PUBLIC_URL at which a platform could fetch it, the words are said.
"""

import logging
from collections.abc import Iterable
from functools import cache
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation

from flows.flow import Flow
from flows.prompts import Audio

logger = logging.getLogger("flows")


def address(file: str, language: str) -> str | None:
    """Where the platform fetches a file in a recogniser's language, such as en-us; None to say the words.

    Each file is looked for once in a worker.
    """
    base = settings.PUBLIC_URL
    path = _path(file, language) if base else None
    return urljoin(base, path) if path else None


def missing(flow: type[Flow], languages: Iterable[str]) -> list[tuple[Audio, str]]:
    """The audio files of a flow's steps and attributes that lack a language. Functions are not called."""
    found = [value for step in flow.steps.values() for value in vars(step).values()]
    found += [value for base in flow.__mro__ for value in vars(base).values()]
    audio = dict.fromkeys(value for value in found if isinstance(value, Audio))
    return [(one, code) for one in audio for code in languages if _path(one.file, code) is None]


@cache
def _path(file: str, language: str) -> str | None:
    """The address within the site: that of the language as it is, or of the language without its country."""
    code = language.lower()
    for folder in dict.fromkeys((code, code.partition("-")[0])):
        name = f"sounds/{folder}/{file}"
        try:
            if finders.find(name):
                return str(staticfiles_storage.url(name))
        except SuspiciousFileOperation:
            logger.error("the audio file %r lies outside of static/sounds/: its words are said", file)
        except ValueError:
            # The storage knows only what was there at the last collectstatic.
            logger.error("the audio file %r was not collected: run collectstatic; its words are said", name)
    return None
