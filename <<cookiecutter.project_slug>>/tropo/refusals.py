"""Why a POST is refused: one reason code for each fault, and the HTTP status that goes with it."""

from enum import StrEnum
from http import HTTPStatus


class Reason(StrEnum):
    """The code that stands in the log for a refused POST."""

    TOKEN = "token"
    INSECURE = "insecure"
    METHOD = "method"
    SIZE = "size"
    LENGTH = "length"
    ENCODING = "encoding"
    JSON = "json"
    DEPTH = "depth"
    SHAPE = "shape"
    IDENTIFIER = "identifier"

    @property
    def status(self) -> HTTPStatus:
        return _STATUS.get(self, HTTPStatus.BAD_REQUEST)


_STATUS = {
    Reason.TOKEN: HTTPStatus.UNAUTHORIZED,
    Reason.INSECURE: HTTPStatus.FORBIDDEN,
    Reason.METHOD: HTTPStatus.METHOD_NOT_ALLOWED,
    Reason.SIZE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
}


class Refused(Exception):
    """A POST that is no session or result. Raised by the readers; the middleware answers it.

    `where` is a path into the JSON (`$.result.sessionId`); `detail` says what was wrong there.
    Neither holds anything that the sender wrote.
    """

    def __init__(self, reason: Reason, detail: str, where: str = "$") -> None:
        super().__init__(f"{where}: {detail}")
        self.reason = reason
        self.detail = detail
        self.where = where
