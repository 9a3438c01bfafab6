"""What the pages show, read from the database. Nothing here writes.

Each function takes keywords only and runs a fixed number of queries, however many rows there are.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Subquery, TextChoices

from calls.models import Call, Event, Recording, Turn

CALLS_A_PAGE = 50


class Who(TextChoices):
    """Whose calls: everybody's, those of real callers, or those that `phone` placed."""

    ALL = "all", "All calls"
    CALLERS = "callers", "Callers"
    TESTS = "tests", "Tests"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of calls, test calls left out. `ended` is the sum of the three ways to end."""

    calls: int
    answered: int
    in_progress: int
    ended: int
    ended_by_application: int
    ended_by_caller: int
    ended_unknown: int


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call in a list, with the number of its turns (answers and failed attempts, not the hang-up)."""

    call: Call
    turns: int


@dataclass(frozen=True, slots=True)
class CallsPage:
    """A page of calls, newest first. `last` is the call that the next page starts behind, if there is one."""

    rows: list[CallRow]
    last: UUID | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a call's timeline: a turn or an event, `offset` after the call's start."""

    offset: timedelta
    turn: Turn | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The question that an open call stands at, asked `offset` after the call's start."""

    step: str
    prompt: str
    offset: timedelta
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class CallStory:
    """One call and all that happened in it."""

    call: Call
    timeline: list[Entry]
    answers: list[tuple[str, str]]
    recordings: list[Recording]
    waiting: Waiting | None
    attempts: int


def figures() -> Figures:
    """The counts over all calls of real callers, in one query."""
    open_, ended = Q(state=Call.State.OPEN), Q(state=Call.State.ENDED)
    return Figures(
        **Call.objects.filter(is_test=False).aggregate(
            calls=Count("pk"),
            answered=Count("pk", filter=Q(answered_at__isnull=False)),
            in_progress=Count("pk", filter=open_),
            ended=Count("pk", filter=ended),
            ended_by_application=Count("pk", filter=ended & Q(ended_by=Call.EndedBy.APPLICATION)),
            ended_by_caller=Count("pk", filter=ended & Q(ended_by=Call.EndedBy.CALLER)),
            ended_unknown=Count("pk", filter=ended & Q(ended_by="")),
        )
    )


def calls_page(*, who: Who = Who.ALL, after: UUID | None = None) -> CallsPage:
    """The newest calls, or those older than the call `after`. An unknown `after` gives the newest."""
    calls = _calls_of(who)
    if after and Call.objects.filter(pk=after).exists():
        calls = _older_than(calls, after)
    found = list(calls[: CALLS_A_PAGE + 1])
    shown = found[:CALLS_A_PAGE]
    turns = _turns_of(shown)
    return CallsPage(
        rows=[CallRow(call, turns.get(call.pk, 0)) for call in shown],
        last=shown[-1].pk if len(found) > CALLS_A_PAGE else None,
    )


def call_story(*, call: UUID) -> CallStory | None:
    """One call with its turns and events, or None when there is no such call."""
    found = Call.objects.select_related("line", "run__version").filter(pk=call).first()
    if found is None:
        return None
    turns = list(found.turns.order_by("number", "kind"))
    return CallStory(
        call=found,
        timeline=_timeline(found, turns, list(found.events.order_by("at", "pk"))),
        answers=_answers(found),
        recordings=list(found.recordings.order_by("pk")),
        waiting=_waiting(found),
        attempts=sum(turn.kind == Turn.Kind.ANSWER for turn in turns),
    )


def _calls_of(who: Who) -> QuerySet[Call]:
    calls = Call.objects.select_related("line", "run").order_by("-started_at", "-id")
    calls = calls.defer("parameters", "run__state", "run__reply", "run__milestones")
    return calls if who == Who.ALL else calls.filter(is_test=who == Who.TESTS)


def _older_than(calls: QuerySet[Call], after: UUID) -> QuerySet[Call]:
    # The time stays in the database: SQLite keeps it as text, and one time can be written in two ways.
    started_at = Subquery(Call.objects.filter(pk=after).values("started_at"))
    return calls.filter(started_at__lte=started_at).filter(Q(started_at__lt=started_at) | Q(pk__lt=after))


def _turns_of(calls: list[Call]) -> dict[UUID, int]:
    turns = Turn.objects.filter(call__in=calls, kind=Turn.Kind.ANSWER)
    return dict(turns.order_by().values_list("call").annotate(Count("pk")))


def _timeline(call: Call, turns: list[Turn], events: list[Event]) -> list[Entry]:
    """Turns by the time of their question, events by their own; what is asked stays in order."""
    entries = [Entry(turn.asked_at - call.started_at, turn=turn) for turn in turns]
    entries += [Entry(event.at - call.started_at, event=event) for event in events]
    return sorted(entries, key=lambda entry: entry.offset)


def _answers(call: Call) -> list[tuple[str, str]]:
    return [(step, value) for step, value, _ in call.run.state.get("answers", ())]


def _waiting(call: Call) -> Waiting | None:
    run = call.run
    if call.state != Call.State.OPEN or not run.step:
        return None
    return Waiting(run.step, run.state.get("prompt", ""), run.sent_at - call.started_at, run.sent_at)
