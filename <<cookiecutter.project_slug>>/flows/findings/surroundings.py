"""What a flow needs around it: sounds, a public address, a language."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings

from flows.findings.finding import Finding, at_step, place_of
from flows.findings.study import Study
from flows.grammars import Grammar, Hearing, Listening
from flows.languages import language
from flows.sound import missing
from flows.steps import Step


def missing_sounds(study: Study) -> Iterator[Finding]:
    """Audio files that are not there: their text is said instead."""
    file, line = place_of(study.flow)
    for audio, code in missing(study.flow, list(settings.VOICES)):
        yield Finding(
            id="flows.W007",
            message=f"{study.flow.__name__} plays {audio.file}, which {code} lacks: its text is said.",
            hint="Put the file into static/sounds/<language>/ of the app.",
            file=file,
            line=line,
        )


def unknown_language() -> Iterator[Finding]:
    """A recogniser whose language has no file: callers would hear English."""
    code = settings.RECOGNIZER.partition("-")[0].lower()
    known = language(settings.RECOGNIZER).code
    if known.partition("-")[0].lower() != code:
        yield Finding(
            id="flows.W008",
            message=f"RECOGNIZER is {settings.RECOGNIZER!r}, and there is no flows/languages/{code}.toml: "
            f"the engine speaks {known}.",
            hint="Write that file after en.toml, or choose another recogniser.",
        )


def no_public_address(study: Study, *, ask_grammars: bool) -> Iterator[Finding]:
    """Steps that a platform cannot do without our address. Asking a grammar may read the data behind it."""
    if getattr(settings, "PUBLIC_URL", ""):
        return
    for step in study.flow.steps.values():
        if step.kind == "record" or (ask_grammars and _needs_file(step)):
            yield at_step(
                study.flow,
                step,
                Finding(
                    id="flows.W009",
                    message="needs an address that the platform can reach, and PUBLIC_URL is empty.",
                    hint="Set PUBLIC_URL, such as https://calls.example.com.",
                ),
            )


def _needs_file(step: Step) -> bool:
    """Whether the grammar of a question is too much for the protocol's own."""
    grammar = getattr(step, "grammar", None)
    hearing = Hearing(language(settings.RECOGNIZER), datetime.now(UTC))
    return isinstance(grammar, Grammar) and grammar.simple(Listening(hearing)) is None
