"""What a sound file is, by its first bytes: what the sender says of it proves nothing."""

import struct
from dataclasses import dataclass

from django.core.files import File

_HEAD = 64
_FORMAT_AT = 12
_BYTE_RATE_AT = 28
_SMALLEST_WAV = 44


class NotSound(Exception):
    """The file is neither wav nor mp3."""


@dataclass(frozen=True, slots=True)
class Sound:
    """The type of a sound file, its size in bytes, and its length in seconds where the head tells it."""

    content_type: str
    size: int
    seconds: int | None = None


def read_sound(file: "File[bytes]") -> Sound:
    """The kind of the file; it is read from its beginning, and left there.

    Raises:
        NotSound: it is neither.
    """
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Sound("audio/wav", file.size, _seconds(head, file.size))
    # An ID3 tag, or the eleven set bits that each frame begins with, layer III among them.
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return Sound("audio/mpeg", file.size)
    raise NotSound


def _seconds(head: bytes, size: int) -> int | None:
    """The length of a wav by its bytes a second, for any encoding."""
    if len(head) < _SMALLEST_WAV or head[_FORMAT_AT : _FORMAT_AT + 4] != b"fmt ":
        return None
    (rate,) = struct.unpack_from("<I", head, _BYTE_RATE_AT)
    return round((size - _SMALLEST_WAV) / rate) if rate else None
