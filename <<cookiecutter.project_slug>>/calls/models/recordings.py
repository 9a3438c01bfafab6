"""The messages that callers leave."""

import secrets

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from calls.ids import new_id
from calls.models.record import Call, Run


def file_path(recording: "Recording", name: str) -> str:
    """Where a file is kept: by its day, under a name that nobody can guess and no sender chooses."""
    ending = "mp3" if recording.content_type == "audio/mpeg" else "wav"
    return f"recordings/{timezone.now():%Y/%m/%d}/{secrets.token_urlsafe(24)}.{ending}"


class Recording(models.Model):
    """A message left at a step of a run, in Django's default storage."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    call = models.ForeignKey(Call, models.CASCADE, related_name="recordings")
    run = models.ForeignKey(Run, models.CASCADE, related_name="recordings", db_index=False)
    step = models.CharField(max_length=100)
    visit = models.PositiveIntegerField()
    file = models.FileField(upload_to=file_path, max_length=200)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField(help_text="In bytes.")
    seconds = models.PositiveIntegerField(null=True, blank=True, help_text="Unknown for mp3.")
    transcription = models.TextField(blank=True)
    transcribed_at = models.DateTimeField(null=True, blank=True)
    uploaded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "step", "visit"], name="calls_recording_visit")]

    def __str__(self) -> str:
        return f"{self.step} {self.visit} of {self.call}"
