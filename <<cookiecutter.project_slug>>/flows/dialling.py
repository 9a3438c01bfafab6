"""`dial`: an outbound call or text, as a row that is written with whatever else the caller's turn writes."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from calls.numbers import e164
from flows.flow import Flow, registry

if TYPE_CHECKING:
    from calls.models import Dial

_in_a_test: ContextVar[bool] = ContextVar("in_a_test", default=False)


@contextmanager
def in_a_test(is_test: bool) -> Iterator[None]:
    """While the code of a flow runs: a simulated caller must not set a real telephone ringing."""
    before = _in_a_test.set(is_test)
    try:
        yield
    finally:
        _in_a_test.reset(before)


_E164 = re.compile(r"\+[1-9]\d{6,14}")


def dial(
    flow: type[Flow] | str,
    to: str,
    *,
    due: datetime | None = None,
    expires: datetime | None = None,
    text: bool = False,
    data: Mapping[str, Any] | None = None,
    key: str = "",
    from_: str = "",
) -> "Dial":
    """Notes that `to` is to be called, or texted, by a flow. `manage.py dial --due` does it.

    The row is written in the transaction under way, so it is there exactly when what else is written is.
    `due` is the earliest time (now unless given), `expires` the time after which it is too late, both aware.
    `data` is what the flow finds in `self.data`. A `key` that was used before gives that row and writes
    nothing. `from_` is the number shown, CALLER_ID unless given.
    What a test call writes is left out by `--due`.

    Raises:
        ValueError: there is no such flow, `to` is no telephone number, a text has no number to come from,
            a time is naive or `expires` not after `due`, or `data` does not survive JSON.
    """
    # Django imports the package of flows before there are tables.
    from calls.models import Channel, Dial

    found = flow_named(flow if isinstance(flow, str) else flow.name)
    number = telephone(to)
    sender = e164(from_ or settings.CALLER_ID)[:64]
    if text and not sender:
        raise ValueError("a text needs the number that it is answered to: set CALLER_ID, or give from_")
    begins = due or timezone.now()
    _check_times(begins, expires)
    fields: dict[str, Any] = {
        "flow": found.name,
        "to": number,
        "caller_id": sender,
        "channel": Channel.TEXT if text else Channel.VOICE,
        "due_at": begins,
        "expires_at": expires,
        "data": _checked(dict(data or {})),
        "most_attempts": found.retries.most,
        "is_test": _in_a_test.get(),
    }
    if not key:
        return Dial.objects.create(**fields)
    return Dial.objects.get_or_create(key=key, defaults=fields)[0]


def flow_named(name: str) -> type[Flow]:
    """The flow of that name. Raises ValueError."""
    if name not in registry:
        raise ValueError(f"there is no flow {name!r}; the flows are: {', '.join(sorted(registry))}")
    return registry[name]


def telephone(number: str) -> str:
    """The number in E.164. Raises ValueError for what is no telephone number."""
    found = e164(number)
    if not _E164.fullmatch(found):
        raise ValueError(f"{number!r} is no telephone number; write it like +15550100")
    return found


def _check_times(due: datetime, expires: datetime | None) -> None:
    for name, at in (("due", due), ("expires", expires)):
        if at is not None and at.utcoffset() is None:
            raise ValueError(f"{name}={at.isoformat()} has no time zone")
    if expires is not None and expires <= due:
        raise ValueError(f"expires={expires.isoformat()} is not after due={due.isoformat()}")


def _checked(data: dict[str, Any]) -> dict[str, Any]:
    """The data, when it comes out of JSON as it went in. Raises ValueError."""
    try:
        survives = json.loads(json.dumps(data, allow_nan=False)) == data
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"data cannot be written as JSON: {error}") from None
    if not survives:
        raise ValueError("data does not come out of JSON as it went in: keys are text, and lists no tuples")
    return data
