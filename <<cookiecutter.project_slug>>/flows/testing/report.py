"""The coverage of the flows as a table, and what is missing by file and line."""

from collections.abc import Iterator
from pathlib import Path

from flows.testing.coverage import KINDS, Coverage, Fact, owners
from flows.testing.watch import place


def percent(coverage: Coverage) -> float:
    """How much of all flows was reached, 0 to 100."""
    found = [reached for flow in owners() for _, reached in coverage.reached(flow)]
    return 100 * sum(found) / len(found) if found else 100.0


def lines(coverage: Coverage, root: Path) -> Iterator[str]:
    """The table, one row a flow, and under it one line for everything that no test has reached."""
    flows = {flow.name: flow for flow in owners()}
    width = max([len("flow"), *(len(name) for name in flows)])
    yield f"{'flow':<{width}}  {'steps':>8}  {'exits':>8}  {'rungs':>8}  reached"
    for name, flow in flows.items():
        found = coverage.reached(flow)
        counts = [_count(found, kind) for kind in KINDS]
        share = 100 * sum(reached for _, reached in found) / len(found)
        yield f"{name:<{width}}  " + "  ".join(f"{count:>8}" for count in counts) + f"  {share:>5.0f} %"
    yield f"{'all':<{width}}  {'':>28}  {percent(coverage):>5.0f} %"
    missing = [fact for flow in flows.values() for fact, reached in coverage.reached(flow) if not reached]
    for fact in missing:
        file, line = place(flows[fact[1]], fact[2])
        yield f"{_relative(file, root)}:{line}: not reached: {_words(fact)}"


def _count(found: list[tuple[Fact, bool]], kind: str) -> str:
    of_kind = [reached for fact, reached in found if fact[0] == kind]
    return f"{sum(of_kind)}/{len(of_kind)}"


def _words(fact: Fact) -> str:
    kind, flow, step, more = fact
    end = {"step": "", "exit": f" to {more}", "rung": f", {more}"}[kind]
    return f"{flow}.{step}{end}"


def _relative(file: str, root: Path) -> str:
    path = Path(file)
    return str(path.relative_to(root) if path.is_relative_to(root) else path)
