"""The tables of `calls` in the admin: lines and opt-outs can be edited, what happened can only be read."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest

from calls.lines import flow_names
from calls.models import Call, Dial, Event, FlowVersion, Line, OptOut, Recording, Refusal, Run, Turn

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[models.Model]
else:
    ModelAdmin = admin.ModelAdmin


def flow_choices() -> list[tuple[str, str]]:
    """The flows that a line can have, and behind them those that a line has and that are gone."""
    names = flow_names()
    gone = sorted({line.flow for line in Line.objects.only("flow")} - set(names))
    chosen = [(name, name) for name in names] + [(name, f"{name} (gone)") for name in gone]
    return [("", "---------"), *chosen]


def is_flow(name: str) -> None:
    """Raises ValidationError for what is no flow now."""
    names = flow_names()
    if name not in names:
        raise ValidationError(f"There is no flow {name!r}. The flows are: {', '.join(names)}.")


@admin.register(Line)
class LineAdmin(ModelAdmin):
    list_display = ("number", "label", "flow", "is_closed", "language")
    list_filter = ("is_closed",)
    search_fields = ("number", "label")

    def formfield_for_dbfield(
        self, db_field: "models.Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name != "flow":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        return forms.ChoiceField(choices=flow_choices, validators=[is_flow], help_text=db_field.help_text)


@admin.register(OptOut)
class OptOutAdmin(ModelAdmin):
    list_display = ("number", "channel", "at", "source")
    list_filter = ("channel",)
    ordering = ("-at", "-pk")
    search_fields = ("number",)
    show_full_result_count = False


class RecordAdmin(ModelAdmin):
    """A record of what happened. Counting all rows for the page's foot is left out: tables grow long."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(Call)
class CallAdmin(RecordAdmin):
    list_display = ("started_at", "caller", "called", "channel", "state", "ended_by", "is_test")
    list_filter = ("state", "channel", "is_test")
    ordering = ("-started_at", "-id")
    search_fields = ("caller", "called", "session_id")


@admin.register(Run)
class RunAdmin(RecordAdmin):
    list_display = ("id", "flow", "step", "outcome", "started_at", "ended_at")
    exclude = ("reply",)  # holds a signed turn token
    ordering = ("-id",)
    search_fields = ("calls__caller", "calls__called", "calls__session_id")


@admin.register(Turn)
class TurnAdmin(RecordAdmin):
    list_display = ("heard_at", "call", "step", "visit", "attempt", "result")
    list_select_related = ("call",)
    ordering = ("-pk",)
    search_fields = ("call__caller", "call__called", "call__session_id")


@admin.register(Event)
class EventAdmin(RecordAdmin):
    list_display = ("at", "kind", "session_id")
    list_filter = ("kind",)
    ordering = ("-pk",)
    search_fields = ("call__caller", "call__called", "session_id")


@admin.register(Refusal)
class RefusalAdmin(RecordAdmin):
    list_display = ("minute", "reason", "count")
    list_filter = ("reason",)
    ordering = ("-minute", "reason")


@admin.register(FlowVersion)
class FlowVersionAdmin(RecordAdmin):
    list_display = ("name", "hash", "first_seen")
    ordering = ("-first_seen",)
    search_fields = ("name", "hash")


@admin.register(Dial)
class DialAdmin(RecordAdmin):
    list_display = ("due_at", "flow", "to", "channel", "state", "attempts", "last_reason", "is_test")
    list_filter = ("state", "channel", "is_test")
    ordering = ("-id",)
    raw_id_fields = ("run",)
    search_fields = ("to", "key", "session_id")


@admin.register(Recording)
class RecordingAdmin(RecordAdmin):
    list_display = ("uploaded_at", "call", "step", "seconds", "size")
    list_select_related = ("call",)
    exclude = ("file",)  # it is heard in the reports, by who may read them
    ordering = ("-id",)
    search_fields = ("call__caller", "call__called", "call__session_id")
