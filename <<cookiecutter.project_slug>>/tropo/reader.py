"""Bytes in, a session or a result out, or a refusal that says what was wrong and where.

Only what cannot be read safely is refused. A caller is innocent of odd characters in free text:
they are replaced. An unknown field is ignored, an optional one of the wrong type counts as absent.
"""

import json
import re
from typing import Any, NoReturn

from tropo.fields import identifier
from tropo.refusals import Reason, Refused
from tropo.results import Result
from tropo.sessions import Session

MAX_BYTES = 64 * 1024
MAX_DEPTH = 24
_LONGEST_INTEGER = 19
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")


def read(body: bytes) -> Session | Result:
    """The session or result in the body of a POST.

    Raises:
        Refused: the body is no JSON of an acceptable kind, or neither a session nor a result.
    """
    message = parse(body)
    if not isinstance(message, dict):
        raise Refused(Reason.SHAPE, "must be an object with session or result")
    match message.get("session"), message.get("result"):
        case dict() as session, None:
            identifier(session, "id", "$.session")
            return Session.from_dict(session)
        case None, dict() as result:
            identifier(result, "sessionId", "$.result")
            return Result.from_dict(result)
    raise Refused(Reason.SHAPE, "must hold exactly one of session and result, as an object")


def parse(body: bytes) -> Any:
    """The JSON of a body.

    Raises:
        Refused: it is none, or could be read in two ways.
    """
    return _parse(_decode(body))


def _decode(body: bytes) -> str:
    """UTF-8 with or without a mark, else Latin-1, which the platform used until 2014."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in body:
        raise Refused(Reason.ENCODING, "must be UTF-8, not UTF-16 or UTF-32")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("iso-8859-1")


def _parse(text: str) -> Any:
    _bound_depth(text)
    try:
        return json.loads(
            text,
            parse_constant=_refuse_constant,
            parse_int=_short_integer,
            parse_float=_finite,
            object_pairs_hook=_without_twins,
        )
    except RecursionError:
        raise Refused(Reason.DEPTH, f"is nested deeper than {MAX_DEPTH}") from None
    except ValueError:
        raise Refused(Reason.JSON, "is not JSON") from None


def _bound_depth(text: str) -> None:
    """Python's own bound differs between versions, and some go past what can be written again."""
    depth = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
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
