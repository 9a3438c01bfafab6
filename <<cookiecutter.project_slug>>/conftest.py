"""What every test may ask for."""

from phone.testing import caller

__all__ = ["caller"]
