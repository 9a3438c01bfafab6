"""What came back to one attempt at a step."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from flows.state import State
from tropo import Recognition


class AttemptResult(StrEnum):
    """How an attempt ended. `calls.models.Turn.Result` stores these words."""

    ANSWERED = "answered"
    NO_INPUT = "no input"
    NO_MATCH = "no match"
    LOW_CONFIDENCE = "low confidence"
    REFUSED = "refused"
    UNSURE = "unsure"
    DENIED = "denied"
    COMMAND = "command"
    REACHED = "reached"
    NOT_REACHED = "not reached"
    TRANSFERRED = "transferred"
    NOT_TRANSFERRED = "not transferred"
    RECORDED = "recorded"
    NOT_RECORDED = "not recorded"
    CONFERRED = "conferred"
    SENT = "sent"
    NOT_SENT = "not sent"
    WAITED = "waited"
    LOOKED_UP = "looked up"
    NOT_LOOKED_UP = "not looked up"
    HUNG_UP = "hung up"
    ERROR = "error"


class Rung(StrEnum):
    """How a question was asked: the steps of the recovery ladder. `calls.models.Turn.Rung` stores them."""

    QUESTION = "question"
    REWORDED = "reworded"
    KEYPAD = "keypad"
    CHOICE = "choice"
    CONFIRMATION = "confirmation"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt at a step: what was asked, what was heard, and how it ended.

    `confidence` is 0 to 100, for speech only. What the caller said stays out of its repr.
    """

    step: str
    visit: int
    attempt: int
    rung: str
    prompt: str
    result: AttemptResult
    mode: str = ""
    utterance: str = field(default="", repr=False)
    interpretation: str = field(default="", repr=False)
    value: str = field(default="", repr=False)
    confidence: int | None = None
    leg_outcome: str = ""
    connected_seconds: int | None = None

    @classmethod
    def of(cls, state: State, result: AttemptResult, heard: Recognition, *, sensitive: bool = False) -> Self:
        """The attempt at the step where the state stands; of a sensitive answer only that there was one."""
        hidden = sensitive or state.sensitive
        return cls(
            step=state.step,
            visit=state.visit,
            attempt=state.attempt,
            rung=state.rung,
            prompt=state.prompt,
            result=result,
            mode=heard.mode,
            utterance="" if hidden else heard.utterance,
            interpretation="" if hidden else heard.interpretation,
            confidence=heard.confidence if heard.mode == "speech" else None,
            connected_seconds=heard.connected_seconds,
        )

    def failed(self) -> Self:
        """The same attempt, whose handler raised: the answer is kept."""
        return replace(self, result=AttemptResult.ERROR)
