"""A network that is not to be relied on: a transport around another one, with faults as a seed throws them.

A fault plan is written on one line, `duplicate, lose reply 0.1, retries 5`: faults parted by commas, each
with how often it happens (0 to 1, always when it is not given).

    lose request    the POST does not arrive          lose reply    it arrives, and its reply does not
    duplicate       it arrives twice                  late          a copy of it arrives after the next POST
    delay           its reply takes up to 0.2 s longer

What is lost, or answered 5xx, is sent again up to `retries` times (3). Whether Tropo did so is not known.
"""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from phone.errors import LineDeadError
from phone.events import Post, Reply
from phone.transports import Transport
from phone.wire import Request

FAULTS = ("lose request", "lose reply", "duplicate", "late", "delay")
RETRIES = "retries"
LONGEST_DELAY = 0.2


class PlanError(ValueError):
    """An item of a fault plan that means nothing; the message names it."""


@dataclass(frozen=True)
class Plan:
    """How often each fault happens (0 to 1), and how many times a failed POST is sent again."""

    chances: Mapping[str, float] = field(default_factory=dict)
    retries: int = 3


def parse_plan(text: str) -> Plan:
    """Read a fault plan. Raises PlanError for the first bad item."""
    chances: dict[str, float] = {}
    retries = Plan.retries
    for item in text.split(","):
        name, number = _split(item.strip())
        if name == RETRIES:
            retries = _retries(item.strip(), number)
        elif name in FAULTS:
            chances[name] = _chance(item.strip(), number)
        else:
            raise PlanError(f"{item.strip()!r} is no fault; there are {', '.join(FAULTS)} and {RETRIES} N")
    return Plan(chances, retries)


def _split(item: str) -> tuple[str, str]:
    words = item.casefold().split()
    if words and not words[-1].isalpha():
        return " ".join(words[:-1]), words[-1]
    return " ".join(words), ""


def _retries(item: str, number: str) -> int:
    if not (number.isascii() and number.isdigit() and int(number) <= 100):
        raise PlanError(f"{item!r}: {RETRIES} is a whole number from 0 to 100")
    return int(number)


def _chance(item: str, number: str) -> float:
    try:
        chance = float(number or 1)
    except ValueError:
        chance = -1
    if not 0 <= chance <= 1:
        raise PlanError(f"{item!r}: how often a fault happens is a number from 0 to 1")
    return chance


class FaultyTransport(Transport):
    """Sends through another transport, with the faults of a plan; `notice` is told of each that happens.

    The same seed and the same POSTs give the same faults. Uploads and fetched files are let alone.
    """

    def __init__(
        self,
        transport: Transport,
        plan: Plan,
        seed: int = 0,
        notice: Callable[[str], object] = lambda fault: None,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        super().__init__(transport.base, "")  # the token is with the transport inside
        self._transport, self._plan, self._notice, self._wait = transport, plan, notice, wait
        self._random = random.Random(seed)
        self._late: list[Post] = []

    def is_ours(self, url: str) -> bool:
        """Whether the application answers at this address."""
        return self._transport.is_ours(url)

    def send(self, request: Request) -> Reply:
        """Send a request as it is, without a fault."""
        return self._transport.send(request)

    def post(self, post: Post) -> Reply:
        """Send a document, and again when it failed. Raises LineDeadError when no try brought a reply."""
        overdue, self._late = self._late, []
        for _ in range(self._plan.retries):
            try:
                reply = self._try(post)
                if reply.status < 500:
                    break
                self._notice(f"answered {reply.status}, and sent again")
            except LineDeadError as error:
                self._notice(f"sent again: {error}")
        else:
            reply = self._try(post)
        if self._happens("late"):
            self._late.append(post)
        self._deliver(overdue)
        return reply

    def close(self) -> None:
        """Deliver the copies that are still on their way, and let go of the connection."""
        overdue, self._late = self._late, []
        self._deliver(overdue)
        self._transport.close()

    def _try(self, post: Post) -> Reply:
        if self._happens("lose request"):
            raise LineDeadError("the request was lost")
        reply = self._transport.post(post)
        if self._happens("duplicate"):
            self._deliver([post])
        if self._happens("delay"):
            self._wait(self._random.uniform(0, LONGEST_DELAY))
        if self._happens("lose reply"):
            raise LineDeadError("the reply was lost")
        return reply

    def _deliver(self, copies: list[Post]) -> None:
        """Deliver copies nobody waits for."""
        for copy in copies:
            try:
                self._notice(f"a copy was answered {self._transport.post(copy).status}")
            except LineDeadError as error:
                self._notice(f"a copy got no reply: {error}")

    def _happens(self, fault: str) -> bool:
        return self._random.random() < self._plan.chances.get(fault, 0)
