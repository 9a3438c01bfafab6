"""When an outbound call that reached nobody is made again, by the reason why it did not."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Retries:
    """Minutes to wait after each miss, for each reason. When a reason has no more of them, it is given up.

    `Retries(busy=(5, 15))` calls a busy number again after 5 minutes, after 15 more, and then no more.
    `most` is how many attempts are made altogether, the first one included.

    Raises:
        ValueError: a wait is not above 0, or `most` is less than 1.
    """

    busy: tuple[float, ...] = (5, 15)
    no_answer: tuple[float, ...] = (60, 240)
    machine: tuple[float, ...] = (120,)
    failed: tuple[float, ...] = (30,)
    most: int = 6

    def __post_init__(self) -> None:
        for reason, waits in self._plan().items():
            if any(minutes <= 0 for minutes in waits):
                raise ValueError(f"Retries({reason.replace(' ', '_')}={waits!r}): a wait is above 0 minutes")
        if self.most < 1:
            raise ValueError(f"Retries(most={self.most!r}): at least the first attempt is made")

    def after(self, reason: str, times: int) -> timedelta | None:
        """How long to wait after `reason` was met the nth time, from 1; None to give up.

        Raises KeyError for a reason that has no plan.
        """
        waits = self._plan()[reason]
        return timedelta(minutes=waits[times - 1]) if times <= len(waits) else None

    def _plan(self) -> dict[str, tuple[float, ...]]:
        """The waits under the words of `Dial.Reason`."""
        return {
            "busy": self.busy,
            "no answer": self.no_answer,
            "machine": self.machine,
            "failed": self.failed,
        }
