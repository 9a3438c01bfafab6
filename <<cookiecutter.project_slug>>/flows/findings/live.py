"""What the tables say about the present flows: callers on steps that are gone, ways not in the graph."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, F, Window
from django.db.models.functions import Lead, Now

from calls.models import Run, Turn
from flows.findings.finding import Finding, place_of
from flows.flow import Flow, registry
from flows.graph import describe, edges

DAYS = 7
"""How far back the ways of callers are compared with the graph."""

_SPEAKING = ("say",)
_MOVED_OTHERWISE = ("command", "error", "hung up")
"""Results after which the engine goes elsewhere than the flow says."""


def callers_on_lost_steps() -> Iterator[Finding]:
    """Open conversations that stand on a step which the code no longer has: they would begin anew."""
    standing = Run.objects.filter(ended_at=None).exclude(step="")
    for row in standing.values("flow", "state__flow", "step").annotate(count=Count("pk")).order_by():
        name = row["state__flow"] or row["flow"]
        flow = registry.get(name)
        if flow is None or row["step"] not in flow.steps:
            file, line = place_of(flow) if flow else ("", 0)
            yield Finding(
                id="flows.W010",
                message=f"{row['count']} open on {name}.{row['step']}, which this code does not have: "
                "they would begin the flow anew.",
                hint="Keep the step until they are through, or deploy when nobody calls.",
                file=file,
                line=line,
            )


def ways_unseen() -> Iterator[Finding]:
    """Steps that followed another in calls of the last days, and not in the graph."""
    present = {(flow.name, describe(flow).version): flow for flow in registry.values()}
    for name, version, step, follower, calls in _ways():
        flow = present.get((name, version))
        if flow and {step, follower} <= set(flow.steps) and follower not in _next_waits(flow, step):
            file, line = flow.steps[step].place()
            yield Finding(
                id="flows.W011",
                message=f"{flow.__name__}.{step} was followed by {follower} {calls} times in {DAYS} days, "
                "and the graph has no such edge.",
                hint=f"Name it as self.{follower} in the method, or in a method that it calls.",
                file=file,
                line=line,
            )


def _ways() -> Iterator[tuple[str, str, str, str, int]]:
    """Flow, version, step, the step after it, and how often, of turns that were answered by one version."""

    def after(field: str) -> Window:
        return Window(Lead(field), partition_by=F("run"), order_by=F("number").asc())

    turns = Turn.objects.filter(kind=Turn.Kind.ANSWER, heard_at__gte=Now() - timedelta(days=DAYS))
    followed = turns.annotate(
        next_step=after("step"), next_visit=after("visit"), next_version=after("version")
    )
    fields = ("version__name", "version__hash", "version", "step", "visit", "result")
    rows = followed.filter(next_step__isnull=False).values_list(
        *fields, "next_step", "next_visit", "next_version"
    )
    seen: Counter[tuple[str, str, str, str]] = Counter()
    for name, version, id_, step, visit, result, next_step, next_visit, next_id in rows.iterator():
        if id_ == next_id and (step, visit) != (next_step, next_visit) and result not in _MOVED_OTHERWISE:
            seen[name, version, step, next_step] += 1
    for way, times in seen.items():
        yield *way, times


def _next_waits(flow: type[Flow], step: str) -> set[str]:
    """The steps that wait for something and can be the next to do so after a step."""
    ways: dict[str, list[str]] = {}
    for edge in edges(flow):
        if not edge.leaves:
            ways.setdefault(edge.source, []).append(edge.target)
    found: set[str] = set()
    waiting = list(ways.get(step, ()))
    while waiting:
        name = waiting.pop()
        if name in flow.steps and name not in found:
            found.add(name)
            if flow.steps[name].kind in _SPEAKING:
                waiting += ways.get(name, ())
    return found
