"""Where the platform finds what a document of this project only points at."""

from typing import Any
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from calls import optouts, recordings
from calls.models import Run
from flows import served, sound
from flows.flow import Flow, registry
from flows.grammars import Grammar, Listening
from flows.questions import commands_at
from flows.scene import Addresses, Party, Rules, Scene
from flows.state import State
from flows.steps import Ask


class PublicAddresses(Addresses):
    """The addresses of one run, under `settings.PUBLIC_URL`."""

    def __init__(self, run: UUID) -> None:
        self.run = run

    def grammar(
        self, flow: str, step: str, grammar: Grammar[Any], listening: Listening, *, of_run: bool
    ) -> str | None:
        return served.address(flow, step, grammar, listening, self.run.hex if of_run else None)

    def recording(self, step: str, visit: int) -> str | None:
        return recordings.address(self.run, step, visit) if settings.PUBLIC_URL else None

    def transcription(self, step: str, visit: int) -> tuple[str, str] | None:
        identifier = recordings.identifier(self.run, step, visit)
        return identifier, urljoin(settings.PUBLIC_URL, reverse("recording-words"))

    def may_text(self, number: str) -> bool:
        return not optouts.has(number, "text")

    def sound(self, file: str, language: str) -> str | None:
        return sound.address(file, language)


def house_rules() -> Rules:
    """What the settings say about every flow."""
    return Rules(
        reject_below=settings.CONFIDENCE_REJECT,
        confirm_below=settings.CONFIDENCE_CONFIRM,
        most_turns=settings.TURNS_MAX,
        fallback=settings.FALLBACK_NUMBER,
        voices=settings.VOICES,
        caller_id=settings.CALLER_ID,
    )


def find_grammar(flow: str, step: str, language: str, run: str | None) -> served.Asked | None:
    """What a question listens for, made anew on whatever server is asked for its file."""
    flow_type = registry.get(flow)
    asked = flow_type.steps.get(step) if flow_type else None
    if flow_type is None or not isinstance(asked, Ask):
        return None
    state = State()
    if run is not None:
        row = Run.objects.filter(pk=UUID(run)).only("step", "state").first()
        if row is None:
            return None
        state = State.from_dict(row.step, row.state)
    told = _flow(flow_type, language, state)
    return served.Asked(asked.grammar_for(told), commands_at(told, asked))


def _flow(flow_type: type[Flow], language: str, state: State) -> Flow:
    return flow_type(Scene(Party(language=language), rules=house_rules()), state)
