"""The platform's REST side without a server: what a request for a launch or a signal says, and its answer.

    /1.0/sessions                   starts a session for a token: the Session API
    /1.0/sessions/<id>/signals      puts a signal into a session: the Signal API

Each is asked by GET, or by POST of JSON, XML or a form, and answers in kind.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_PATH = re.compile(r"/1\.0/sessions(?:/(?P<session>[A-Za-z0-9]{1,64})/signals)?/?")
_TYPES = {
    "json": "application/json",
    "xml": "application/xml; charset=utf-8",
    "form": "application/x-www-form-urlencoded",
}


class BadRequestError(ValueError):
    """A request that says nothing to this platform; the message says what to send instead."""


@dataclass(frozen=True)
class Asked:
    """A request. `kind` and `accept` are its Content-Type and Accept. What may hold a token is not shown."""

    method: str
    path: str
    query: str = field(repr=False, default="")
    kind: str = ""
    accept: str = ""
    body: bytes = field(repr=False, default=b"")


@dataclass(frozen=True)
class Answer:
    """What is answered; `kind` is the Content-Type."""

    status: int
    kind: str
    body: bytes


class Platform(Protocol):
    """What starts the sessions and takes the signals."""

    def launch(self, parameters: Mapping[str, str]) -> str | None:
        """Start a session with these parameters, `token` among them; its id, or None for a wrong token."""

    def signal(self, session_id: str, name: str) -> bool:
        """Queue a signal; False when there is no such session, or no more."""


def answer(asked: Asked, platform: Platform) -> Answer:
    """Do what is asked, and say so in the form in which it was asked."""
    form = _form(asked)
    path = _PATH.fullmatch(asked.path)
    if path is None:
        return _refusal(404, form, "there are only /1.0/sessions and /1.0/sessions/<id>/signals")
    if asked.method not in ("GET", "POST"):
        return _refusal(405, form, "must be GET or POST")
    session_id = path["session"]
    try:
        fields = _fields(asked, form, "create" if session_id is None else "signal")
        if session_id is None:
            return _launch(fields, form, platform)
        return _signal(session_id, fields, form, platform)
    except BadRequestError as error:
        return _refusal(400, form, str(error))


def _launch(fields: dict[str, str], form: str, platform: Platform) -> Answer:
    if not fields.get("token"):
        raise BadRequestError("`token` is missing")
    extra = {"format": "form"} if form == "form" else {}
    session_id = platform.launch(fields | extra)
    if session_id is None:
        return _refusal(200, form, "this platform does not know the token")
    return _answer(200, form, "session", {"success": True, "token": fields["token"], "id": session_id})


def _signal(session_id: str, fields: dict[str, str], form: str, platform: Platform) -> Answer:
    if not fields.get("value"):
        raise BadRequestError("`value`, the name of the signal, is missing")
    if platform.signal(session_id, fields["value"]):
        return _answer(200, form, "signal", {"status": "QUEUED"})
    return _answer(404, form, "signal", {"status": "NOTFOUND"})  # which word Tropo had is not known


def _form(asked: Asked) -> str:
    """Which of json, xml and form the answer is in: a form for a form, JSON where it is wanted, else XML."""
    if "form-urlencoded" in asked.kind:
        return "form"
    wanted = asked.accept if asked.accept not in ("", "*/*") else asked.kind
    return "json" if "json" in wanted else "xml"


def _fields(asked: Asked, form: str, action: str) -> dict[str, str]:
    """Give what was sent, by name, without `action`, which a GET must give."""
    fields = dict(parse_qsl(asked.query, keep_blank_values=True))
    if asked.method == "POST":
        fields |= _posted(asked)
    elif fields.get("action") != action:
        raise BadRequestError(f"a GET must say action={action}")
    fields.pop("action", None)
    return fields


def _posted(asked: Asked) -> dict[str, str]:
    try:
        if "json" in asked.kind:
            return _json(json.loads(asked.body))
        if "xml" in asked.kind:
            return _xml(asked.body)
        if "form-urlencoded" in asked.kind:
            return dict(parse_qsl(asked.body.decode(), keep_blank_values=True))
    except BadRequestError:
        raise
    except (ValueError, RecursionError, ElementTree.ParseError) as error:
        raise BadRequestError(f"the body is not the {asked.kind} it is said to be") from error
    raise BadRequestError("Content-Type must be application/json, text/xml or a form")


def _json(document: object) -> dict[str, str]:
    """Give the fields of an object; what is not a string becomes one, as on Tropo."""
    if not isinstance(document, dict):
        raise BadRequestError("the JSON must be an object")
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in document.items()}


def _xml(body: bytes) -> dict[str, str]:
    """Give the children by their names, and each `<var name="n" value="v"/>` by its own."""
    if b"<!" in body:
        raise BadRequestError("declarations and comments are not read")  # an entity could be a bomb
    fields: dict[str, str] = {}
    for child in ElementTree.fromstring(body):
        name = child.get("name", "") if child.tag == "var" else child.tag
        fields[name] = child.get("value", "") if child.tag == "var" else (child.text or "").strip()
    return fields


def _refusal(status: int, form: str, error: str) -> Answer:
    return _answer(status, form, "session", {"success": False, "error": error})


def _answer(status: int, form: str, root: str, fields: Mapping[str, str | bool]) -> Answer:
    if form == "json":
        return Answer(status, _TYPES[form], json.dumps(fields).encode())
    texts = {name: str(value).lower() if isinstance(value, bool) else value for name, value in fields.items()}
    if form == "form":
        return Answer(status, _TYPES[form], urlencode(texts).encode())
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in texts.items())
    return Answer(status, _TYPES[form], f"<{root}>{inner}</{root}>".encode())
