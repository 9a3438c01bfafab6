"""A conversation kept in a file, so that it can be had again: what the caller did, and all that was noticed.

The file is JSON lines: who called whom; then `{"do": "chicago@55"}` for what the caller did and
`{"at": 0.0, "who": "app says", "text": "Which city?"}` for what was noticed; `ended` or `dead` for the end.
The webhook token is never in it.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from difflib import unified_diff
from typing import Self, TextIO

from phone.events import Ended, Event
from phone.script import Item, parse_item, write_item
from phone.sessions import read_number

VERSION = 1


class TapeError(ValueError):
    """A file that is no recording of a conversation; the message names the line."""


@dataclass(frozen=True)
class Called:
    """Who calls or texts whom, and who answers when the application dials, as the options say it."""

    to: str
    caller: str
    flow: str | None = None
    text: bool = False
    far_end: str = "answers"

    @classmethod
    def read(cls, fields: dict[str, object]) -> Self:
        """Read it from the first line of a file. Raises ValueError."""
        if fields.pop("phone", None) != VERSION:
            raise ValueError("this is no recording of `manage.py phone --record`")
        flow, text, far_end = fields.get("flow"), fields.get("text"), fields.get("far_end")
        if not (flow is None or isinstance(flow, str)) or not isinstance(text, bool):
            raise ValueError("`flow` must be a name or null, `text` true or false")
        numbers = read_number(str(fields.get("to"))), read_number(str(fields.get("caller")))
        return cls(*numbers, flow, text, str(far_end))


@dataclass
class Tape:
    """A conversation: `items` is what the caller did, `lines` is what one would read of it, without times."""

    called: Called
    items: list[Item] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def differences(self, other: "Tape") -> list[str]:
        """Give what is different in another one, as a unified diff: empty when nothing is."""
        return list(unified_diff(self.lines, other.lines, "recorded", "now", lineterm="", n=3))


class Recorder:
    """Takes a conversation down, on a tape and, when there is one, in a file.

    `secret` is replaced wherever it turns up.
    """

    def __init__(self, called: Called, secret: str, file: TextIO | None = None) -> None:
        self.tape = Tape(called)
        self._secret = secret
        self._file = file
        self._write({"phone": VERSION, **asdict(called)})

    def did(self, item: Item) -> None:
        """Take down what the caller does."""
        self.tape.items.append(item)
        self._write({"do": write_item(item)})

    def add(self, event: Event) -> None:
        """Take down what was noticed."""
        self._note({"at": round(event.at, 1), "who": event.kind.value, "text": event.text})

    def end(self, ended: Ended) -> None:
        """Take down how a session ended."""
        self._note({"ended": ended.by, "at": round(ended.at, 1)})

    def dead(self, problem: str) -> None:
        """Take down why the line went dead."""
        self._note({"dead": problem})

    def _note(self, fields: dict[str, object]) -> None:
        self.tape.lines.extend(_lines(self._write(fields)))

    def _write(self, fields: dict[str, object]) -> dict[str, object]:
        text = json.dumps(fields, ensure_ascii=False).replace(self._secret, "***")
        if self._file:
            self._file.write(text + "\n")
        written: dict[str, object] = json.loads(text)
        return written


def read_tape(lines: Iterable[str]) -> Tape:
    """Read a recording. Raises TapeError for the first line that is none of one."""
    tape: Tape | None = None
    for number, line in enumerate(lines, start=1):
        try:
            fields = json.loads(line)
            if not isinstance(fields, dict):
                raise ValueError("must be a JSON object")
            if tape is None:
                tape = Tape(Called.read(fields))
            elif "do" in fields:
                tape.items.append(parse_item(str(fields["do"])))
            else:
                tape.lines.extend(_lines(fields))
        except (ValueError, KeyError, RecursionError) as error:
            raise TapeError(f"line {number} is no line of a recording: {error}") from error
    if tape is None:
        raise TapeError("the file is empty")
    return tape


def _lines(fields: dict[str, object]) -> Iterator[str]:
    """Give what one reads of an entry: times are left out, for a longer prompt moves all that follow."""
    if "ended" in fields:
        yield f"ended by the {fields['ended']}"
    elif "dead" in fields:
        yield f"the line went dead: {fields['dead']}"
    else:
        for line in str(fields["text"]).splitlines() or [""]:
            yield f"{fields['who']}: {line}".rstrip()
