"""Times the reading of one session, with `json.loads` beside it; prints JSON.

Run by `python -m benchmarks` inside a baked project.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from statistics import median

from tropo import Refused  # type: ignore[import-not-found]  # the baked project
from tropo.reader import read  # type: ignore[import-not-found]

ROUNDS = 400
READINGS = 25

# A call of 2017 over SIP: every field that Tropo sent then, and 21 headers.
END = {"id": "4075550142", "e164Id": "4075550142", "name": "4075550142", "channel": "VOICE", "network": "SIP"}
HEADERS = {
    "Call-ID": "0-13c4-4b79de7f-dcedd0c-4f8f-1d104f50@192.0.2.10",
    "CSeq": "2 INVITE",
    "Max-Forwards": "69",
    "Request URI": "sip:4075550100@192.0.2.20:5061;x-rt=0",
    "Record-Route": "<sip:192.0.2.10:5060;transport=udp;lr>,<sip:192.0.2.12:5060;transport=udp;lr>",
    "x-sid": "1bfdb22333b4d9dc6a885df9be088d6f",
    "x-accountid": "33932",
    "x-appid": "5048353",
    "x-sbc-allow": "REFER",
    "x-sbc-contact": "<sip:signode-875318-61C73A7B@192.0.2.30:5060;transport=tcp;ob>",
    "x-sbc-expires": "180",
    "x-sbc-supported": "histinfo",
    "User-Agent": "Blink 0.20.2 (MacOSX)",
    "From": "<sip:4075550142@192.0.2.10>;tag=a037367f",
    "Supported": "100rel\r\nreplaces\r\nnorefersub\r\ngruu\r\ntimer",
    "Allow": "SUBSCRIBE\r\nNOTIFY\r\nINVITE\r\nACK\r\nCANCEL\r\nBYE\r\nREFER\r\nINFO\r\nOPTIONS",
    "Via": "SIP/2.0/UDP 192.0.2.10:5060;received=192.0.2.11\r\nSIP/2.0/TCP 192.0.2.30:5060;rport=5060",
    "Contact": "<sip:4075550142@192.0.2.10:5060>",
    "To": "<sip:4075550100@192.0.2.20:5060>",
    "Content-Length": "247",
    "Content-Type": "application/sdp",
}
SESSION = {
    "id": "cdfc037a569baf929161e92335ebf5e1",
    "accountId": "33932",
    "applicationId": "5048353",
    "timestamp": "2017-06-08T03:40:19.283Z",
    "userType": "HUMAN",
    "initialText": None,
    "callId": "c11617f3737dc78db86d95b5449200d6",
    "to": END,
    "from": END,
    "headers": HEADERS,
}


def main() -> None:
    body = json.dumps({"session": SESSION}).encode()
    contestants: dict[str, Callable[[bytes], object]] = {"json.loads": json.loads, "ours": read}
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    # In turns, because a shared machine is noisy.
    for _ in range(ROUNDS):
        for name, reader in contestants.items():
            seconds[name].append(time_readings(reader, body))
    figures = {
        name: {"best_us": min(found) * 1e6, "median_us": median(found) * 1e6}
        for name, found in seconds.items()
    }
    print(json.dumps({"bytes": len(body), "headers": len(HEADERS), "hostile_ms": time_hostile()} | figures))


def time_hostile() -> float:
    """Milliseconds to refuse 64 kB made to be slow: brackets, then a string that never ends."""
    body = b"[" * 30 + b'"' + b'\\"' * 32_000
    began = time.perf_counter()
    with suppress(Refused):
        read(body)
    return (time.perf_counter() - began) * 1000


def time_readings(reader: Callable[[bytes], object], body: bytes) -> float:
    """Seconds for one reading, as the mean of a few: a single one is shorter than the clock is exact."""
    began = time.perf_counter()
    for _ in range(READINGS):
        reader(body)
    return (time.perf_counter() - began) / READINGS


if __name__ == "__main__":
    main()
