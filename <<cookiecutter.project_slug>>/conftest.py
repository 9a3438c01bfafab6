"""What every test may ask for."""

import pytest
from hypothesis import HealthCheck, settings

from phone.testing import caller, platform

__all__ = ["caller", "platform", "tally"]

pytest_plugins = ["flows.testing"]

# The same examples every time; a busy machine is no fault of the code.
settings.register_profile(
    "project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")


@pytest.fixture(autouse=True)
def tally(monkeypatch: pytest.MonkeyPatch) -> object:
    """The counts of refused POSTs, fresh for each test: no thread writes them into another one's tables."""
    from calls import refusals

    fresh = refusals.Tally(every=None)
    monkeypatch.setattr(refusals, "tally", fresh)
    return fresh
