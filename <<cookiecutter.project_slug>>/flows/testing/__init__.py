"""A pytest plugin for flows: it checks what every handler does, and counts what the tests have reached.

The root conftest loads it: `pytest_plugins = ["flows.testing"]`. Production never imports it.

    pytest --flow-coverage          which steps, exits and recovery rungs the run has reached, and which not
    pytest --flow-fail-under=90     fails below so many percent of them
    @pytest.mark.once               the handlers of this test run once
"""

from typing import Any

import pytest

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
    item.config.stash[_rehearsal].on = item.get_closest_marker("once") is None


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With pytest-xdist a worker hands over what it has seen; anybody else fails below the percentage."""
    config = session.config
    config.stash[_patches].undo()
    coverage = config.stash[_rehearsal].coverage
    if hasattr(config, "workeroutput"):
        config.workeroutput["flows"] = coverage.facts()
        return
    least = config.getoption("--flow-fail-under")
    if least is not None and percent(coverage) < least and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """A hook of pytest-xdist: a worker has ended, and hands over what it has seen."""
    facts: Facts | None = getattr(node, "workeroutput", {}).get("flows")
    if facts is not None:
        node.config.stash[_rehearsal].coverage.add(facts)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    least = config.getoption("--flow-fail-under")
    if not config.getoption("--flow-coverage") and least is None:
        return
    coverage = config.stash[_rehearsal].coverage
    terminalreporter.section("flow coverage")
    for line in lines(coverage, config.rootpath):
        terminalreporter.write_line(line)
    if least is not None and percent(coverage) < least:
        terminalreporter.write_line(f"FAIL: {percent(coverage):.0f} % is less than {least:g} %", red=True)
