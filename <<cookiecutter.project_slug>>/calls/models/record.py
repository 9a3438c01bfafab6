"""What happened: one row for a session, a conversation, a turn, and what was not a turn.

The turn itself writes these tables with the statements of `calls.store`, which leave out the columns that
have a default in the database; everything else uses the ORM.
"""

from typing import TypeAlias

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now

from calls.ids import new_id
from calls.models.lines import Channel, Line


class FlowVersion(models.Model):
    """A flow as it was: the graph behind one hash."""

    name = models.CharField(max_length=100)
    hash = models.CharField(max_length=64)
    graph = models.JSONField(default=dict)
    first_seen = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "hash"], name="calls_flowversion_name_hash")]

    def __str__(self) -> str:
        return f"{self.name} {self.hash[:8]}"


class Run(models.Model):
    """One passage of one conversation. Its row is what a turn locks.

    No index may hold a column that a turn changes, so that an update stays in its page.
    """

    class Kept(models.IntegerChoices):
        """How much is left of what was said. Each step down blanks more; figures stay."""

        REPLY = 0, "all, with the last reply"
        WORDS = 1, "all that was said"
        ANSWERS = 2, "the answers, without the words"
        FIGURES = 3, "figures alone"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    flow = models.CharField(max_length=100)
    version = models.ForeignKey(FlowVersion, models.PROTECT, related_name="+", db_index=False)
    step = models.CharField(
        max_length=100, blank=True, help_text="Where the run stands; empty once it is over."
    )
    state = models.JSONField(default=dict)
    outcome = models.CharField(max_length=100, blank=True)
    milestones = models.JSONField(default=list)
    turn = models.PositiveIntegerField(default=1, help_text="The number of the last document sent.")
    reply = models.TextField(blank=True, help_text="The last document sent, for a POST that comes twice.")
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(db_default=Now(), editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    kept = models.PositiveSmallIntegerField(choices=Kept, default=Kept.REPLY, db_default=Kept.REPLY.value)
    channel = models.CharField(
        max_length=10, choices=Channel, default=Channel.VOICE, db_default=Channel.VOICE.value
    )
    caller = models.CharField(max_length=64, blank=True, default="", db_default="")
    called = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["caller", "called"],
                condition=models.Q(channel="text", ended_at__isnull=True),
                name="calls_run_one_conversation",
            )
        ]
        indexes = [
            models.Index(
                fields=["kept", "ended_at"],
                condition=models.Q(ended_at__isnull=False, kept__lt=3),
                name="calls_run_kept",
            ),
            models.Index(
                fields=["ended_at"],
                condition=models.Q(ended_at__isnull=False) & ~models.Q(caller=""),
                name="calls_run_caller_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.flow} {self.id}"


class Call(models.Model):
    """One session of the platform."""

    class State(models.TextChoices):
        OPEN = "open"
        ENDED = "ended"

    class EndedBy(models.TextChoices):
        CALLER = "caller"
        APPLICATION = "application"
        UNKNOWN = "unknown"

    Channel: TypeAlias = Channel

    class Direction(models.TextChoices):
        INBOUND = "inbound"
        OUTBOUND = "outbound"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    platform = models.CharField(max_length=20)
    session_id = models.CharField(max_length=64)
    call_id = models.CharField(max_length=64, blank=True)
    direction = models.CharField(max_length=10, choices=Direction)
    channel = models.CharField(max_length=10, choices=Channel)
    network = models.CharField(max_length=20, blank=True)
    caller = models.CharField(max_length=64, blank=True)
    called = models.CharField(max_length=64, blank=True)
    caller_key = models.CharField(
        max_length=36,
        blank=True,
        default="",
        db_default="",
        help_text="calls.callers: who, without the number.",
    )
    line = models.ForeignKey(Line, models.SET_NULL, null=True, blank=True, related_name="calls")
    run = models.ForeignKey(Run, models.CASCADE, related_name="calls")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    ended_by = models.CharField(max_length=15, choices=EndedBy, blank=True)
    language = models.CharField(max_length=10, blank=True)
    user_type = models.CharField(max_length=10, blank=True)
    parameters = models.JSONField(default=dict)
    is_test = models.BooleanField(default=False)
    started_at = models.DateTimeField(db_default=Now(), editable=False)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["platform", "session_id"], name="calls_call_session"),
            models.CheckConstraint(
                condition=models.Q(state="open", ended_at=None)
                | models.Q(state="ended", ended_at__isnull=False),
                name="calls_call_ended_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="calls_call_newest"),
            models.Index(fields=["started_at"], condition=models.Q(state="open"), name="calls_call_open"),
            models.Index(
                fields=["caller_key", "started_at"],
                condition=~models.Q(caller_key=""),
                name="calls_call_of_caller",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.caller or 'unknown'} to {self.called or 'unknown'}"


class Turn(models.Model):
    """One POST that advanced a run: what was asked, and what came back."""

    class Kind(models.TextChoices):
        ANSWER = "answer"
        END = "end"

    class Result(models.TextChoices):
        ANSWERED = "answered"
        NO_INPUT = "no input"
        NO_MATCH = "no match"
        LOW_CONFIDENCE = "low confidence"
        REFUSED = "refused"
        UNSURE = "unsure"
        DENIED = "denied"
        COMMAND = "command"
        REACHED = "reached"
        NOT_REACHED = "not reached"
        TRANSFERRED = "transferred"
        NOT_TRANSFERRED = "not transferred"
        RECORDED = "recorded"
        NOT_RECORDED = "not recorded"
        CONFERRED = "conferred"
        SENT = "sent"
        NOT_SENT = "not sent"
        WAITED = "waited"
        LOOKED_UP = "looked up"
        NOT_LOOKED_UP = "not looked up"
        HUNG_UP = "hung up"
        ERROR = "error"

    class Rung(models.TextChoices):
        """What was tried at this attempt, up the ladder of recovery."""

        QUESTION = "question"
        REWORDED = "reworded"
        KEYPAD = "keypad"
        CHOICE = "choice"
        CONFIRMATION = "confirmation"
        HELP = "help"

    class Mode(models.TextChoices):
        SPEECH = "speech"
        KEYPAD = "keypad"
        TEXT = "text"

    call = models.ForeignKey(Call, models.CASCADE, related_name="turns")
    run = models.ForeignKey(Run, models.CASCADE, related_name="turns", db_index=False)
    number = models.PositiveIntegerField(help_text="The number of the document that was answered.")
    kind = models.CharField(max_length=10, choices=Kind)
    version = models.ForeignKey(FlowVersion, models.PROTECT, related_name="+", db_index=False)
    step = models.CharField(max_length=100)
    visit = models.PositiveIntegerField()
    attempt = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=20, choices=Result)
    rung = models.CharField(max_length=12, choices=Rung, blank=True, default="", db_default="")
    mode = models.CharField(max_length=10, choices=Mode, blank=True)
    prompt = models.TextField(blank=True)
    utterance = models.TextField(blank=True)
    interpretation = models.TextField(blank=True)
    value = models.TextField(blank=True)
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)
    leg_outcome = models.CharField(max_length=20, blank=True)
    connected_seconds = models.PositiveIntegerField(null=True, blank=True)
    asked_at = models.DateTimeField()
    heard_at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(help_text="Our own time for the reply, in milliseconds.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number", "kind"], name="calls_turn_key"),
            models.CheckConstraint(
                condition=models.Q(heard_at__gte=models.F("asked_at")), name="calls_turn_heard_after_asked"
            ),
        ]
        indexes = [BrinIndex(fields=["heard_at"], name="calls_turn_heard_brin")]

    def __str__(self) -> str:
        return f"{self.step} {self.visit}.{self.attempt}: {self.result}"


class Event(models.Model):
    """Something that came in and was not a turn. Never its content."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate"
        LATE = "late"
        STRAY = "stray"
        FORGED = "forged"

    kind = models.CharField(max_length=20, choices=Kind)
    call = models.ForeignKey(Call, models.CASCADE, null=True, blank=True, related_name="events")
    session_id = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.kind} {self.session_id}"


class Refusal(models.Model):
    """The POSTs that were refused for one reason within one minute. Never their content."""

    minute = models.DateTimeField()
    reason = models.CharField(max_length=20, help_text="A code of tropo.Reason.")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["minute", "reason"], name="calls_refusal_key")]

    def __str__(self) -> str:
        return f"{self.minute:%Y-%m-%d %H:%M} {self.reason}: {self.count}"
