"""The tables of `calls` in the admin: lines can be edited, what happened can only be read."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from calls.models import Call, Event, FlowVersion, Line, Refusal, Run, Turn

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[models.Model]
else:
    ModelAdmin = admin.ModelAdmin


@admin.register(Line)
class LineAdmin(ModelAdmin):
    list_display = ("number", "label", "flow")
    search_fields = ("number", "label")


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
