"""Bytes in, a session or a result out, or a refusal that says what was wrong and where.

Only what cannot be read safely is refused. A caller is innocent of odd characters in free text:
they are replaced. An unknown field is ignored, an optional one of the wrong type counts as absent.
"""

import json
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from typing import Any, NoReturn

from tropo.fields import identifier
from tropo.refusals import Reason, Refused
from tropo.results import Result, TranscriptionResult
from tropo.sessions import Session

MAX_BYTES = 64 * 1024
MAX_DEPTH = 24
_LONGEST_INTEGER = 19
# An unterminated string ends with the text: were that no match, the search would take quadratic time.
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
# PostgreSQL stores no NUL, and no database stores half of a surrogate pair. A whole pair is one character.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<unstorable>u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))|.)",
    re.DOTALL,
)

Post = Session | Result | TranscriptionResult
"""What a platform POSTs."""


def read(body: bytes) -> Post:
    """The session, result or transcription in the body of a POST.

    Raises:
        Refused: the body is no JSON of an acceptable kind, or none of the three.
    """
    message = parse(body)
    if not isinstance(message, dict):
        raise Refused(Reason.SHAPE, "must be an object with session or result")
    match message.get("session"), message.get("result"):
        case dict() as session, None:
            identifier(session, "id", "$.session")
            return Session.from_dict(session)
        case None, dict() as result:
            # A transcription is known by what it has and by what it lacks.
            is_text = isinstance(result.get("transcription"), str) and result.get("sessionId") is None
            if is_text:
                return TranscriptionResult.from_dict(result)
            identifier(result, "sessionId", "$.result")
            return Result.from_dict(result)
    raise Refused(Reason.SHAPE, "must hold exactly one of session and result, as an object")


def parse(body: bytes) -> Any:
    """The JSON in a body: finite numbers, no key twice, no text that a database cannot store.

    Raises:
        Refused: the body is no such JSON, or nested deeper than `MAX_DEPTH`.
    """
    text = _decode(body)
    # Most bodies have no escape of this kind and few brackets, which the bytes tell at once.
    if b"\\u" in body:
        text = _storable(text)
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH:
        _bound_depth(text)
    try:
        return _JSON.decode(text)
    except ValueError:
        raise Refused(Reason.JSON, "is not JSON") from None


def _decode(body: bytes) -> str:
    """UTF-8 with or without a mark, else Latin-1, which the platform used until 2014."""
    if b"\x00" in body or body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise Refused(Reason.ENCODING, "must be UTF-8, not UTF-16 or UTF-32")
    try:
        return body.removeprefix(BOM_UTF8).decode()
    except UnicodeDecodeError:
        return body.decode("iso-8859-1")


def _storable(text: str) -> str:
    """After strict decoding, what cannot be stored is left in escapes alone."""
    return _ESCAPE.sub(lambda found: r"\ufffd" if found["unstorable"] else found[0], text)


def _bound_depth(text: str) -> None:
    """Python's own bound differs between versions, and some go past what can be written again."""
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_DEPTH:
            raise Refused(Reason.DEPTH, f"is nested deeper than {MAX_DEPTH}")


def _refuse_constant(name: str) -> NoReturn:
    raise Refused(Reason.JSON, f"holds {name}, which JSON does not have")


def _short_integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise Refused(Reason.JSON, f"holds a number of more than {_LONGEST_INTEGER} digits")
    return int(digits)


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Refused(Reason.JSON, "holds a number that is too large")
    return value


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers of one body must not see two messages (CWE-436)."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused(Reason.JSON, "holds the same key twice in one object")
    return found


_JSON = json.JSONDecoder(
    parse_constant=_refuse_constant,
    parse_int=_short_integer,
    parse_float=_finite,
    object_pairs_hook=_without_twins,
)
