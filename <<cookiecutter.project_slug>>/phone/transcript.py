"""A session as one reads it afterwards: virtual time, who, and what was heard, pressed or written.

   0.0  line              +14075550142 calls +14075550100
   0.0  app says          Which city do you live in?
   2.4  caller says       chicago (confidence 55)

Ended by the application after 0:03.
"""

import os
from collections.abc import Callable

from phone.events import Ended, Event, Kind

_COLOURS = {Kind.APP_SAYS: "36", Kind.APP_TEXTS: "36", Kind.LINE: "2"}
_CALLER = "33"
_WIDTH = max(len(kind) for kind in Kind)


class Transcript:
    """Writes events as they happen, through `write`, which is given one line without its end at a time.

    `last_heard` is what the application said last.
    """

    def __init__(self, write: Callable[[str], object], *, colour: bool = False) -> None:
        self._write = write
        self.colour = colour
        self.last_heard = ""

    def add(self, event: Event) -> None:
        """Write an event; what holds several lines is written as several, aligned."""
        if event.kind in (Kind.APP_SAYS, Kind.APP_TEXTS):
            self.last_heard = event.text
        first, *more = event.text.splitlines() or [""]
        line = f"{event.at:8.1f}  {event.kind:<{_WIDTH}}  {first}".rstrip()
        indent = " " * (8 + 2 + _WIDTH + 2)
        self._write(self._paint("\n".join([line, *(indent + rest for rest in more)]), event.kind))

    def fault(self, problem: str) -> None:
        """Write what the network did; it has no time of its own."""
        self._write(f"{'':8}  {'fault':<{_WIDTH}}  {problem}")

    def dead(self, problem: str) -> None:
        """Write why a session ended that nobody has ended."""
        self._write(f"\nThe line went dead: {problem}")

    def end(self, ended: Ended) -> None:
        """Write who ended the session, and after how many minutes and seconds."""
        minutes, seconds = divmod(int(ended.at), 60)
        self._write(f"\nEnded by the {ended.by} after {minutes}:{seconds:02}.")

    def _paint(self, text: str, kind: Kind) -> str:
        return f"\033[{_COLOURS.get(kind, _CALLER)}m{text}\033[0m" if self.colour else text


def wants_colour(terminal: bool) -> bool:
    """Whether to colour the output: on a terminal only, and not where NO_COLOR is set (no-color.org)."""
    return terminal and not os.environ.get("NO_COLOR")
