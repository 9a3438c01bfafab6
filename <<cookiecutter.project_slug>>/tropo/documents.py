"""Documents out: `Tropo`, the actions that the platform is to run, in order.

It is written in one of two ways, to the same end:

    document = Tropo(Ask("[5 DIGITS]", "Your zip code?", name="zip"), On("continue", next="/zip"))

    document = Tropo()                                        # as for tropo-webapi-python
    document.ask("[5 DIGITS]", say="Your zip code?", name="zip")
    document.on("continue", next="/zip")
"""

import json
from typing import Any

from tropo.events import On, Transfer
from tropo.legs import (
    Answer,
    Call,
    Conference,
    GeneralLogSecurity,
    Hangup,
    Message,
    Redirect,
    Reject,
    Wait,
)
from tropo.parts import Action
from tropo.recordings import Record, StartRecording, StopRecording
from tropo.speech import Ask, Say


class Tropo:
    """A document. `+` joins two; the methods of tropo-webapi-python each add one action.

    Those methods take what the constructor of the action takes.
    """

    def __init__(self, *actions: Action) -> None:
        self.actions = actions
        self.voice: str | None = None

    def __add__(self, other: "Tropo") -> "Tropo":
        return Tropo(*self.actions, *other.actions)

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        return {"tropo": [action.to_dict() for action in self.actions]}

    def to_json(self) -> str:
        """The document as it is sent, without blanks.

        Raises:
            TypeError: an option holds what JSON does not have; the message says where.
        """
        return _write(self.to_dict(), separators=(",", ":"))

    def RenderJson(self, pretty: bool = False) -> str:
        """What tropo-webapi-python calls `to_json`; with blanks, as it was there."""
        return _write(self.to_dict(), indent=4 if pretty else None)

    def setVoice(self, voice: str) -> None:
        """The voice of every `ask` and `say` added from here on that names none itself."""
        self.voice = voice

    def ask(self, *values: Any, **options: Any) -> None:
        self._add(Ask(*values, **self._voiced(options)))

    def answer(self, *values: Any, **options: Any) -> None:
        self._add(Answer(*values, **options))

    def call(self, *values: Any, **options: Any) -> None:
        self._add(Call(*values, **options))

    def conference(self, *values: Any, **options: Any) -> None:
        self._add(Conference(*values, **options))

    def generalLogSecurity(self, *values: Any, **options: Any) -> None:
        self._add(GeneralLogSecurity(*values, **options))

    def hangup(self, **options: Any) -> None:
        self._add(Hangup(**options))

    def message(self, *values: Any, **options: Any) -> None:
        self._add(Message(*values, **options))

    def on(self, *values: Any, **options: Any) -> None:
        self._add(On(*values, **options))

    def record(self, *values: Any, **options: Any) -> None:
        self._add(Record(*values, **options))

    def redirect(self, *values: Any, **options: Any) -> None:
        self._add(Redirect(*values, **options))

    def reject(self) -> None:
        self._add(Reject())

    def say(self, *values: Any, **options: Any) -> None:
        self._add(Say(*values, **self._voiced(options)))

    def startRecording(self, *values: Any, **options: Any) -> None:
        self._add(StartRecording(*values, **options))

    def stopRecording(self) -> None:
        self._add(StopRecording())

    def transfer(self, *values: Any, **options: Any) -> None:
        self._add(Transfer(*values, **options))

    def wait(self, *values: Any, **options: Any) -> None:
        self._add(Wait(*values, **options))

    def _add(self, action: Action) -> None:
        self.actions += (action,)

    def _voiced(self, options: dict[str, Any]) -> dict[str, Any]:
        return options if self.voice is None else {"voice": self.voice} | options


def _write(document: dict[str, Any], **style: Any) -> str:
    try:
        return json.dumps(document, allow_nan=False, **style)
    except (TypeError, ValueError) as error:
        raise TypeError(_fault(document, "$") or str(error)) from None


def _fault(value: Any, where: str) -> str:
    """Which value of a document JSON does not have, and where; empty when every one can be written."""
    if isinstance(value, dict):
        return next(filter(None, (_fault(item, f"{where}.{key}") for key, item in value.items())), "")
    if isinstance(value, list):
        return next(filter(None, (_fault(item, f"{where}[{i}]") for i, item in enumerate(value))), "")
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return f"{where}: JSON has no number {value}"
    except TypeError:
        return f"{where}: JSON has nothing for a value of type {type(value).__name__}; give text or a number"
    return ""
