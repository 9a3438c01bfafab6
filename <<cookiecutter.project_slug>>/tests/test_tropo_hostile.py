"""Hostile bodies through the whole application: none makes it fail, and every refusal names its reason.

They are made from real payloads, the same ones every time. The suite sends a thousand, `make fuzz` 20,000.
"""

import json
import logging
import os
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from phone.wire import authorization
from tests.hostile import hostile
from tests.messages import RESULTS, SESSIONS, TRANSCRIPTION
from tests.webhook import ADDRESS, keyed, next_of, post, result, session
from tropo import Reason
from tropo.signals import refused

BODIES = int(os.environ.get("HOSTILE_BODIES", "1000"))


class Target:
    """A call that goes on for as long as somebody answers, and what a platform might POST to it."""

    def __init__(self) -> None:
        self.calls = 0
        self.begin()

    def begin(self) -> None:
        self.calls += 1
        self.id = f"call-{self.calls}"
        self.address = next_of(post(session(self.id)))

    def message(self, random: Random) -> tuple[str, Any]:
        """An address, and a message that would be welcome there."""
        answer = result(keyed("start", random.choice("123"), confidence=90), self.id)
        known = [
            answer,
            answer,
            session(f"{random.getrandbits(64):x}"),
            {"result": TRANSCRIPTION},
            *SESSIONS.values(),
            *RESULTS.values(),
        ]
        message = json.loads(json.dumps(random.choice(known)))
        address = random.choice([self.address, self.address, ADDRESS, self.address[:-3], "/tropo/?t=%00%F0"])
        return address, message

    def follow(self, content: bytes) -> None:
        """Goes on where the application says, and with a new call when this one is over."""
        steps = json.loads(content)["tropo"]
        nexts = [step["on"]["next"] for step in steps if step.get("on", {}).get("event") == "continue"]
        if nexts and any("ask" in step for step in steps):
            self.address = "/tropo/" + nexts[0]
        else:
            self.begin()


@pytest.fixture
def reasons() -> Iterator[list[Reason]]:
    """The reason of each refusal, as the signal gives it."""
    found: list[Reason] = []

    def note(sender: object, reason: Reason, **kwargs: object) -> None:
        found.append(reason)

    refused.connect(note)
    yield found
    refused.disconnect(note)


@pytest.mark.django_db
def test_no_body_makes_the_application_fail(
    reasons: list[Reason], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes: Counter[str] = Counter()
    target = Target()
    client = Client(headers={"authorization": authorization(settings.WEBHOOK_TOKENS[0])})
    for seed in range(BODIES):
        random = Random(seed)
        address, message = target.message(random)
        body = hostile(random, message)
        reasons.clear()
        caplog.clear()
        response = client.generic("POST", address, body, "application/json")
        outcomes[" ".join([str(response.status_code), *reasons])] += 1
        errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        expected = [] if response.status_code == 200 else [response.status_code]
        assert (errors, [reason.status for reason in reasons]) == ([], expected), f"{address} {body[:500]!r}"
        if response.status_code == 200:
            target.follow(response.content)
    with capsys.disabled():
        print(
            f"\n  {BODIES} bodies:", ", ".join(f"{count} x {name}" for name, count in outcomes.most_common())
        )
    assert set(outcomes) >= {"200", "400 json", "400 shape", "400 identifier", "400 encoding", "400 depth"}
