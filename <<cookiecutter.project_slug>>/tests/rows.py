"""Rows for tests of what reads the database. Each function fills in what its test does not care about."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission, User

from calls.ids import new_id
from calls.models import Call, Event, FlowVersion, Run, Turn

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def reader(username: str = "reader") -> User:
    """A user who may read the reports and nothing else."""
    user = User.objects.create_user(username)
    user.user_permissions.add(Permission.objects.get(codename="view", content_type__app_label="reports"))
    return user


def a_run(**fields: Any) -> Run:
    version, _ = FlowVersion.objects.get_or_create(name="reception", hash="0123456789abcdef" * 4)
    given = {"flow": version.name, "version": version, "step": "city", "started_at": NOON, "sent_at": NOON}
    return Run.objects.create(**given | fields)


def a_call(**fields: Any) -> Call:
    """A call of a real caller, still open; with `ended_by` or `ended_at` it has ended after a minute."""
    given: dict[str, Any] = {
        "platform": "tropo",
        "session_id": new_id().hex,
        "direction": Call.Direction.INBOUND,
        "channel": Call.Channel.VOICE,
        "caller": "+15550123",
        "called": "+15550100",
        "started_at": NOON,
        **fields,
    }
    given.setdefault("answered_at", given["started_at"])
    if "ended_by" in given:
        given.setdefault("ended_at", given["started_at"] + 60 * SECOND)
    if given.get("ended_at"):
        given["state"] = Call.State.ENDED
    if "run" not in given:
        given["run"] = a_run(started_at=given["started_at"], sent_at=given["started_at"])
    return Call.objects.create(**given)


def a_turn(call: Call, number: int, **fields: Any) -> Turn:
    """The turn that answered document `number`; asked and heard ten seconds after the one before."""
    given = {
        "kind": Turn.Kind.ANSWER,
        "version": call.run.version,
        "step": "city",
        "visit": 1,
        "attempt": 1,
        "result": Turn.Result.ANSWERED,
        "prompt": "Which city do you live in?",
        "asked_at": call.started_at + 10 * (number - 1) * SECOND,
        "heard_at": call.started_at + 10 * number * SECOND,
        "took_ms": 12,
    }
    return Turn.objects.create(call=call, run=call.run, number=number, **given | fields)


def an_event(call: Call | None, kind: Event.Kind, at: datetime = NOON) -> Event:
    return Event.objects.create(
        call=call, kind=kind, at=at, session_id=call.session_id if call else "unknown"
    )
