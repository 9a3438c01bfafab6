"""What several steps of a document have: prompts, and the signals that may interrupt."""

from dataclasses import dataclass
from typing import TypeAlias

Signals: TypeAlias = tuple[str, ...]
"""The signals that may interrupt a step; ANY_SIGNAL for every one."""

ANY_SIGNAL: Signals = ("*",)


@dataclass(frozen=True)
class Prompt:
    """One thing to say; `events` are the ends of an attempt after which alone it is played ("nomatch:2")."""

    value: str
    events: tuple[str, ...] = ()
    signals: Signals = ANY_SIGNAL
