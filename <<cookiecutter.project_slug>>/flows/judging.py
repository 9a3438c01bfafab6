"""What an attempt at a question comes to: answered, not understood, not sure, or a command."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flows.attempts import AttemptResult
from flows.grammars import Grammar, Hearing, Listening
from flows.grammars.base import COMMAND, command_in, normalise
from tropo import Recognition


@dataclass(frozen=True, slots=True)
class Bands:
    """The bands of confidence: below `reject` is not understood, below `confirm` is not sure."""

    reject: int
    confirm: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was heard: `value` is the stored answer, or the name of the command.

    `near` are the answers that may have been meant when it was not understood, or what else it may have
    been when it is not sure.
    """

    result: AttemptResult
    value: str = ""
    near: tuple[str, ...] = ()


def judge(
    grammar: Grammar[Any],
    heard: Recognition,
    hearing: Hearing,
    bands: Bands,
    commands: Mapping[str, tuple[str, ...]],
) -> Verdict:
    """The verdict on one attempt."""
    if heard.disposition in ("", "TIMEOUT"):
        return Verdict(AttemptResult.NO_INPUT)
    if heard.disposition == "HANGUP":
        return Verdict(AttemptResult.HUNG_UP)
    if heard.disposition == "ERROR":
        return Verdict(AttemptResult.ERROR)
    if not heard.matched:
        return Verdict(AttemptResult.NO_MATCH)
    value = grammar.match(heard, hearing)
    command = command_in(heard, Listening(hearing, commands=commands))
    if command and (value is None or grammar.free or _tagged(heard)):
        return Verdict(AttemptResult.COMMAND, command)
    confidence = heard.confidence if heard.mode == "speech" else None
    return _in_band(value, confidence, grammar, heard, hearing, bands)


def _in_band(
    value: str | None,
    confidence: int | None,
    grammar: Grammar[Any],
    heard: Recognition,
    hearing: Hearing,
    bands: Bands,
) -> Verdict:
    if value is None:
        return Verdict(AttemptResult.NO_MATCH, near=grammar.near(heard, hearing))
    if confidence is None or confidence >= max(bands.reject, bands.confirm):
        return Verdict(AttemptResult.ANSWERED, value)
    others = tuple(other for other in grammar.near(heard, hearing) if other != value)
    if confidence < bands.reject:
        # One candidate alone is no choice, and below the band it is not worth a question of its own.
        return Verdict(AttemptResult.LOW_CONFIDENCE, near=(value, *others) if others else ())
    return Verdict(AttemptResult.UNSURE, value, others)


def _tagged(heard: Recognition) -> bool:
    """A grammar file named the command itself."""
    return any(normalise(words).startswith(COMMAND) for words in (heard.value, heard.interpretation))
