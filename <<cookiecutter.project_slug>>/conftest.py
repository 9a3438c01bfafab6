"""What every test may ask for."""

from hypothesis import HealthCheck, settings

from phone.testing import caller

__all__ = ["caller"]

# The same examples every time; a busy machine is no fault of the code.
settings.register_profile(
    "project", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("project")
