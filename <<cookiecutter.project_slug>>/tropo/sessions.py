"""A session in: what the platform says when a call or a message arrives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tropo import fields
from tropo.getters import EndpointGetters, SessionGetters, from_body


@dataclass(frozen=True, slots=True)
class Endpoint(EndpointGetters):
    """One end of a call: a number, or a SIP user."""

    id: str = ""
    channel: str = ""
    network: str = ""
    source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_dict(cls, source: object) -> Self:
        if not isinstance(source, dict):
            return cls()
        return cls(
            id=fields.text(source, "e164Id") or fields.text(source, "id"),
            channel=fields.text(source, "channel").upper(),
            network=fields.text(source, "network").upper(),
            source=source,
        )


@from_body("session")
@dataclass(frozen=True, slots=True, kw_only=True)
class Session(SessionGetters):
    """The start of a call (protocol: "session"). Text that a caller wrote stays out of its repr."""

    id: str
    call_id: str = ""
    user_type: str = ""
    from_: Endpoint = field(default=Endpoint(), repr=False)
    to: Endpoint = field(default=Endpoint(), repr=False)
    initial_text: str = field(default="", repr=False)
    parameters: dict[str, str] = field(default_factory=dict, repr=False)
    source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_dict(cls, source: dict[str, Any]) -> Self:
        """The session in the platform's object. `tropo.reader` checks its `id`."""
        return cls(
            id=fields.text(source, "id"),
            call_id=fields.text(source, "callId")[:64],
            user_type=fields.text(source, "userType")[:10],
            from_=Endpoint.from_dict(source.get("from")),
            to=Endpoint.from_dict(source.get("to")),
            initial_text=fields.text(source, "initialText"),
            parameters=fields.mapping(source, "parameters"),
            source=source,
        )

    @property
    def is_text(self) -> bool:
        return "TEXT" in (self.to.channel, self.from_.channel)

    @property
    def is_launch(self) -> bool:
        """True when a token started it: it has no call leg, so neither `from` nor `to`."""
        return not self.to.id and not self.from_.id
