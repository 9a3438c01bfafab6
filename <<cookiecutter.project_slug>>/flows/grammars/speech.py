"""A language's patterns as the rules of a grammar file: what the recogniser hears is what we can read."""

from xml.sax.saxutils import escape

from flows.grammars import rules
from flows.languages import Language
from flows.languages.patterns import Maybe, Node, OneOf, Sequence, Slot, Words, slots
from flows.languages.reading import WRITTEN

FILLERS = "filler"
_MOST_FILLERS = 2


def reference(rule: str, repeat: str = "") -> str:
    """An item that is a rule of the file, so many times: "4", "1-3" or "0-1"."""
    times = f' repeat="{repeat}"' if repeat else ""
    return f'<item{times}><ruleref uri="#{rule}"/></item>'


def spoken(rule: str) -> str:
    """An item that is a rule, with words before and after it that say nothing."""
    around = reference(FILLERS, f"0-{_MOST_FILLERS}")
    return f"<item>{around}{reference(rule)}{around}</item>"


def rules_of(language: Language, *names: str) -> dict[str, str]:
    """The inside of these rules and of all that they use, and of the fillers, by their names."""
    found = {FILLERS: rules.one_of(map(rules.item, language.answers["fillers"]))}
    ahead = list(names)
    while ahead:
        name = ahead.pop()
        if name in found:
            continue
        if name in language.rules:
            patterns = [node for node in language.rules[name] if not slots(node) & WRITTEN.keys()]
            found[name] = rules.one_of(f"<item>{_written(node)}</item>" for node in patterns)
            ahead += [used for node in patterns for used in slots(node)]
        else:
            words = [phrase for phrase in language.words.get(name, {}) if any(map(str.isalpha, phrase))]
            # A table that is not there can never be said.
            found[name] = rules.one_of(map(rules.item, words)) if words else '<ruleref special="VOID"/>'
    return found


def _written(node: Node) -> str:
    match node:
        case Words():
            return escape(node.said) + " "
        case Slot():
            return f'<ruleref uri="#{node.rule}"/>'
        case Maybe():
            return f'<item repeat="0-1">{_written(node.content)}</item>'
        case OneOf():
            return rules.one_of(f"<item>{_written(way)}</item>" for way in node.ways)
        case Sequence():
            return "".join(map(_written, node.parts))
