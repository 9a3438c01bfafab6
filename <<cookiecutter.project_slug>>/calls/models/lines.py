"""The numbers that callers dial."""

from typing import Any

from django.db import models

from calls.numbers import e164


class Channel(models.TextChoices):
    """The two ways to talk with somebody."""

    VOICE = "voice"
    TEXT = "text"


class Line(models.Model):
    """A number that callers dial, the flow that answers it, and what can be switched while calls come in."""

    number = models.CharField(
        max_length=64,
        help_text="As the platform dials it, best in E.164: +15550100. A SIP user name works too.",
    )
    label = models.CharField(max_length=100, blank=True)
    flow = models.CharField(max_length=100, help_text="The conversation that answers this number.")
    announcement = models.TextField(
        blank=True, default="", db_default="", help_text="Said first to everybody who calls."
    )
    is_closed = models.BooleanField(
        "closed now",
        default=False,
        db_default=False,
        help_text="Says the announcement, or that this line is closed, and hangs up.",
    )
    language = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        help_text="The recogniser's code, such as en-us or es-mx; empty for the project's own.",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="calls_line_number")]

    def __str__(self) -> str:
        return self.label or self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.number = e164(self.number)
        super().save(*args, **kwargs)
