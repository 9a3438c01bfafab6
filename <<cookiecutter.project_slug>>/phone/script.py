"""A caller written on one line: `1; chicago@55; -; 90210; hangup`.

Items are parted by semicolons, one for each question. Digits, `*` and `#` are keys; words are speech; `@55`
after words is the recogniser's confidence (0-100, 90 when it is not given); `-` is silence; `hangup` hangs
up. A caller whose script has run out hangs up at the next question.
"""

from collections import deque

from phone.actions import KEYPAD, Action, HangUp, Keys, Silence, Words


class ScriptError(ValueError):
    """An item of a script that cannot be played; the message names the item and its position, from 1."""

    def __init__(self, position: int, item: str, problem: str) -> None:
        super().__init__(f"item {position} of the script, {item!r}: {problem}")
        self.position = position
        self.item = item


def parse_script(script: str) -> list[Action]:
    """Give what the caller does, question by question. Raises ScriptError for the first bad item."""
    return [parse_item(item, position) for position, item in enumerate(script.split(";"), start=1)]


def parse_item(item: str, position: int = 1) -> Action:
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
    return _speech(item, position)


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

    def __init__(self, actions: list[Action]) -> None:
        self.left = deque(actions)

    def __call__(self) -> Action:
        """Give what the caller does at the next question: hang up, when the script has run out."""
        return self.left.popleft() if self.left else HangUp()
