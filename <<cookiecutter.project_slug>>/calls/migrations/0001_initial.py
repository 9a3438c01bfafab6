"""The tables of calls."""

from typing import Any

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import calls.ids
import calls.models.recordings


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
                    models.CharField(help_text="The conversation that answers this number.", max_length=100),
                ),
                (
                    "announcement",
                    models.TextField(
                        blank=True, db_default="", default="", help_text="Said first to everybody who calls."
                    ),
                ),
                (
                    "is_closed",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="Says the announcement, or that this line is closed, and hangs up.",
                        verbose_name="closed now",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="The recogniser's code, such as en-us or es-mx; empty for the project's own.",
                        max_length=10,
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
            name="OptOut",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(help_text="In E.164: +15550100.", max_length=64)),
                (
                    "channel",
                    models.CharField(
                        choices=[("text", "Text"), ("voice", "Voice"), ("all", "All")],
                        default="all",
                        max_length=10,
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="How we know, such as a text of STOP.", max_length=100
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("number", "channel"), name="calls_optout_number_channel")
                ],
            },
        ),
        migrations.CreateModel(
            name="Refusal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minute", models.DateTimeField()),
                ("reason", models.CharField(help_text="A code of tropo.Reason.", max_length=20)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("minute", "reason"), name="calls_refusal_key")
                ],
            },
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
                    "channel",
                    models.CharField(
                        choices=[("voice", "Voice"), ("text", "Text")],
                        db_default="voice",
                        default="voice",
                        max_length=10,
                    ),
                ),
                ("caller", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("called", models.CharField(blank=True, db_default="", default="", max_length=64)),
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
        migrations.CreateModel(
            name="Recording",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=calls.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("step", models.CharField(max_length=100)),
                ("visit", models.PositiveIntegerField()),
                ("file", models.FileField(max_length=200, upload_to=calls.models.recordings.file_path)),
                ("content_type", models.CharField(max_length=20)),
                ("size", models.PositiveIntegerField(help_text="In bytes.")),
                ("seconds", models.PositiveIntegerField(blank=True, help_text="Unknown for mp3.", null=True)),
                ("transcription", models.TextField(blank=True)),
                ("transcribed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "uploaded_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recordings",
                        to="calls.call",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recordings",
                        to="calls.run",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Dial",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=calls.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("flow", models.CharField(max_length=100)),
                ("to", models.CharField(help_text="The number to call, in E.164.", max_length=20)),
                (
                    "caller_id",
                    models.CharField(blank=True, help_text="The number it is called from.", max_length=64),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[("voice", "Voice"), ("text", "Text")], default="voice", max_length=10
                    ),
                ),
                (
                    "due_at",
                    models.DateTimeField(help_text="Not before this time; a further attempt moves it on."),
                ),
                ("expires_at", models.DateTimeField(blank=True, help_text="Not after this time.", null=True)),
                (
                    "data",
                    models.JSONField(blank=True, default=dict, help_text="What the flow gets as its data."),
                ),
                (
                    "key",
                    models.CharField(
                        blank=True, help_text="The owner's own: one call for one key.", max_length=200
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("launched", "Launched"),
                            ("talking", "Talking"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("given up", "Given Up"),
                            ("opted out", "Opted Out"),
                            ("expired", "Expired"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("most_attempts", models.PositiveSmallIntegerField(default=6)),
                (
                    "misses",
                    models.JSONField(blank=True, default=dict, help_text="How often each reason was met."),
                ),
                (
                    "last_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("busy", "Busy"),
                            ("no answer", "No Answer"),
                            ("machine", "Machine"),
                            ("failed", "Failed"),
                            ("not launched", "Not Launched"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "claimed_at",
                    models.DateTimeField(
                        blank=True, help_text="When the attempt was last heard of.", null=True
                    ),
                ),
                (
                    "session_id",
                    models.CharField(
                        blank=True, help_text="The session of the present attempt.", max_length=64
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("is_test", models.BooleanField(default=False)),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="dials",
                        to="calls.run",
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
                            ("refused", "Refused"),
                            ("unsure", "Unsure"),
                            ("denied", "Denied"),
                            ("command", "Command"),
                            ("reached", "Reached"),
                            ("not reached", "Not Reached"),
                            ("transferred", "Transferred"),
                            ("not transferred", "Not Transferred"),
                            ("recorded", "Recorded"),
                            ("not recorded", "Not Recorded"),
                            ("conferred", "Conferred"),
                            ("sent", "Sent"),
                            ("not sent", "Not Sent"),
                            ("waited", "Waited"),
                            ("looked up", "Looked Up"),
                            ("not looked up", "Not Looked Up"),
                            ("hung up", "Hung Up"),
                            ("error", "Error"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "rung",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("question", "Question"),
                            ("reworded", "Reworded"),
                            ("keypad", "Keypad"),
                            ("choice", "Choice"),
                            ("confirmation", "Confirmation"),
                            ("help", "Help"),
                        ],
                        db_default="",
                        default="",
                        max_length=12,
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
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("channel", "text"), ("ended_at__isnull", True)),
                fields=("caller", "called"),
                name="calls_run_one_conversation",
            ),
        ),
        migrations.AddConstraint(
            model_name="recording",
            constraint=models.UniqueConstraint(fields=("run", "step", "visit"), name="calls_recording_visit"),
        ),
        migrations.AddIndex(
            model_name="dial",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["due_at"], name="calls_dial_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="dial",
            index=models.Index(
                condition=models.Q(("state", "launched")), fields=["claimed_at"], name="calls_dial_launched"
            ),
        ),
        migrations.AddConstraint(
            model_name="dial",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True), fields=("key",), name="calls_dial_owners_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="dial",
            constraint=models.CheckConstraint(
                condition=models.Q(("attempts__lte", models.F("most_attempts"))), name="calls_dial_attempts"
            ),
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
