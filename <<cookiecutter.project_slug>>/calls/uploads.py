"""The address that the platform uploads recordings to. Its signed name is all that opens it."""

import logging
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from calls.recordings import NoSuchRecording, keep, place_of
from calls.sound import NotSound

logger = logging.getLogger("calls.uploads")

MAX_BYTES = 10 * 1024 * 1024
_MAX_FORM = MAX_BYTES + 4096
"""What the form around the file may add."""

PART = "filename"
"""What Tropo called the part that holds the sound."""


class _Refused(Exception):
    """An upload that is not taken: the status, and what was wrong."""

    def __init__(self, status: HTTPStatus, problem: str) -> None:
        super().__init__(problem)
        self.status = status


@csrf_exempt
@login_not_required
@require_POST
def upload(request: HttpRequest, name: str) -> HttpResponse:
    """Takes a recording as multipart/form-data: 200 also for one that is there already."""
    try:
        keep(place_of(name), _file(request))
    except NoSuchRecording:
        refused = _Refused(HTTPStatus.NOT_FOUND, "there is no recording of this name")
    except NotSound:
        refused = _Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "a recording is wav or mp3")
    except _Refused as error:
        refused = error
    else:
        return HttpResponse()
    logger.warning("refused a recording: %s", refused)
    return HttpResponse(f"{refused}\n", status=refused.status, content_type="text/plain")


def _file(request: HttpRequest) -> "UploadedFile[bytes]":
    """The uploaded file, with at most MAX_BYTES. Its length is looked at before a byte is read."""
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise _Refused(HTTPStatus.FORBIDDEN, "must come by https")
    length = request.META.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit()):
        raise _Refused(HTTPStatus.LENGTH_REQUIRED, "Content-Length must be there, as a whole number")
    if int(length[:10]) > _MAX_FORM:
        raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a recording has at most {MAX_BYTES} bytes")
    try:
        file = request.FILES.get(PART)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        raise _Refused(HTTPStatus.BAD_REQUEST, "the form could not be read to its end") from None
    if not isinstance(file, UploadedFile) or not file.size:
        raise _Refused(HTTPStatus.BAD_REQUEST, f"the form must hold the sound in a file part `{PART}`")
    if file.size > MAX_BYTES:
        raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"a recording has at most {MAX_BYTES} bytes")
    return file
