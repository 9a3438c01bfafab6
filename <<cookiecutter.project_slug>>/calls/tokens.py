"""The turn token: a signed word in `next` that says which question a POST answers.

It is the idempotency key, the order check, and the proof that the POST belongs to a document of ours.
It holds no time: a POST that comes twice must find the same document.
"""

from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from django.core.signing import BadSignature, Signer

_SALT = "calls.turn"


class Forged(Exception):
    """The token was not signed by this project, or with a key that is gone."""


@dataclass(frozen=True, slots=True)
class TurnToken:
    """The place of a document in a run, and the event whose handler carries the token.

    `number` counts the documents of the run from 1, `visit` the entries into that step from 1,
    `attempt` the tries in that visit from 1. `version` is the beginning of the flow version's hash.
    """

    run: UUID
    number: int
    step: str
    visit: int
    attempt: int
    version: str
    event: str = ""

    def sign(self, event: str) -> str:
        """The token for the handler of `event`."""
        token = replace(self, event=event)
        words = (token.run.hex, token.number, token.step, token.visit, token.attempt, token.version, event)
        return Signer(salt=_SALT).sign(".".join(map(str, words)))

    @classmethod
    def read(cls, signed: str) -> Self:
        """The token that `sign` wrote.

        Raises:
            Forged: no key of ours, live or retired, signed it.
        """
        try:
            words = Signer(salt=_SALT).unsign(signed).split(".", 6)
        except BadSignature:
            raise Forged from None
        run, number, step, visit, attempt, version, event = words
        return cls(UUID(run), int(number), step, int(visit), int(attempt), version, event)
