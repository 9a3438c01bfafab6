"""Grammar files: SRGS in its XML form, as an application serves it.

What is read: rules with `item` (and `repeat`), `one-of`, `ruleref` to a rule of the same file or a special
rule, `token`, and `tag`, whose text is either the value itself or ECMAScript of the plainest kind:

    out = "chicago"    out.city = "chicago"    out = rules.digit    out += rules.latest()

(https://www.w3.org/TR/speech-grammar/ and https://www.w3.org/TR/semantic-interpretation/.) ABNF, JSGF and
references to other files are refused.

A file of mode voice may hold keys beside its words: `dtmf-0` to `dtmf-9`, `dtmf-star` and `dtmf-pound`. That
is inferred, and documented nowhere: the captured results of Tropo write keys so, and name a grammar file as
where they come from.
"""

import re
from functools import lru_cache
from xml.etree import ElementTree

from phone.file_grammar import FileGrammar
from phone.grammar import GrammarError
from phone.srgs_match import (
    Alternatives,
    Expansion,
    Garbage,
    Never,
    Repeat,
    Rule,
    Sequence,
    Tag,
    Tokens,
)

LONGEST_FILE = 16_000_000
"""Bytes of a grammar file; a limit of this simulator."""

KEPT_FILES = 4
"""Files that are kept as they were read: a large one takes seconds, and is asked for in every call."""

_REPEAT = re.compile(r"(\d{1,4})(?:(-)(\d{1,4})?)?")


@lru_cache(maxsize=KEPT_FILES)
def read_grammar(body: bytes) -> FileGrammar:
    """Read a grammar file. Raises GrammarError."""
    if len(body) > LONGEST_FILE:
        raise GrammarError(f"it has {len(body)} bytes; this platform takes {LONGEST_FILE}")
    if b"<!ENTITY" in body:
        raise GrammarError("it declares entities; write the text itself")
    try:
        root = ElementTree.fromstring(body)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise GrammarError(f"it is not XML ({error}); serve SRGS in its XML form") from error
    if _name(root) != "grammar":
        raise GrammarError(f"its root is {_name(root)!r}; it must be grammar")
    rules = _rules(root)
    first = root.get("root") or next((name for name, rule in rules.items() if rule.public), "")
    first = first or next(iter(rules), "")
    if first not in rules:
        raise GrammarError(f"its root rule {first!r} is not there" if first else "it has no rule")
    mode = root.get("mode", "voice")
    if mode not in ("voice", "dtmf"):
        raise GrammarError(f"its mode is {mode!r}; it must be voice or dtmf")
    return FileGrammar(rules, first, dtmf=mode == "dtmf")


def _rules(root: ElementTree.Element) -> dict[str, Rule]:
    dtmf = root.get("mode") == "dtmf"
    found: dict[str, Rule] = {}
    names = {rule.get("id", "") for rule in root if _name(rule) == "rule"}
    for rule in root:
        if _name(rule) != "rule":
            continue
        name = rule.get("id", "")
        if not name or name in found:
            raise GrammarError(f"a rule has {'an id that is taken' if name else 'no id'}: {name!r}")
        try:
            content = _content(rule, names, dtmf)
        except RecursionError as error:
            raise GrammarError(f"rule {name!r} is nested too deep") from error
        found[name] = Rule(content, public=rule.get("scope") == "public")
    return found


def _content(element: ElementTree.Element, names: set[str], dtmf: bool) -> Sequence:
    """Read what stands inside an element, text and children in their order."""
    parts: list[Expansion] = _tokens(element.text, dtmf)
    for child in element:
        parts += _expansion(child, names, dtmf)
        parts += _tokens(child.tail, dtmf)
    return Sequence(tuple(parts))


def _expansion(element: ElementTree.Element, names: set[str], dtmf: bool) -> list[Expansion]:
    name = _name(element)
    if name == "item":
        return [_item(element, names, dtmf)]
    if name == "one-of":
        items = [child for child in element if _name(child) == "item"]
        if not items:
            raise GrammarError("a one-of has no item")
        return [Alternatives(tuple(_item(item, names, dtmf) for item in items))]
    if name == "ruleref":
        return [_reference(element, names)]
    if name == "token":
        return _tokens(element.text, dtmf)
    if name == "tag":
        return [Tag((element.text or "").strip())]
    if name in ("example", "lexicon", "meta", "metadata", ""):
        return []
    raise GrammarError(f"it holds {name!r}, which this platform does not know")


def _item(element: ElementTree.Element, names: set[str], dtmf: bool) -> Expansion:
    content = _content(element, names, dtmf)
    repeat = element.get("repeat")
    if repeat is None:
        return content
    times = _REPEAT.fullmatch(repeat.strip())
    if times is None:
        raise GrammarError(f"repeat={repeat!r} is not a number or a range like 0-1 or 2-")
    least = int(times[1])
    most = least if times[2] is None else int(times[3]) if times[3] else None
    if most is not None and most < least:
        raise GrammarError(f"repeat={repeat!r} gives the larger number first")
    return Repeat(content, least, most)


def _reference(element: ElementTree.Element, names: set[str]) -> Expansion:
    special = element.get("special")
    if special is not None:
        known: dict[str, Expansion] = {"NULL": Sequence(()), "VOID": Never(), "GARBAGE": Garbage()}
        if special not in known:
            raise GrammarError(f"special={special!r} is none of NULL, VOID and GARBAGE")
        return known[special]
    uri = element.get("uri", "")
    if not uri.startswith("#"):
        raise GrammarError(f"it refers to {uri!r}; this platform follows references within the file only")
    if uri[1:] not in names:
        raise GrammarError(f"it refers to the rule {uri[1:]!r}, which is not there")
    return Tokens((), rule=uri[1:])


def _tokens(text: str | None, dtmf: bool) -> list[Expansion]:
    words = (text or "").replace('"', " ").lower().split()
    if dtmf:
        words = list("".join(words))
        if unknown := set(words) - set("0123456789*#abcd"):
            raise GrammarError(f"it takes keys, and {min(unknown)!r} is none")
    return [Tokens(tuple(words))] if words else []


def _name(element: ElementTree.Element) -> str:
    """Give the element's name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
