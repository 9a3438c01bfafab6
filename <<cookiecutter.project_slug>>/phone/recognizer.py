"""One attempt at a question: what the recogniser makes of what the caller did."""

from dataclasses import dataclass

from phone.actions import Keys, Silence, Words
from phone.document import Ask
from phone.grammar import Grammar, Match
from phone.prompt import Prompt

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


def hears(ask: Ask, action: Keys | Words, channel: str) -> bool:
    """Whether a question listens for this: in a call for its own mode only, in a text session for all.

    (Not documented; what is not listened for cannot be heard.)
    """
    return channel == "TEXT" or ask.mode != ("speech" if isinstance(action, Keys) else "dtmf")


def recognise(ask: Ask, grammar: Grammar, action: Keys | Words | Silence | None, channel: str) -> Recognition:
    """Match what the caller did against the question. What goes unheard ends the attempt as a timeout."""
    if action is None or isinstance(action, Silence) or not hears(ask, action, channel):
        return Recognition("timeout", ask.timeout)
    if channel == "TEXT":
        text = action.keys if isinstance(action, Keys) else action.words
        return _recognition(grammar.by_text(text), "text", seconds=0)
    if isinstance(action, Keys):
        return _keyed(ask, grammar, action.keys)
    sure = action.confidence >= ask.min_confidence
    match = grammar.by_speech(action.words) if sure else None
    return _recognition(match, "speech", seconds=seconds_to_do(action), confidence=action.confidence)


def _keyed(ask: Ask, grammar: Grammar, keys: str) -> Recognition:
    """Take keys until the input is over, or none follows in time. What is pressed after that is lost."""
    lengths = range(1, len(keys) + 1)
    over = next((n for n in lengths if grammar.ends_with(keys[:n], ask.terminator)), None)
    if over is None and ask.interdigit_timeout < SECONDS_PER_KEY:
        keys, seconds = keys[:1], SECONDS_PER_KEY + ask.interdigit_timeout
    elif over is None:
        seconds = SECONDS_PER_KEY * len(keys) + ask.interdigit_timeout
    else:
        keys, seconds = keys[:over], SECONDS_PER_KEY * over
    return _recognition(grammar.by_keys(keys, ask.terminator), "dtmf", seconds=seconds)


def seconds_to_do(action: Keys | Words) -> float:
    """Give how long it takes to press these keys or say these words."""
    if isinstance(action, Keys):
        return SECONDS_PER_KEY * len(action.keys)
    return SECONDS_PER_WORD * len(action.words.split())


def _recognition(match: Match | None, mode: str, *, seconds: float, confidence: int = 100) -> Recognition:
    return Recognition("nomatch" if match is None else "", seconds, match, mode, confidence)


def prompts_to_play(prompts: tuple[Prompt, ...], event: str, times: int) -> list[Prompt]:
    """Give what is said before an attempt.

    `event` is how the attempt before it ended ("" for the first) and `times` how often that has happened. A
    prompt without events is played every time, `nomatch` after every no-match, `nomatch:2` after the second.
    """
    wanted = {event, f"{event}:{times}"} if event else set()
    return [prompt for prompt in prompts if not prompt.events or wanted.intersection(prompt.events)]
