"""Prompts: what is said, with the places for answers filled in.

One pass of one pattern fills them, never `str.format`: a caller's words with braces stay words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from django.utils.functional import Promise
from django.utils.translation import override


@dataclass(frozen=True, slots=True)
class Audio:
    """A prompt that is an audio file, with its words: they are said where there is no such file.

    The file lies in `static/sounds/<language>/` of an installed app. On the text channel the words are sent.
    """

    file: str
    text: str | Promise


Prompt: TypeAlias = str | Promise | Audio | Callable[[Any], Any]
"""Text, a translatable text, an audio file, or a function of the flow that gives one of these."""

# Those that XML 1.0 cannot hold, in any form: https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PLACE = re.compile(r"\{(?:(answers|data)\.(\w+)|(\w+))\}")


def fill(text: str, places: Mapping[str, Any], *, markup: bool = True) -> str:
    """The text with `{answers.x}`, `{data.x}` and the places that are given by name filled in.

    `places` has the answers, the data, and those names. Other braces stay as they are; an answer or a datum
    that is not there becomes nothing. With `markup` the result is XML text, as a platform's voice reads it;
    a prompt that begins with `<speak` is SSML already, and only what is filled in is escaped.

    Raises:
        TypeError: a `Secret` would be said.
    """
    quote: Callable[[str], str] = _as_xml if markup else str

    def value(place: re.Match[str]) -> str:
        group, name, plain = place.groups()
        if plain:
            known = plain in places and plain not in ("answers", "data")
            return quote(format(places[plain])) if known else place[0]
        return quote(format(places.get(group, {}).get(name, "")))

    return _PLACE.sub(value, text if text.lstrip().startswith("<speak") else quote(text))


def _as_xml(text: str) -> str:
    return escape(_NO_XML.sub("", text))


def message_id(prompt: Prompt | None) -> str | None:
    """What stands for a prompt in a flow's graph: its untranslated text, or its function's name."""
    if prompt is None or isinstance(prompt, str):
        return prompt
    if isinstance(prompt, Audio):
        return f"{prompt.file}: {message_id(prompt.text)}"
    if isinstance(prompt, Promise):
        return untranslated(prompt)
    return str(getattr(prompt, "__qualname__", type(prompt).__qualname__))


def untranslated(prompt: Promise) -> str:
    """The message id of a lazy translation."""
    with override(None):
        return str(prompt)
