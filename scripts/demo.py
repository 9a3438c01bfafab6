"""Bake a project into build/, install and serve it, and place three calls through it: `make demo`.

What stands from an earlier run is kept: the bake while the template is unchanged, and its packages.
It needs cookiecutter beside the standard library.
"""

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
PROJECT = BUILD / "clinic_line"
PYTHON = PROJECT / ".venv/bin/python"
LOG = BUILD / "demo.log"
STARTED = time.monotonic()

CALLS = {
    "answered": "1; chicago; main street; 12; 90210; yes",
    "answered at the second or third attempt": "7; 1; -; chicago; main street; 12; 90210; 1",
    "hung up": "1; hangup",
}
SET_PASSWORD = """
import os
from django.contrib.auth.models import User
user, _ = User.objects.update_or_create(username="demo", defaults={"is_staff": True, "is_superuser": True})
user.set_password(os.environ["DEMO_PASSWORD"])
user.save()
"""


class DemoError(Exception):
    """A step failed; the message says which and why."""


def say(text: str) -> None:
    print(f"[{time.monotonic() - STARTED:5.1f} s] {text}", flush=True)


def tail(path: Path, lines: int = 20) -> str:
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def stop(process: subprocess.Popen[bytes]) -> None:
    """End `process` and all that it started, politely first; it leads a process group of its own."""
    for signum in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signum)
            process.wait(timeout=10)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def started(command: list[str | Path], log: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` in the project with its output in `log`, and stop it at the end, whatever that is."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT if PROJECT.exists() else ROOT,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            stop(process)


def step(name: str, command: list[str | Path], **environment: str) -> None:
    """Run `command` to its end with a sign of life every five seconds; DemoError shows how it failed."""
    say(name)
    with started(command, LOG, **environment) as process:
        while process.poll() is None:
            try:
                process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                say("    still at it")
    if process.returncode:
        raise DemoError(f"{name}: exit status {process.returncode}. The end of {LOG}:\n{tail(LOG)}")


def fingerprint() -> str:
    """A hash of everything that decides what a bake looks like: names, contents and executable bits."""
    digest = hashlib.sha256()
    inside = [*(ROOT / "hooks").rglob("*"), *(ROOT / "<<cookiecutter.project_slug>>").rglob("*")]
    for path in sorted([ROOT / "cookiecutter.json", *inside]):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)}\0{path.stat().st_mode & 0o111}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def bake() -> None:
    """Bake with the default answers unless the template is as it was; a new bake takes over `.venv`."""
    stamp, wanted = BUILD / "demo.baked", fingerprint()
    if PROJECT.exists() and stamp.exists() and stamp.read_text() == wanted:
        say("The bake of last time stands: the template is unchanged")
        return
    fresh = BUILD / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    options = ["--no-input", "--default-config", "--output-dir", str(fresh)]
    step("Baking a project with the default answers", [sys.executable, "-m", "cookiecutter", ROOT, *options])
    baked = fresh / PROJECT.name
    if (PROJECT / ".venv").exists():
        (PROJECT / ".venv").rename(baked / ".venv")
    shutil.rmtree(PROJECT, ignore_errors=True)
    baked.rename(PROJECT)
    stamp.write_text(wanted)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def served() -> Iterator[str]:
    """Serve the project by gunicorn on a free port of this machine; gives its address once it answers."""
    port, log = free_port(), BUILD / "server.log"
    url = f"http://127.0.0.1:{port}"
    say(f"Starting gunicorn at {url}/")
    with started(
        [PROJECT / ".venv/bin/gunicorn", "--bind", f"127.0.0.1:{port}"], log, PUBLIC_URL=url
    ) as server:
        deadline = time.monotonic() + 20
        while not is_ready(url):
            if server.poll() is not None or time.monotonic() > deadline:
                raise DemoError(f"gunicorn does not answer at {url}/healthz. The end of {log}:\n{tail(log)}")
            time.sleep(0.1)
        yield url


def place_calls(url: str) -> None:
    for outcome, script in CALLS.items():
        options = ["--flow", "reception", "--url", url, "--script", script]
        step(f"Calling: {outcome} (--script {script!r})", [PYTHON, "manage.py", "phone", *options])
        print(f"\n{LOG.read_text(encoding='utf-8').rstrip()}\n", flush=True)


def demonstrate() -> str:
    """All of it; gives the password of the user `demo`."""
    BUILD.mkdir(exist_ok=True)
    bake()
    step("Installing its packages", ["make", "install", f"PYTHON={sys.executable}"])
    step("Making its database", [PYTHON, "manage.py", "migrate"])
    password = secrets.token_urlsafe(9)
    step("Making a user", [PYTHON, "manage.py", "shell", "--command", SET_PASSWORD], DEMO_PASSWORD=password)
    with served() as url:
        place_calls(url)
        say("Stopping gunicorn")
    return password


def interrupted(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    signal.signal(signal.SIGTERM, interrupted)
    try:
        password = demonstrate()
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; what was started is stopped.", file=sys.stderr)
        return 130
    say("Done. To start it again:")
    print(
        f"\n  make -C {PROJECT.relative_to(ROOT)} run\n\n"
        f"The reports: http://127.0.0.1:8000/reports/   user: demo   password: {password}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
