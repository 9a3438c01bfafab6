"""Where the platform finds what a document of this project only points at."""

from typing import Any
from uuid import UUID

from calls import recordings
from flows import served, sound
from flows.grammars import Grammar, Listening
from flows.scene import Addresses


class PublicAddresses(Addresses):
    """The addresses of one run, under `settings.PUBLIC_URL`."""

    def __init__(self, run: UUID) -> None:
        self.run = run

    def grammar(self, flow: str, step: str, grammar: Grammar[Any], listening: Listening) -> str | None:
        return served.address(flow, step, grammar, listening, self.run)

    def recording(self, step: str, visit: int) -> str | None:
        return recordings.address(self.run, step, visit) or None

    def transcription(self, step: str, visit: int) -> tuple[str, str] | None:
        return recordings.identifier(self.run, step, visit), "?"

    def sound(self, file: str, language: str) -> str | None:
        return sound.address(file, language)
