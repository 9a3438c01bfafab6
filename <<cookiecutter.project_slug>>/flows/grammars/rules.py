"""Grammar files: SRGS in its XML form (https://www.w3.org/TR/speech-grammar/), put together from parts."""

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from flows.grammars.base import COMMAND, Listening, normalise

_TOKENS = {"*": "dtmf-star", "#": "dtmf-pound"}
KEYS = frozenset("0123456789*#")


def document(language_code: str, root: str, rules: Mapping[str, str]) -> str:
    """The whole file; `rules` has the inside of each rule by its name, and `root` names the first."""
    inside = "\n".join(
        f'<rule id={quoteattr(name)} scope="{"public" if name == root else "private"}">{rule}</rule>'
        for name, rule in rules.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<grammar xmlns="http://www.w3.org/2001/06/grammar" version="1.0" '
        f'xml:lang={quoteattr(language_code)} mode="voice" root={quoteattr(root)} '
        f'tag-format="semantics/1.0">\n{inside}\n</grammar>\n'
    )


def one_of(items: Iterable[str]) -> str:
    """Any one of the items."""
    return "<one-of>\n" + "\n".join(items) + "\n</one-of>"


def item(words: str, tag: str | None = None) -> str:
    """Words to be said; the tag is what they mean, where it is not the words."""
    return f"<item>{escape(words)}{_tag(tag)}</item>"


def key(keys: str, tag: str | None = None) -> str:
    """Keys to be pressed, one after the other."""
    tokens = " ".join(_TOKENS.get(pressed, f"dtmf-{pressed}") for pressed in keys)
    return f"<item>{tokens}{_tag(tag)}</item>"


def command_items(listening: Listening, taken: Iterable[str] = ()) -> list[str]:
    """The commands that are listened for, without the words and keys that the grammar itself has taken."""
    gone = set(map(normalise, taken))
    return [
        (key if phrase in KEYS else item)(phrase, COMMAND + name)
        for name, phrases in listening.commands.items()
        for phrase in phrases
        if normalise(phrase) not in gone and listening.mode != ("speech" if phrase in KEYS else "dtmf")
    ]


def _tag(tag: str | None) -> str:
    if tag is None:
        return ""
    text = tag.replace("\\", "\\\\").replace('"', '\\"')
    return f'<tag>out = "{escape(text)}"</tag>'
