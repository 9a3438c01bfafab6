"""Whether the project is well: two addresses for load balancers and supervisors.

They say one word; what is behind it goes to the log.
"""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

logger = logging.getLogger("ops.health")


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Restart it when it does not; the database is not asked."""
    return _say("ok")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """This process can take calls: its database answers and has every migration. 503 and a word otherwise."""
    try:
        missing = _unapplied_migrations()
    except Error:
        logger.exception("not ready: the database does not answer")
        return _say("database", status=503)
    if missing:
        logger.error("not ready: unapplied migrations: %s", ", ".join(missing))
        return _say("migrations", status=503)
    return _say("ok")


def _unapplied_migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def _say(word: str, status: int = 200) -> HttpResponse:
    return HttpResponse(f"{word}\n", content_type="text/plain", status=status)
