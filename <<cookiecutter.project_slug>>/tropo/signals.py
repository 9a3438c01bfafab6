"""What happens at the door, for other apps to hear of."""

from django.dispatch import Signal

refused = Signal()
"""A POST was refused. Sent with `reason`, a `Reason`, and `address`, the path without its token."""
