"""A session in: what the platform says when a call or a message arrives."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from tropo import fields
from tropo.getters import EndpointGetters, SessionGetters, from_body


@dataclass(frozen=True, slots=True)
class Endpoint(EndpointGetters):
    """One end of a call: a number, or a SIP user, which stay out of its repr.

    `id` is the protocol's `e164Id` where there is one. `channel` is VOICE or TEXT, `network` such as SIP.
    `source` is the endpoint as it came.
    """

    id: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    channel: str = ""
    network: str = ""
    source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_dict(cls, source: object) -> Self:
        if not isinstance(source, dict):
            return cls()
        return cls(
            id=fields.text(source, "e164Id") or fields.text(source, "id"),
            name=fields.text(source, "name"),
            channel=fields.word(source, "channel"),
            network=fields.word(source, "network"),
            source=source,
        )


@dataclass(frozen=True, slots=True)
class InitialMedia:
    """A part of a picture message: `media` is its address, `text` what was written.

    `status` is SUCCESS or FAILURE; `disposition` says why a part failed.
    """

    status: str = ""
    media: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    disposition: str = field(default="", repr=False)

    @classmethod
    def from_dict(cls, source: dict[str, Any]) -> Self:
        return cls(
            status=fields.word(source, "status"),
            media=fields.text(source, "media"),
            text=fields.text(source, "text"),
            disposition=fields.text(source, "disposition"),
        )


@from_body("session")
@dataclass(frozen=True, slots=True, kw_only=True)
class Session(SessionGetters):
    """The start of a call (protocol: "session"). What a caller gave stays out of its repr.

    `timestamp` is the platform's clock, ISO 8601. `source` is the session as it came, unknown fields
    included.
    """

    id: str
    call_id: str = ""
    account_id: str = ""
    application_id: str = ""
    timestamp: str = field(default="", repr=False)
    user_type: str = ""
    from_: Endpoint = field(default=Endpoint())
    to: Endpoint = field(default=Endpoint())
    initial_text: str = field(default="", repr=False)
    subject: str = field(default="", repr=False)
    initial_media: tuple[InitialMedia, ...] = field(default=(), repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    parameters: dict[str, str] = field(default_factory=dict, repr=False)
    source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_dict(cls, source: dict[str, Any]) -> Self:
        """The session in the platform's object. `tropo.reader` checks its `id`."""
        return cls(
            id=fields.text(source, "id"),
            call_id=fields.optional_identifier(source, "callId"),
            account_id=fields.optional_identifier(source, "accountId"),
            application_id=fields.optional_identifier(source, "applicationId"),
            timestamp=fields.text(source, "timestamp"),
            user_type=fields.word(source, "userType")[:10],
            from_=Endpoint.from_dict(source.get("from")),
            to=Endpoint.from_dict(source.get("to")),
            initial_text=fields.text(source, "initialText"),
            subject=fields.text(source, "subject"),
            initial_media=tuple(map(InitialMedia.from_dict, fields.objects(source, "initialMedia"))),
            headers=fields.mapping(source, "headers"),
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
