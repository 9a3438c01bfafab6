"""A sound file as a response. Some players play nothing from a server that cannot give them a part."""

import re
from http import HTTPStatus

from django.core.files import File
from django.http import FileResponse, HttpResponse, HttpResponseBase

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def serve(file: "File[bytes]", content_type: str, wanted: str) -> HttpResponseBase:
    """The file, or the one part of it that `wanted`, a Range header, names (RFC 9110, section 14).

    A header that is none, or that names several parts, gets the whole file.
    """
    known = {"Accept-Ranges": "bytes"}
    found = _RANGE.fullmatch(wanted)
    if found is None or not (found[1] or found[2]):
        return FileResponse(file, filename="recording", content_type=content_type, headers=known)
    size = file.size
    begin, end = _part(found[1], found[2], size)
    if begin >= size or begin > end:
        file.close()
        refusal = {"Content-Range": f"bytes */{size}"}
        return HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=refusal)
    with file:
        file.seek(begin)
        part = file.read(end - begin + 1)
    known["Content-Range"] = f"bytes {begin}-{end}/{size}"
    return HttpResponse(part, content_type=content_type, status=HTTPStatus.PARTIAL_CONTENT, headers=known)


def _part(first: str, last: str, size: int) -> tuple[int, int]:
    """The first and the last byte; without a first one, the last so many bytes."""
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1
