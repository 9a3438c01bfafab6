"""Messages that callers leave: the signed address they are uploaded to, the sound kept, the words attached.

An address and an identifier each name one visit of one step of a run, and each has a signature of its own:
who knows one can make neither the other nor a webhook token of it.
"""

import logging
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.mail import send_mail
from django.core.signing import BadSignature, Signer
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from calls.models import Call, Recording
from calls.sound import Sound, read_sound

logger = logging.getLogger("calls.recordings")

_ADDRESS = "calls.recording"
_IDENTIFIER = "calls.transcription"


class NoSuchRecording(Exception):
    """The name was not signed by this project, or its run is gone."""


@dataclass(frozen=True, slots=True)
class Place:
    """One visit of one step of a run: at most one recording is kept of it."""

    run: UUID
    step: str
    visit: int

    def sign(self, salt: str) -> str:
        return Signer(salt=salt).sign(f"{self.run.hex}.{self.step}.{self.visit}")

    @classmethod
    def read(cls, signed: str, salt: str) -> Self:
        """The place that `sign` wrote. Raises NoSuchRecording."""
        try:
            run, step, visit = Signer(salt=salt).unsign(signed).split(".")
        except BadSignature:
            raise NoSuchRecording from None
        return cls(UUID(run), step, int(visit))


def address(run: UUID, step: str, visit: int) -> str:
    """Where the platform uploads the recording of that visit.

    Absolute by PUBLIC_URL, as the platform needs it; without one it is a path.
    """
    name = Place(run, step, visit).sign(_ADDRESS)
    path = reverse("recording-upload", args=[name])
    return urljoin(str(settings.PUBLIC_URL), path)


def identifier(run: UUID, step: str, visit: int) -> str:
    """The `id` of a transcription, which the platform sends back beside the text."""
    return Place(run, step, visit).sign(_IDENTIFIER)


def place_of(name: str) -> Place:
    """What the name at the end of an address stands for. Raises NoSuchRecording for one that is not ours."""
    return Place.read(name, _ADDRESS)


def keep(place: Place, file: "File[bytes]") -> Recording:
    """Keeps an upload. Of a second one for the same place nothing is kept: the first stays.

    Raises:
        NoSuchRecording: the run is gone.
        NotSound: the file is neither wav nor mp3.
    """
    sound = read_sound(file)
    kept = Recording.objects.filter(run=place.run, step=place.step, visit=place.visit)
    return kept.first() or _write(place, sound, file) or kept.get()


def transcribed(identifier: str, text: str) -> bool:
    """Attaches the words of a recording; the first ones stay. False when there is nothing to attach them to.

    `identifier` is what came with the text: one that is not ours is logged and changes nothing.
    """
    try:
        place = Place.read(identifier, _IDENTIFIER)
    except NoSuchRecording:
        logger.warning("a transcription came whose identifier is not ours")
        return False
    recordings = Recording.objects.filter(run=place.run, step=place.step, visit=place.visit)
    # One that was purged has no file, and gets no words.
    recordings.filter(transcribed_at=None).exclude(file="").update(
        transcription=text, transcribed_at=timezone.now()
    )
    return recordings.exists()


def _write(place: Place, sound: Sound, file: "File[bytes]") -> Recording | None:
    """The new row; None when another upload of the same name was faster."""
    call = Call.objects.filter(run=place.run).order_by("-started_at", "-id").first()
    if call is None:
        raise NoSuchRecording
    recording = Recording(
        call=call,
        run_id=place.run,
        step=place.step,
        visit=place.visit,
        file=file,
        content_type=sound.content_type,
        size=sound.size,
        seconds=sound.seconds,
    )
    try:
        with transaction.atomic():
            recording.save(force_insert=True)
            if settings.RECORDING_MAIL and not call.is_test:
                transaction.on_commit(lambda: _notify(recording), robust=True)
    except IntegrityError:
        recording.file.delete(save=False)
        return None
    logger.info("call %s: recording %s of %s bytes", call.id, recording.id, recording.size)
    return recording


def _notify(recording: Recording) -> None:
    """Says by mail that there is a message, and where to hear it; who called stays behind the login."""
    page = urljoin(settings.PUBLIC_URL, reverse("reports:call", args=[recording.call_id]))
    send_mail(
        f"A message was left ({recording.step})",
        f"A caller left a message. Listen to it here:\n\n{page}\n",
        None,
        settings.RECORDING_MAIL,
    )
