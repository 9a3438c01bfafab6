"""The calls and texts to be made, and who does not want any."""

from typing import Any

from django.db import models
from django.db.models.functions import Now

from calls.ids import new_id
from calls.models.lines import Channel
from calls.models.record import Run
from calls.numbers import e164


class Dial(models.Model):
    """A call or a text to be made. `calls.dials` moves it from state to state."""

    class State(models.TextChoices):
        WAITING = "waiting"
        LAUNCHED = "launched"
        TALKING = "talking"
        DONE = "done"
        FAILED = "failed"
        GIVEN_UP = "given up"
        OPTED_OUT = "opted out"
        EXPIRED = "expired"

    class Reason(models.TextChoices):
        """Why an attempt reached nobody."""

        BUSY = "busy"
        NO_ANSWER = "no answer"
        MACHINE = "machine"
        FAILED = "failed"
        NOT_LAUNCHED = "not launched"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    flow = models.CharField(max_length=100)
    to = models.CharField(max_length=20, help_text="The number to call, in E.164.")
    caller_id = models.CharField(max_length=64, blank=True, help_text="The number it is called from.")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.VOICE)
    due_at = models.DateTimeField(help_text="Not before this time; a further attempt moves it on.")
    expires_at = models.DateTimeField(null=True, blank=True, help_text="Not after this time.")
    data = models.JSONField(default=dict, blank=True, help_text="What the flow gets as its data.")
    key = models.CharField(max_length=200, blank=True, help_text="The owner's own: one call for one key.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    most_attempts = models.PositiveSmallIntegerField(default=6)
    misses = models.JSONField(default=dict, blank=True, help_text="How often each reason was met.")
    last_reason = models.CharField(max_length=12, choices=Reason, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="When the attempt was last heard of.")
    session_id = models.CharField(max_length=64, blank=True, help_text="The session of the present attempt.")
    run = models.ForeignKey(Run, models.SET_NULL, null=True, blank=True, related_name="dials")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    is_test = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(key=""), name="calls_dial_owners_key"
            ),
            models.CheckConstraint(
                condition=models.Q(attempts__lte=models.F("most_attempts")), name="calls_dial_attempts"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="calls_dial_waiting"),
            models.Index(
                fields=["claimed_at"], condition=models.Q(state="launched"), name="calls_dial_launched"
            ),
            models.Index(fields=["run"], condition=models.Q(state="talking"), name="calls_dial_talking"),
        ]

    def __str__(self) -> str:
        return f"{self.flow} to {self.to}: {self.state}"


class OptOut(models.Model):
    """A number that is not to be called, or not to be texted."""

    class Channel(models.TextChoices):
        TEXT = "text"
        VOICE = "voice"
        ALL = "all"

    number = models.CharField(max_length=64, help_text="In E.164: +15550100.")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.ALL)
    at = models.DateTimeField(db_default=Now(), editable=False)
    source = models.CharField(max_length=100, blank=True, help_text="How we know, such as a text of STOP.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number", "channel"], name="calls_optout_number_channel")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.channel}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.number = e164(self.number)
        super().save(*args, **kwargs)
