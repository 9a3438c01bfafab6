"""Times a list of 100,000 names: its first reading, what is found in it, and its file; prints JSON.

Run by `python -m benchmarks` inside a baked project.
"""

import json
import random
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any

import django

django.setup()

from django.test import RequestFactory  # noqa: E402  after setup
from flows import served  # type: ignore[import-not-found]  # noqa: E402  the baked project
from flows.grammars import Hearing, Listening, Phrases  # type: ignore[import-not-found]  # noqa: E402
from flows.languages import language  # type: ignore[import-not-found]  # noqa: E402
from tropo import Recognition  # type: ignore[import-not-found]  # noqa: E402

NAMES = 100_000
ROUNDS = 15
PARTS = ["spring", "field", "dale", "chi", "ca", "go", "ver", "mont", "bur", "ling", "ton", "new", "york"]
PARTS += [
    "mar",
    "tin",
    "ville",
    "ford",
    "wood",
    "ham",
    "port",
    "land",
    "river",
    "side",
    "oak",
    "lake",
    "hill",
]
PARTS += ["mill", "green", "brook", "ash", "bel", "cedar", "del", "fair", "glen", "haven", "kings", "long"]
COMMANDS = {"help": ("help", "*"), "person": ("operator", "0")}


def main() -> None:
    names = made_up(NAMES)
    cities = Phrases(lambda: names)
    voice = Hearing(language("en-us"), datetime.now(UTC))
    text = Hearing(language("en-us"), datetime.now(UTC), "text")
    figures: dict[str, Any] = {"names": NAMES}
    figures["index"] = first(lambda: cities.index)
    figures["file"] = first(lambda: address(cities, voice))
    slip = names[4711][:-2] + names[4711][-1]
    heard = {
        "speech, a name": (recognised("speech", names[4711]), voice),
        "speech, not quite": (recognised("speech", "spring feel dayl"), voice),
        "text, a slip": (recognised("text", slip), text),
        "text, nonsense": (recognised("text", "supercalifragilistic"), text),
        "keys, three": (recognised("keypad", "777"), voice),
        "keys, eight": (recognised("keypad", "77746434"), voice),
    }
    figures["match and near"] = {what: milliseconds(finding(cities, *given)) for what, given in heard.items()}
    figures["address"] = milliseconds(lambda: address(cities, voice))
    figures["served"] = milliseconds(fetching(address(cities, voice), cities))
    print(json.dumps(figures))


def made_up(count: int) -> list[str]:
    """So many different names of places, the same at every run."""
    chance, names = random.Random(1), dict[str, None]()
    while len(names) < count:
        words = ("".join(chance.choices(PARTS, k=chance.randint(2, 4))) for _ in range(chance.randint(1, 2)))
        names[" ".join(words).title()] = None
    return list(names)


def address(cities: Any, voice: Any) -> Any:
    return served.address("reception", "city", cities, Listening(voice, "any", COMMANDS))


def finding(cities: Any, heard: Any, hearing: Any) -> Callable[[], object]:
    return lambda: (cities.match(heard, hearing), cities.near(heard, hearing))


def fetching(url: str, cities: Any) -> Callable[[], object]:
    view = served.view(lambda flow, step, language, run: served.Asked(cities, COMMANDS))
    request = RequestFactory().get("/")

    def fetch() -> None:
        response = view(request, url.rpartition("/")[2])
        if response.status_code != 200 or "immutable" not in response.headers["Cache-Control"]:
            raise SystemExit(f"{url} was answered {response.status_code} {response.headers}")

    return fetch


def recognised(mode: str, words: str) -> Any:
    return Recognition(disposition="SUCCESS", mode=mode, utterance=words, interpretation=words, value=words)


def first(make: Callable[[], object]) -> dict[str, float]:
    """Seconds and megabytes of something made once."""
    before, began = memory(), time.perf_counter()
    make()
    return {"seconds": time.perf_counter() - began, "megabytes": memory() - before}


def memory() -> float:
    """The most this process has held so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def milliseconds(call: Callable[[], object]) -> dict[str, float]:
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        found.append((time.perf_counter() - began) * 1000)
    return {"median": median(found), "worst": max(found)}


if __name__ == "__main__":
    main()
