"""Prompts: what is said, with the places for answers filled in.

One pass of one pattern fills them, never `str.format`: a caller's words with braces stay words.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from django.utils.functional import Promise

Prompt = str | Callable[[Any], str]
"""Text, or a function of the flow that gives it."""

_PLACE = re.compile(r"\{(answers|data)\.(\w+)\}")


def fill(text: str, *, answers: Mapping[str, str], data: Mapping[str, Any]) -> str:
    """The text with `{answers.x}` and `{data.x}` filled in; other braces stay as they are.

    A place without a value becomes nothing. The result is XML text, as a platform's voice reads it;
    a prompt that begins with `<speak` is SSML already, and only what is filled in is escaped.
    """
    sources = {"answers": answers, "data": data}

    def value(place: re.Match[str]) -> str:
        return escape(str(sources[place[1]].get(place[2], "")))

    return _PLACE.sub(value, text if text.lstrip().startswith("<speak") else escape(text))


def message_id(prompt: Any) -> str | None:
    """What stands for a prompt in a flow's graph: its untranslated text, or its function's name."""
    if prompt is None or isinstance(prompt, str):
        return prompt
    if isinstance(prompt, Promise):
        return str(prompt)
    return str(getattr(prompt, "__qualname__", type(prompt).__qualname__))
