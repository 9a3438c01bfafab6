"""Makes hostile bodies out of real messages: wrong values, lost and strange fields, broken bytes.

The same seed makes the same body.
"""

import json
from collections.abc import Callable
from random import Random
from typing import Any

Json = Any
Change = Callable[[Random, Json], Json]
Spoil = Callable[[Random, bytes], bytes]

VALUES: list[Callable[[Random], Json]] = [
    lambda random: random.choice([None, True, False, {}, [], "", 0, -1, 1.5, 1e308]),
    lambda random: random.choice([2**31 - 1, 2**31, 2**63, -(2**63), 10**18, -(10**18)]),
    lambda random: random.choice(
        ["\0", "a\0b", "\ud800", "\udfff\ud800", "\U0001f600", "\ufffe", "\x1b[31m", "\r\n"]
    ),
    lambda random: random.choice(
        ["<img src=x onerror=alert(1)>", "=1+1", "'; DROP TABLE calls_call; --", "%s%n"]
    ),
    lambda random: random.choice(["__class__", "../../etc/passwd", "{{7*7}}", "${7*7}", "\u202e", "Zürich"]),
    lambda random: random.choice("aä\0😀 ") * random.choice([64, 65, 255, 1000, 1001, 5000]),
    lambda random: nested(random.randint(1, 40)),
    lambda random: {str(number): number for number in range(random.randint(1, 300))},
    lambda random: [{"name": "start"}] * random.randint(1, 300),
]


def nested(depth: int) -> Json:
    value: Json = "x"
    for level in range(depth):
        value = [value] if level % 2 else {"x": value}
    return value


def places(value: Json, found: list[tuple[Json, Any]]) -> list[tuple[Json, Any]]:
    """Every container of a message with each of its keys or indexes."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    for key in keys:
        found.append((value, key))
        places(value[key], found)
    return found


def swap(random: Random, message: Json) -> Json:
    container, key = random.choice(places(message, []))
    container[key] = random.choice(VALUES)(random)
    return message


def delete(random: Random, message: Json) -> Json:
    container, key = random.choice(places(message, []))
    del container[key]
    return message


def add(random: Random, message: Json) -> Json:
    objects = [message] + [box[key] for box, key in places(message, []) if isinstance(box[key], dict)]
    name = random.choice(
        [
            "session",
            "result",
            "id",
            "sessionId",
            "actions",
            "state",
            "from",
            "callId",
            "\0",
            "\ud800",
            "__proto__",
        ]
    )
    random.choice(objects)[name] = random.choice(VALUES)(random)
    return message


def move(random: Random, message: Json) -> Json:
    (source, key), (target, place) = random.choices(places(message, []), k=2)
    target[place] = json.loads(json.dumps(source[key]))
    return message


def flip(random: Random, body: bytes) -> bytes:
    spoilt = bytearray(body)
    for _ in range(random.randint(1, 4)):
        spoilt[random.randrange(len(spoilt))] = random.randrange(256)
    return bytes(spoilt)


def cut(random: Random, body: bytes) -> bytes:
    first, last = sorted(random.choices(range(len(body) + 1), k=2))
    return random.choice([body[:last], body[first:], body[:first] + body[last:]])


def repeat(random: Random, body: bytes) -> bytes:
    first, last = sorted(random.choices(range(len(body) + 1), k=2))
    return body[:last] + body[first:last] * random.choice([1, 2, 50]) + body[last:]


def insert(random: Random, body: bytes) -> bytes:
    place = random.randrange(len(body) + 1)
    return body[:place] + random.choice(PIECES) + body[place:]


def replace(random: Random, body: bytes) -> bytes:
    """Puts a piece in the place of a number or a string."""
    old = random.choice([b"null", b"true", b'"HUMAN"', b'"VOICE"', b"1", b'"id"', b'"SUCCESS"', b","])
    return body.replace(old, random.choice(PIECES), 1)


def encode(random: Random, body: bytes) -> bytes:
    text = body.decode("iso-8859-1")
    name = random.choice(["utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-7", "utf-8", "cp037"])
    return text.encode(name)


PIECES = [
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\xc0\xaf",
    b"\xf4\x90\x80\x80",
    b"\\u0000",
    b"\\ud800",
    b"\\udc00\\ud800",
    b"\\",
    b'"',
    b'\\"' * 5000,
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-0",
    b"9" * 19,
    b"9" * 5000,
    b"[" * 100,
    b"{" * 100,
    b'{"a":' * 3000,
    b"[" * 20 + b"]" * 20,
    b"}",
    b"]",
    b'"id":"x",',
    b'"sessionId":"x",',
    b"/* */",
    b"\n" * 70_000,
]
CHANGES: list[Change] = [swap, swap, swap, delete, add, move]
SPOILS: list[Spoil] = [flip, cut, repeat, insert, replace, encode]


def hostile(random: Random, message: Json) -> bytes:
    """A message after up to three changes as JSON, and half the time up to two more as bytes."""
    for _ in range(random.randint(0, 3)):
        if places(message, []):
            message = random.choice(CHANGES)(random, message)
    body = json.dumps(message, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    if random.random() < 0.5:
        for _ in range(random.randint(1, 2)):
            body = random.choice(SPOILS)(random, body) or b"{}"
    return body
