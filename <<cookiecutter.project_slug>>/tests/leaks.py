"""Looks for words wherever this project could have left them: rows, pages, logs, mail, and its replies."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from calls.models import Call


class Search:
    """The places where any of the words were `found`, as they are or with blanks between their letters."""

    def __init__(
        self, words: tuple[str, ...], caplog: pytest.LogCaptureFixture, replies: list[bytes]
    ) -> None:
        self.words = words
        self.found: set[str] = set()
        self.look("log", caplog.text + "".join(repr(vars(record)) for record in caplog.records))
        self.look("reply", b"".join(replies).decode())
        self.look("mail", "".join(str(message.message()) for message in getattr(mail, "outbox", ())))
        self.look_at_rows()
        self.look_at_pages()

    def look(self, place: str, text: str) -> None:
        if any(words in form for words in self.words for form in (text, text.replace(" ", ""))):
            self.found.add(place)

    def look_at_rows(self) -> None:
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                self.look(f"table {table}", repr(cursor.fetchall()))

    def look_at_pages(self) -> None:
        """The reports and the admin, as somebody reads them who may read everything."""
        client = Client()
        client.force_login(User.objects.get_or_create(username="all", is_superuser=True, is_staff=True)[0])
        paths = ["/reports/", "/reports/calls/", "/reports/flows/"]
        paths += [reverse("reports:call", args=[call.pk]) for call in Call.objects.all()]
        for model in admin.site._registry:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            paths.append(reverse(f"{name}_changelist"))
            paths += [reverse(f"{name}_change", args=[row.pk]) for row in model._default_manager.all()[:50]]
        for path in paths:
            response = client.get(path)
            assert response.status_code == 200, path
            self.look(f"page {path.split('/')[1]}", response.content.decode())


def server_log() -> str:
    """What the PostgreSQL server of tests.on_postgres has logged; empty on SQLite, or elsewhere."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        (folder,) = cursor.fetchone()
    log = Path(folder) / "log"
    return log.read_text(errors="replace") if log.is_file() else ""


def spoken(response: Any) -> str:
    """Everything a document says, on one line."""
    words: list[str] = []
    for step in json.loads(response.content)["tropo"]:
        for name, action in step.items():
            said = action if name == "say" else (action or {}).get("say", []) if name != "on" else []
            words += [prompt["value"] for prompt in (said if isinstance(said, list) else [said])]
    return " / ".join(words)
