"""The tables of calls."""

from typing import Any

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import calls.ids


def leave_room_in_pages(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A turn rewrites the run's row: with room for it, PostgreSQL keeps it in its page."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE calls_run SET (fillfactor = 70)")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Call",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=calls.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("platform", models.CharField(max_length=20)),
                ("session_id", models.CharField(max_length=64)),
                ("call_id", models.CharField(blank=True, max_length=64)),
                (
                    "direction",
                    models.CharField(
                        choices=[("inbound", "Inbound"), ("outbound", "Outbound")], max_length=10
                    ),
                ),
                ("channel", models.CharField(choices=[("voice", "Voice"), ("text", "Text")], max_length=10)),
                ("network", models.CharField(blank=True, max_length=20)),
                ("caller", models.CharField(blank=True, max_length=64)),
                ("called", models.CharField(blank=True, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("ended", "Ended")], default="open", max_length=10
                    ),
                ),
                (
                    "ended_by",
                    models.CharField(
                        blank=True,
                        choices=[("caller", "Caller"), ("application", "Application")],
                        max_length=15,
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=10)),
                ("user_type", models.CharField(blank=True, max_length=10)),
                ("parameters", models.JSONField(default=dict)),
                ("is_test", models.BooleanField(default=False)),
                (
                    "started_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("duplicate", "Duplicate"),
                            ("late", "Late"),
                            ("stray", "Stray"),
                            ("forged", "Forged"),
                        ],
                        max_length=20,
                    ),
                ),
                ("session_id", models.CharField(blank=True, max_length=64)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="calls.call",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FlowVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("hash", models.CharField(max_length=64)),
                ("graph", models.JSONField(default=dict)),
                (
                    "first_seen",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("name", "hash"), name="calls_flowversion_name_hash")
                ],
            },
        ),
        migrations.CreateModel(
            name="Line",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        help_text="As the platform dials it, best in E.164: +15550100. A SIP user name works too.",
                        max_length=64,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=100)),
                (
                    "flow",
                    models.CharField(
                        help_text="The name of a flow; manage.py flows lists them.", max_length=100
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("number",), name="calls_line_number")],
            },
        ),
        migrations.AddField(
            model_name="call",
            name="line",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="calls",
                to="calls.line",
            ),
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=calls.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("flow", models.CharField(max_length=100)),
                (
                    "step",
                    models.CharField(
                        blank=True, help_text="Where the run stands; empty once it is over.", max_length=100
                    ),
                ),
                ("state", models.JSONField(default=dict)),
                ("outcome", models.CharField(blank=True, max_length=100)),
                ("milestones", models.JSONField(default=list)),
                (
                    "turn",
                    models.PositiveIntegerField(default=1, help_text="The number of the last document sent."),
                ),
                (
                    "reply",
                    models.TextField(
                        blank=True, help_text="The last document sent, for a POST that comes twice."
                    ),
                ),
                (
                    "started_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "sent_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.flowversion",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="call",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="calls", to="calls.run"
            ),
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveIntegerField(help_text="The number of the document that was answered."),
                ),
                ("kind", models.CharField(choices=[("answer", "Answer"), ("end", "End")], max_length=10)),
                ("step", models.CharField(max_length=100)),
                ("visit", models.PositiveIntegerField()),
                ("attempt", models.PositiveSmallIntegerField()),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("answered", "Answered"),
                            ("no input", "No Input"),
                            ("no match", "No Match"),
                            ("low confidence", "Low Confidence"),
                            ("transferred", "Transferred"),
                            ("not transferred", "Not Transferred"),
                            ("hung up", "Hung Up"),
                            ("error", "Error"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        blank=True,
                        choices=[("speech", "Speech"), ("keypad", "Keypad"), ("text", "Text")],
                        max_length=10,
                    ),
                ),
                ("prompt", models.TextField(blank=True)),
                ("utterance", models.TextField(blank=True)),
                ("interpretation", models.TextField(blank=True)),
                ("value", models.TextField(blank=True)),
                ("confidence", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("leg_outcome", models.CharField(blank=True, max_length=20)),
                ("connected_seconds", models.PositiveIntegerField(blank=True, null=True)),
                ("asked_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField()),
                (
                    "took_ms",
                    models.PositiveIntegerField(help_text="Our own time for the reply, in milliseconds."),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="turns", to="calls.call"
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="turns",
                        to="calls.run",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="calls.flowversion",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["-started_at", "-id"], name="calls_call_newest"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["started_at"], name="calls_call_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(fields=("platform", "session_id"), name="calls_call_session"),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("state", "open")),
                    models.Q(("ended_at__isnull", False), ("state", "ended")),
                    _connector="OR",
                ),
                name="calls_call_ended_has_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="turn",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["heard_at"], name="calls_turn_heard_brin"
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.UniqueConstraint(fields=("run", "number", "kind"), name="calls_turn_key"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=models.Q(("heard_at__gte", models.F("asked_at"))),
                name="calls_turn_heard_after_asked",
            ),
        ),
        migrations.RunPython(leave_room_in_pages, migrations.RunPython.noop),
    ]
