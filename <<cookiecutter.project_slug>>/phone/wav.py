"""What a recording sounds like, and the form in which it is uploaded.

Tropo sent one file part named `filename`, of type application/octet-stream, called `<hex and digits>.wav`.
"""

import io
import math
import struct
import wave
from base64 import b64encode
from dataclasses import dataclass

RATE = 8000
"""Samples a second, of 16 bits each, on one channel."""

LONGEST = 60.0
"""Seconds of sound in an upload; a longer recording is cut there, so that an hour costs nothing."""

_PERIOD = struct.pack("<20h", *(int(2000 * math.sin(2 * math.pi * step / 20)) for step in range(20)))
"""One period of a quiet tone of 400 Hz."""


@dataclass(frozen=True)
class Upload:
    """A recording of so many seconds, to be sent to an http(s) URL by POST or PUT.

    Send `body` with `headers`, and answer the line with the Reply.
    """

    url: str
    seconds: float
    filename: str
    method: str = "POST"
    username: str = ""
    password: str = ""

    @property
    def audio(self) -> bytes:
        """The recording as a WAV file."""
        return tone(self.seconds)

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the request, with the credentials as HTTP Basic authentication."""
        headers = {"Content-Type": f"multipart/form-data; boundary={self._boundary}"}
        if self.username or self.password:
            credentials = b64encode(f"{self.username}:{self.password}".encode()).decode()
            headers["Authorization"] = f"Basic {credentials}"
        return headers

    @property
    def body(self) -> bytes:
        """The form with its one part."""
        head = (
            f"--{self._boundary}\r\n"
            f'Content-Disposition: form-data; name="filename"; filename="{self.filename}"\r\n'
            "Content-Type: application/octet-stream\r\n"
            "Content-Transfer-Encoding: binary\r\n\r\n"
        )
        return head.encode() + self.audio + f"\r\n--{self._boundary}--\r\n".encode()

    @property
    def _boundary(self) -> str:
        return f"part-{self.filename.removesuffix('.wav')}"


def tone(seconds: float) -> bytes:
    """Give a WAV file of that length, `LONGEST` at most: 8 kHz, 16-bit PCM, one channel."""
    samples = int(min(seconds, LONGEST) * RATE)
    with io.BytesIO() as file:
        with wave.open(file, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(RATE)
            out.writeframes((_PERIOD * (samples // 20 + 1))[: 2 * samples])
        return file.getvalue()
