"""A pytest plugin for flows: it checks what every handler does, and counts what the tests have reached.

The root conftest loads it: `pytest_plugins = ["flows.testing"]`. Production never imports it.

    pytest --flow-coverage          which steps, exits and recovery rungs the run has reached, and which not
    pytest --flow-fail-under=90     fails below so many percent of them
    @pytest.mark.once               the handlers of this test run once
"""

from typing import Any

import pytest

from calls.versions import forget
from flows.testing.coverage import Coverage, Facts
from flows.testing.report import lines, percent
from flows.testing.twice import Rehearsal

_rehearsal = pytest.StashKey[Rehearsal]()
_patches = pytest.StashKey[pytest.MonkeyPatch]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("flows")
    group.addoption(
        "--flow-coverage",
        action="store_true",
        help="print which steps, exits and recovery rungs of the flows were reached",
    )
    group.addoption(
        "--flow-fail-under",
        type=float,
        metavar="PERCENT",
        help="fail when fewer of them were reached",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "once: the handlers of this test run once, without a rehearsal")


def pytest_sessionstart(session: pytest.Session) -> None:
    rehearsal = Rehearsal(Coverage())
    patches = pytest.MonkeyPatch()
    rehearsal.install(patches)
    session.config.stash[_rehearsal] = rehearsal
    session.config.stash[_patches] = patches


def pytest_runtest_setup(item: pytest.Item) -> None:
    # A test that runs its on_commit hooks leaves the keys of rows that its end has rolled back.
    forget()
    item.config.stash[_rehearsal].on = item.get_closest_marker("once") is None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With pytest-xdist a worker hands over what it has seen; anybody else fails below the percentage."""
    config = session.config
    config.stash[_patches].undo()
    coverage = config.stash[_rehearsal].coverage
    if hasattr(config, "workeroutput"):
        config.workeroutput["flows"] = coverage.facts()
        return
    if _too_little(config, coverage) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """A hook of pytest-xdist: a worker has ended, and hands over what it has seen."""
    facts: Facts | None = getattr(node, "workeroutput", {}).get("flows")
    if facts is not None:
        node.config.stash[_rehearsal].coverage.add(facts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if not config.getoption("--flow-coverage") and config.getoption("--flow-fail-under") is None:
        return
    coverage = config.stash[_rehearsal].coverage
    terminalreporter.section("flow coverage")
    for line in lines(coverage, config.rootpath):
        terminalreporter.write_line(line)
    if _too_little(config, coverage):
        least = config.getoption("--flow-fail-under")
        terminalreporter.write_line(f"FAIL: {percent(coverage):.1f} % is less than {least:g} %", red=True)


def _too_little(config: pytest.Config, coverage: Coverage) -> bool:
    least = config.getoption("--flow-fail-under")
    return least is not None and percent(coverage) < least
