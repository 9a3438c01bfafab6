"""System checks: settings that would lose what is to be kept, or that keep it where it is not found."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from calls.purging import CLASSES

_LONGER_THAN_NOTHING = ("SESSION_MAX", "TEXT_MAX")


@register
def check_times(**kwargs: Any) -> Iterator[CheckMessage]:
    wrong = [name for name in _LONGER_THAN_NOTHING if getattr(settings, name) <= 0]
    retentions = ["RETENTION_REPLIES", *(one.setting for one in CLASSES)]
    wrong += [name for name in retentions if getattr(settings, name) < 0]
    for name in wrong:
        what = "above 0 hours" if name in _LONGER_THAN_NOTHING else "0, which keeps for good, or more"
        yield Error(f"{name} is {getattr(settings, name)}: it must be {what}.", id="calls.E001")


@register(Tags.files, deploy=True)
def check_storage(**kwargs: Any) -> Iterator[CheckMessage]:
    """A database that several servers can share is the only sign there is of several servers."""
    if isinstance(default_storage, FileSystemStorage) and connection.vendor != "sqlite":
        message = "Recordings are kept on this machine's disk: of several servers each would have its own."
        yield Info(message, hint="Share MEDIA_ROOT, or set another default in STORAGES.", id="calls.I001")
