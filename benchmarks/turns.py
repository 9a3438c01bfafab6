"""Times one turn of each contestant against the database of the environment; prints JSON.

Run by `python -m benchmarks` inside a baked project.
"""

import json
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import django

django.setup()

from django.conf import settings  # noqa: E402  after setup
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from phone.transports import authorization  # type: ignore[import-not-found]  # noqa: E402  the baked project

ROUNDS = 5
TURNS = 300
KEYED = {"name": "start", "attempts": 1, "disposition": "SUCCESS", "confidence": 100}
KEYED |= {"interpretation": "1", "utterance": "1", "concept": "appointment", "value": "appointment"}


def main() -> None:
    call_command("migrate", verbosity=0)
    application = WSGIHandler()
    contestants: dict[str, Callable[[int], str]] = {
        "bare": lambda number: "/bare/",
        "handwritten": lambda number: "/handwritten/",
        "ours": lambda number: addresses[f"ours-{number}"],
    }
    addresses = {}
    for number in range(ROUNDS * TURNS):
        for name in ("handwritten", "ours"):
            addresses[f"{name}-{number}"] = open_call(application, f"{name}-{number}")
    best: dict[str, dict[str, float]] = {}
    for turn in range(ROUNDS):
        for name, address in contestants.items():
            numbers = range(turn * TURNS, (turn + 1) * TURNS)
            posts = [(address(number), result(f"{name}-{number}")) for number in numbers]
            found = time_posts(application, posts)
            if name not in best or found["turns_per_second"] > best[name]["turns_per_second"]:
                best[name] = found
    print(json.dumps(best))


def open_call(application: WSGIHandler, session_id: str) -> str:
    """Starts a call; the address its first answer goes to."""
    end = {"id": "4075550100", "channel": "VOICE", "network": "SIP"}
    session = {"session": {"id": session_id, "userType": "HUMAN", "from": end, "to": end}}
    document = json.loads(post(application, "/tropo/?flow=reception", json.dumps(session).encode()))
    return "/tropo/" + next(step["on"]["next"] for step in document["tropo"] if "on" in step)


def result(session_id: str) -> bytes:
    known = {"sessionId": session_id, "state": "ANSWERED", "sequence": 1, "complete": True, "error": None}
    return json.dumps({"result": known | {"actions": KEYED}}).encode()


def time_posts(application: WSGIHandler, posts: list[tuple[str, bytes]]) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    for address, body in posts:
        post(application, address, body)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"turns_per_second": len(posts) / seconds, "cpu_ms": cpu * 1000 / len(posts)}


def post(application: WSGIHandler, address: str, body: bytes) -> bytes:
    parts = urlsplit(address)
    status: list[str] = []
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": authorization(settings.WEBHOOK_TOKENS[0]),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    response = application(environ, lambda code, headers: status.append(code))
    content = b"".join(response)
    response.close()
    if not status[0].startswith("200") or b'"city"' not in content and b'"start"' not in content:
        raise SystemExit(f"{parts.path} answered {status[0]}: {content[:200]!r}")
    return content


if __name__ == "__main__":
    main()
