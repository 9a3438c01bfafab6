"""The options of `record` and `startRecording`, and the forms in which they name an address."""

from phone.node import Node
from phone.option_parts import attempts, prompts_of, signals, terminator_of
from phone.recordings import Destination, Record, StartRecording, Transcription

_OPENERS = ("method", "username", "password")


def read_record(node: Node) -> Record:
    return Record(
        name=node.text_of("name"),
        required=node.flag_of("required", True),
        prompts=prompts_of(node),
        to=_destinations(node) if node.has("url") else (),
        bargein=node.flag_of("bargein", True),
        beep=node.flag_of("beep", True),
        terminator=terminator_of(node),
        attempts=attempts(node),
        timeout=node.number_of("timeout", 30),
        max_silence=node.number_of("maxSilence", 5),
        max_time=node.number_of("maxTime", 30),
        async_upload=node.flag_of("asyncUpload", False),
        transcription=_transcription(node),
        signals=signals(node),
    )


def _destinations(node: Node) -> tuple[Destination, ...]:
    """Read `url`: an address, an object with address and credentials, or several of these."""
    common = node.text_of("method", "POST"), node.text_of("username"), node.text_of("password")
    found = []
    for url in node.child("url").items():
        if isinstance(url.value, str):
            found.append(Destination(url.text(), *common))
            continue
        own = [url.text_of(name, known) for name, known in zip(_OPENERS, common, strict=True)]
        found.append(Destination(url.child("url").text(), *own))
    if not found or not all(to.url for to in found):
        raise node.child("url").refuse("names no address to upload to")
    return tuple(Destination(to.url, _method(to, node), to.username, to.password) for to in found)


def _method(to: Destination, node: Node) -> str:
    method = to.method.upper()
    if method not in ("POST", "PUT"):
        raise node.child("url").refuse(f"is uploaded by POST or PUT, not {to.method!r}")
    return method


def _transcription(node: Node) -> Transcription | None:
    """Read the first `transcription` that has an address."""
    for wanted in node.child("transcription").items() if node.has("transcription") else ():
        if wanted.has("url"):
            return Transcription(wanted.child("url").text(), wanted.text_of("id") or None)
    return None


def read_start_recording(node: Node) -> StartRecording:
    out = node.text_of("transcriptionOutURI")
    wanted = Transcription(out, node.text_of("transcriptionID") or None) if out else None
    node.child("url")
    return StartRecording(_destinations(node), wanted)
