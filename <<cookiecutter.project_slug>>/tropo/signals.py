"""What the door tells whoever wants to know."""

from django.dispatch import Signal

refused = Signal()
"""A POST was refused. Sent with `reason`, a `tropo.Reason`, and `address`, as the URLconf writes it:
neither holds anything that the sender wrote."""
