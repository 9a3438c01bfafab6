"""Flow versions: each is written once, when a worker first meets it."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_migrate

from calls.models import FlowVersion

_known: dict[tuple[str, str], int] = {}


def version_id(name: str, digest: str, graph: dict[str, Any]) -> int:
    """The key of the row for that flow and hash. After the first commit it costs no query."""
    key = name, digest
    if key in _known:
        return _known[key]
    version, _ = FlowVersion.objects.get_or_create(name=name, hash=digest, defaults={"graph": graph})
    found = version.pk
    transaction.on_commit(lambda: _known.update({key: found}))
    return found


def forget(**kwargs: Any) -> None:
    """The table may have been emptied: `migrate` and `flush` both send this signal."""
    _known.clear()


post_migrate.connect(forget, dispatch_uid="calls.versions")
