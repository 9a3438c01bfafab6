"""The platform's REST side: starting a session by a token, and putting a signal into one.

`launch` and `signal` are what a project calls; they read the settings. `Rest` is the client beneath them.
Neither request is sent twice: a second launch could place a second call, and a second signal would wait
in the queue and cut a later step short.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings
from django.views.decorators.debug import sensitive_variables

from tropo.exchange import NoReply, Patience, Reply, Unreachable, is_address, post_json

__all__ = [
    "Launch",
    "LaunchFailed",
    "NotConfigured",
    "Patience",
    "Rest",
    "RestError",
    "SignalFailed",
    "launch",
    "signal",
]

logger = logging.getLogger("tropo.rest")

_PATH = "/1.0/sessions"
_IDENTIFIER = re.compile(r"(?!\.+$)[A-Za-z0-9_.:-]{1,64}")
_LONGEST_REASON = 200
_USUAL = Patience()
_LOOK_FIRST = "it may have been done: look before asking again"


class RestError(Exception):
    """The platform did not do what it was asked; the text says what was wrong, where, and what to do.

    `in_doubt` is True when the platform may have done it all the same: asking again could do it twice.
    """

    def __init__(self, problem: str, advice: str, *, in_doubt: bool = False) -> None:
        super().__init__(f"{problem}; {advice}")
        self.in_doubt = in_doubt


class NotConfigured(RestError):
    """A setting of the REST side is missing or wrong. Nothing was sent."""


class LaunchFailed(RestError):
    """The session was not started, or nobody knows (`in_doubt`)."""


class SignalFailed(RestError):
    """The signal was not queued, or nobody knows (`in_doubt`)."""


@dataclass(frozen=True, slots=True)
class Launch:
    """A session that was started: `session_id` is the `id` of the session that will arrive."""

    session_id: str


@sensitive_variables()
def launch(parameters: Mapping[str, str], *, text: bool = False) -> Launch:
    """Starts a session with the token for voice, or for texts. `parameters` come back in the session.

    The session may arrive before the reply does: hold no lock that its first turn needs.

    Raises:
        NotConfigured: TROPO_API_URL or the token is not set.
        LaunchFailed: see `Rest.launch`.
    """
    name = "TROPO_MESSAGING_TOKEN" if text else "TROPO_VOICE_TOKEN"
    token = getattr(settings, name)
    if not token:
        raise NotConfigured(f"{name} is empty", "set it to the application's token for outbound sessions")
    return Rest.from_settings().launch(token, parameters)


def signal(session_id: str, name: str) -> None:
    """Puts the signal `name` into the queue of a session.

    Raises:
        NotConfigured: TROPO_API_URL is not set.
        SignalFailed: see `Rest.signal`.
    """
    Rest.from_settings().signal(session_id, name)


@dataclass(frozen=True, slots=True)
class Rest:
    """The Session API and the Signal API of the platform at `url`, which may have a path."""

    url: str
    patience: Patience = _USUAL

    def __post_init__(self) -> None:
        """Raises NotConfigured for an address that cannot be the platform's."""
        if not is_address(self.url):
            raise NotConfigured(
                "TROPO_API_URL is no address of a platform", "write it like https://api.example.com"
            )

    @classmethod
    def from_settings(cls) -> Self:
        """Raises NotConfigured when TROPO_API_URL is not set."""
        if not settings.TROPO_API_URL:
            raise NotConfigured("TROPO_API_URL is empty", "set it to the address of the platform's API")
        return cls(settings.TROPO_API_URL)

    @sensitive_variables()
    def launch(self, token: str, parameters: Mapping[str, str]) -> Launch:
        """Starts a session: the Session API.

        Raises:
            ValueError: a parameter has a name that the platform uses itself.
            LaunchFailed: the platform was not reached, refused, or was not understood.
        """
        taken = sorted({"token", "action"} & parameters.keys())
        if taken:
            raise ValueError(f"no parameter may be called {taken[0]!r}: the platform uses that name itself")
        reply = self._ask(_PATH, {"token": token, **parameters}, LaunchFailed)
        success = str(reply.get("success")).lower()
        if success != "true":
            problem = f"{self._at(_PATH)} did not start a session{_reason(reply, secret=token)}"
            raise LaunchFailed(problem, "check the token and the parameters", in_doubt=success != "false")
        # The platform's own Java library met line breaks and tabs inside the id.
        session_id = "".join(str(reply.get("id")).split())
        if not _IDENTIFIER.fullmatch(session_id) or reply.get("id") is None:
            problem = f"{self._at(_PATH)} started a session without a usable id"
            raise LaunchFailed(problem, "look for it among the calls", in_doubt=True)
        logger.info("launched session %s", session_id)
        return Launch(session_id)

    def signal(self, session_id: str, name: str) -> None:
        """Queues a signal: the Signal API.

        Raises:
            ValueError: there can be no session of that id, or the name is empty.
            SignalFailed: the platform was not reached, refused, or was not understood.
        """
        if not _IDENTIFIER.fullmatch(session_id):
            raise ValueError("a session id is 1 to 64 letters, digits or _ . : -")
        if not name:
            raise ValueError("a signal must have a name")
        path = f"{_PATH}/{session_id}/signals"
        reply = self._ask(path, {"value": name}, SignalFailed)
        if reply.get("status") != "QUEUED":
            # QUEUED is the only word that is known, so any other leaves it open.
            problem = f"{self._at(path)} did not say that the signal is queued{_reason(reply)}"
            raise SignalFailed(problem, "the session may be over", in_doubt=True)
        logger.info("queued a signal in session %s", session_id)

    @sensitive_variables()
    def _ask(self, path: str, message: Mapping[str, str], failed: type[RestError]) -> dict[str, Any]:
        where = self._at(path)
        try:
            reply = post_json(where, message, self.patience)
        except Unreachable as error:
            raise failed(f"{where}: {error}", "check TROPO_API_URL, and try again later") from None
        except NoReply as error:
            raise failed(f"{where}: {error}", _LOOK_FIRST, in_doubt=True) from None
        _check_status(where, reply, failed)
        try:
            document = json.loads(reply.body.decode())
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            raise failed(f"{where} replied with something that is no JSON object", _LOOK_FIRST, in_doubt=True)
        return document

    def _at(self, path: str) -> str:
        return self.url.rstrip("/") + path


def _check_status(where: str, reply: Reply, failed: type[RestError]) -> None:
    if 200 <= reply.status < 300:
        return
    problem = f"{where} replied with status {reply.status}"
    if 300 <= reply.status < 400:
        problem += f", a redirect to {reply.redirect_host or 'another address'}"
        raise failed(problem, "write the right address into TROPO_API_URL")
    if reply.status < 500:
        raise failed(problem, "check the token, and that TROPO_API_URL is the platform's API")
    raise failed(problem, _LOOK_FIRST, in_doubt=True)


def _reason(reply: Mapping[str, Any], secret: str = "") -> str:
    """What the platform gave as its reason, in one short line, without the token."""
    told = next((reply[key] for key in ("reason", "error", "status") if isinstance(reply.get(key), str)), "")
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in told).split())
    if secret:
        words = re.sub(re.escape(secret), "***", words, flags=re.IGNORECASE)
    return f": {words[:_LONGEST_REASON]}" if words else ""
