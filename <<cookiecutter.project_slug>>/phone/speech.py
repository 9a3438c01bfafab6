"""What a prompt sounds like and how long it takes to say."""

import html
import re

_TAG = re.compile(r"<[^<>]*>")
_WORDS_PER_SECOND = 2.5


def as_heard(value: str) -> str:
    """Give a prompt of a call as it is heard: without SSML tags, entities read, blanks joined."""
    return " ".join(html.unescape(_TAG.sub(" ", value)).split())


def seconds_to_say(text: str) -> float:
    """Give how long a voice takes for it: at 150 words a minute, and never less than half a second."""
    return max(0.5, len(text.split()) / _WORDS_PER_SECOND)
