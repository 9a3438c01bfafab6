"""What the options of `manage.py phone` come to, checked before anything is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings

from phone import faults
from phone.handset import FAR_ENDS
from phone.inprocess import WsgiTransport
from phone.script import Item, Script, parse_script
from phone.serve import read_address
from phone.sessions import read_number
from phone.tape import Called, Tape, TapeError, read_tape
from phone.transports import HttpTransport, Transport

LONGEST = 3600.0


@dataclass(frozen=True)
class Plan:
    """What is to be done. `items` is what the caller does, None when a person says it question by question.

    `serving` is where the REST side is to be, `tokens` start a session there, and each of a session's moments
    lasts `pause` seconds. `record` is an open file, `replayed` what the conversation is compared with.
    """

    called: Called
    items: list[Item] | None
    token: str = field(repr=False)
    connect: Callable[[], Transport]
    record: TextIO | None
    replayed: Tape | None
    serving: tuple[str, int] | None
    tokens: tuple[str, ...] = field(repr=False)
    pause: float

    def script(self) -> Script | None:
        """Give a caller who plays the items from the first; None when there are none to play."""
        return None if self.items is None else Script(self.items)


def plan(options: Mapping[str, Any], notice: Callable[[str], object]) -> Plan:
    """Check the options; `notice` is told of the network's faults. Raises ValueError, OSError for files."""
    serving = read_address(options["serve"]) if options["serve"] else None
    if serving and (options["record"] or options["replay"]):
        raise ValueError("--record and --replay are for a call, and not for --serve")
    replayed = _replayed(options["replay"])
    numbers = read_number(options["to"]), read_number(options["caller"])
    called = Called(*numbers, options["flow"], options["text"], options["far_end"])
    items = None if options["script"] is None else parse_script(options["script"])
    token = options["token"] or next(iter(settings.WEBHOOK_TOKENS), None)
    if not token:
        raise ValueError("there is no webhook token; set WEBHOOK_TOKENS or give --token")
    connect = _connector(options, token, notice)
    return Plan(
        called=replayed.called if replayed else called,
        items=replayed.items if replayed else items,
        token=token,
        connect=connect,
        replayed=replayed,
        serving=serving,
        tokens=_launch_tokens(options["launch_token"]) if serving else (),
        pause=_seconds("--pause", options["pause"]),
        record=_opened(options["record"]),
    )


def _connector(
    options: Mapping[str, Any], token: str, notice: Callable[[str], object]
) -> Callable[[], Transport]:
    """Give what connects to the application; connects once, so that a bad address is noticed here."""
    url, timeout = options["url"], _seconds("--timeout", options["timeout"])
    failing = None if options["faults"] is None else faults.parse_plan(options["faults"])

    def connect() -> Transport:
        plain = WsgiTransport(token, timeout) if url is None else HttpTransport(url, token, timeout)
        return plain if failing is None else faults.FaultyTransport(plain, failing, options["seed"], notice)

    connect().close()
    return connect


def _replayed(path: str | None) -> Tape | None:
    if path is None:
        return None
    try:
        with Path(path).open(encoding="utf-8") as file:
            tape = read_tape(file)
    except (TapeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    if tape.called.far_end not in FAR_ENDS:
        raise ValueError(f"{path}: line 1: there is no far end {tape.called.far_end!r}")
    return tape


def _opened(path: str | None) -> TextIO | None:
    return None if path is None else Path(path).open("w", encoding="utf-8")


def _launch_tokens(given: str | None) -> tuple[str, ...]:
    known = (given,) if given else (settings.TROPO_VOICE_TOKEN, settings.TROPO_MESSAGING_TOKEN)
    tokens = tuple(token for token in known if token)
    if not tokens:
        raise ValueError("no token starts a session; set TROPO_VOICE_TOKEN or give --launch-token")
    return tokens


def _seconds(option: str, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"{option} is {text!r}; it must be a number of seconds, more than 0 and up to 3600")
    return seconds
