"""Times one turn of each contestant against the database of the environment; prints JSON.

Run by `python -m benchmarks` inside a baked project.
"""

import json
import time
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402  after setup
from django.core.management import call_command  # noqa: E402
from phone.events import Post  # type: ignore[import-not-found]  # noqa: E402  the baked project
from phone.inprocess import WsgiTransport  # type: ignore[import-not-found]  # noqa: E402

ROUNDS = 5
TURNS = 300
CONTESTANTS = ("bare", "handwritten", "ours")
KEYED = {"name": "start", "attempts": 1, "disposition": "SUCCESS", "confidence": 100}
KEYED |= {"interpretation": "1", "utterance": "1", "concept": "appointment", "value": "appointment"}

platform = WsgiTransport(settings.WEBHOOK_TOKENS[0])


def main() -> None:
    call_command("migrate", verbosity=0)
    calls = {name: [open_call(name, number) for number in range(ROUNDS * TURNS + 1)] for name in CONTESTANTS}
    best: dict[str, dict[str, float]] = {}
    for name in CONTESTANTS:
        check(calls[name].pop())
    for number in range(ROUNDS):
        for name in CONTESTANTS:
            found = time_posts(calls[name][number * TURNS : (number + 1) * TURNS])
            if name not in best or found["turns_per_second"] > best[name]["turns_per_second"]:
                best[name] = found
    print(json.dumps(best))


def open_call(contestant: str, number: int) -> Post:
    """Starts a call; the first answer to it, addressed to the contestant."""
    end = {"id": "4075550100", "channel": "VOICE", "network": "SIP"}
    session_id = f"{contestant}-{number}"
    session = {"session": {"id": session_id, "userType": "HUMAN", "from": end, "to": end}}
    document = post(Post("http://localhost/tropo/?flow=reception", session))
    ours = next(step["on"]["next"] for step in document["tropo"] if "on" in step)
    result = {"sessionId": session_id, "state": "ANSWERED", "sequence": 1, "complete": True, "error": None}
    address = f"tropo/{ours}" if contestant == "ours" else f"{contestant}/"
    return Post(f"http://localhost/{address}", {"result": result | {"actions": KEYED}})


def check(answer: Post) -> None:
    """Stops everything when an answer is not followed by the next question."""
    asked = [step["ask"]["name"] for step in post(answer)["tropo"] if "ask" in step]
    if asked != ["city"]:
        raise SystemExit(f"{answer.url} asked {asked} next")


def time_posts(posts: list[Post]) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    for answer in posts:
        platform.post(answer)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    return {"turns_per_second": len(posts) / seconds, "cpu_ms": cpu * 1000 / len(posts)}


def post(message: Post) -> Any:
    reply = platform.post(message)
    if reply.status != 200:
        raise SystemExit(f"{message.url} answered {reply.status}: {reply.body!r}")
    return json.loads(reply.body)


if __name__ == "__main__":
    main()
