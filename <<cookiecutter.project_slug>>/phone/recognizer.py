"""One attempt at a question: what the recogniser makes of what the caller did."""

from dataclasses import dataclass

from phone.actions import Keys, Silence, Words
from phone.document import Ask
from phone.grammar import Match

SECONDS_PER_KEY = 0.5
SECONDS_PER_WORD = 0.4


@dataclass(frozen=True)
class Recognition:
    """How an attempt ended.

    `event` is "timeout" or "nomatch", or "" when there is a match; `mode` is dtmf, speech or text; `seconds`
    is what it took; `confidence` is percent.
    """

    event: str
    seconds: float
    match: Match | None = None
    mode: str = ""
    confidence: int = 100


def recognise(ask: Ask, action: Keys | Words | Silence, channel: str) -> Recognition:
    """Match what the caller did against the question.

    In a call a question hears only its own mode: keys at a speech question and words at a keypad question go
    unheard, and the attempt ends as a timeout. (Not documented; what is not listened for cannot be heard.)
    """
    if channel == "TEXT" and not isinstance(action, Silence):
        text = action.keys if isinstance(action, Keys) else action.words
        return _recognition(ask.grammar.by_text(text), "text", seconds=0)
    if isinstance(action, Keys) and ask.mode != "speech":
        waiting = 0 if ask.grammar.ends_with(action.keys, ask.terminator) else ask.interdigit_timeout
        match = ask.grammar.by_keys(action.keys, ask.terminator)
        return _recognition(match, "dtmf", seconds=SECONDS_PER_KEY * len(action.keys) + waiting)
    if isinstance(action, Words) and ask.mode != "dtmf":
        sure = action.confidence >= ask.min_confidence
        match = ask.grammar.by_speech(action.words) if sure else None
        seconds = SECONDS_PER_WORD * len(action.words.split())
        return _recognition(match, "speech", seconds=seconds, confidence=action.confidence)
    return Recognition("timeout", ask.timeout)


def _recognition(match: Match | None, mode: str, *, seconds: float, confidence: int = 100) -> Recognition:
    return Recognition("nomatch" if match is None else "", seconds, match, mode, confidence)


def prompts_to_play(ask: Ask, event: str, times: int) -> list[str]:
    """Give what is said before an attempt.

    `event` is how the attempt before it ended ("" for the first) and `times` how often that has happened. A
    prompt without events is played every time, `nomatch` after every no-match, `nomatch:2` after the second.
    """
    wanted = {event, f"{event}:{times}"} if event else set()
    return [prompt.value for prompt in ask.prompts if not prompt.events or wanted.intersection(prompt.events)]
