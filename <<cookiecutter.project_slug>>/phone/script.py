"""A caller written on one line: `1; chicago@55; -; 90210; hangup`.

Items are parted by semicolons, one for each question. Digits, `*` and `#` are keys; words are speech; `@55`
after words is the recogniser's confidence (0-100, 90 when it is not given); `-` is silence; `hangup` hangs
up; `signal:NAME` is a silence into which that signal comes. A caller whose script has run out hangs up at the
next question.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from phone.actions import KEYPAD, Action, HangUp, Keys, Silence, Words

SIGNAL = "signal:"


@dataclass(frozen=True)
class Signal:
    """The caller does nothing, and this signal comes in."""

    name: str


Item: TypeAlias = Action | Signal


class ScriptError(ValueError):
    """An item of a script that cannot be played; the message names the item and its position, from 1."""

    def __init__(self, position: int, item: str, problem: str) -> None:
        super().__init__(f"item {position} of the script, {item!r}: {problem}")
        self.position = position
        self.item = item


def parse_script(script: str) -> list[Item]:
    """Give what the caller does, question by question. Raises ScriptError for the first bad item."""
    return [parse_item(item, position) for position, item in enumerate(script.split(";"), start=1)]


def parse_item(item: str, position: int = 1) -> Item:
    """Give what one item stands for; `position` is for the message of the ScriptError it may raise."""
    item = item.strip()
    if not item:
        raise ScriptError(position, item, "is empty; write - for silence")
    if item == "-":
        return Silence()
    if item.casefold() == "hangup":
        return HangUp()
    if KEYPAD.issuperset(item):
        return Keys(item)
    if item.casefold().startswith(SIGNAL):
        return _signal(item, position)
    return _speech(item, position)


def write_item(item: Item) -> str:
    """Give the text that `parse_item` reads as this item."""
    match item:
        case Keys(keys):
            return keys
        case Words(words, confidence):
            return f"{words}@{confidence}"
        case Silence():
            return "-"
        case HangUp():
            return "hangup"
        case Signal(name):
            return SIGNAL + name


def _signal(item: str, position: int) -> Signal:
    name = item[len(SIGNAL) :].strip()
    if not name:
        raise ScriptError(position, item, "names no signal; write it like signal:NAME")
    return Signal(name)


def _speech(item: str, position: int) -> Words:
    words, at, percent = item.rpartition("@")
    words = words.strip() if at else item
    if not any(letter.isalnum() for letter in words):
        raise ScriptError(position, item, "holds no words")
    if not at:
        return Words(words)
    if KEYPAD.issuperset(words):
        raise ScriptError(position, item, "keys have no confidence; to speak digits, write them as words")
    percent = percent.strip()
    if not (percent.isascii() and percent.isdigit() and int(percent) <= 100):
        raise ScriptError(position, item, "the confidence after @ is a whole number from 0 to 100")
    return Words(words, int(percent))


class Script:
    """The items of a script in their order; `left` holds those not played yet."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.left = deque(items)

    def __call__(self) -> Item:
        """Give what the caller does at the next question: hang up, when the script has run out."""
        return self.left.popleft() if self.left else HangUp()
