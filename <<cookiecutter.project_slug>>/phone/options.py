"""The options of every action, with their defaults. `phone.reading` reads the document around them."""

from collections.abc import Callable, Iterator

from phone.addresses import is_http
from phone.document import (
    Answer,
    Ask,
    Call,
    Conference,
    Connect,
    GrammarFile,
    Hangup,
    LogSecurity,
    Message,
    Redirect,
    Reject,
    Say,
    Step,
    Transfer,
    Wait,
)
from phone.grammar import Grammar, GrammarError, parse_grammar
from phone.node import Node
from phone.option_parts import (
    attempts,
    channel,
    detection,
    key,
    numbers,
    prompts,
    prompts_of,
    signals,
    terminator_of,
)
from phone.prompt import Prompt
from phone.record_options import read_record, read_start_recording
from phone.recordings import StopRecording


def _ask(node: Node) -> Ask:
    choices = node.child("choices")
    return Ask(
        name=node.text_of("name"),
        required=node.flag_of("required", True),
        prompts=prompts_of(node),
        grammar=_grammar(choices.child("value")),
        mode=_mode(choices),
        terminator=key(choices, "terminator", "#"),
        attempts=attempts(node),
        timeout=node.number_of("timeout", 30),
        interdigit_timeout=node.number_of("interdigitTimeout", 5),
        min_confidence=node.number_of("minConfidence", 30),
        bargein=node.flag_of("bargein", True),
        signals=signals(node),
    )


def _grammar(node: Node) -> Grammar | GrammarFile:
    value = node.text().strip()
    if is_http(value):
        return GrammarFile(value, node.where)
    try:
        return parse_grammar(value)
    except GrammarError as error:
        raise node.refuse(str(error)) from error


def _mode(choices: Node) -> str:
    mode = choices.text_of("mode", "any").lower()
    if mode not in ("dtmf", "speech", "any"):
        raise choices.child("mode").refuse(f"must be dtmf, speech or any, not {mode!r}")
    return mode


def _wait(node: Node) -> Wait:
    node.child("milliseconds")
    return Wait(node.number_of("milliseconds", 0) / 1000, signals(node))


def _call(node: Node) -> Call:
    return Call(
        name=node.text_of("name"),
        required=node.flag_of("required", True),
        to=numbers(node),
        channel=channel(node),
        timeout=node.number_of("timeout", 30),
        on_media=node.flag_of("answerOnMedia", False),
        machine_detection=detection(node),
        signals=signals(node),
    )


def _message(node: Node) -> Message:
    return Message(
        required=node.flag_of("required", True),
        to=numbers(node),
        prompts=prompts(node.child("say")),
        channel=channel(node),
        timeout=node.number_of("timeout", 30),
        on_media=node.flag_of("answerOnMedia", False),
    )


def _conference(node: Node) -> Conference:
    name = node.child("id").text()
    return Conference(
        name=node.text_of("name"),
        required=node.flag_of("required", True),
        id=name,
        terminator=key(node, "terminator", ""),
        join_prompt=_beep(node, "joinPrompt"),
        leave_prompt=_beep(node, "leavePrompt"),
        signals=signals(node),
    )


def _beep(node: Node, name: str) -> str:
    if node.has(name) and isinstance(node.child(name).value, dict):
        return node.child(name).child("value").text()
    return "beep" if node.flag_of(name, False) else ""


def _transfer(node: Node) -> Transfer:
    ring: list[Prompt] = []
    connect: list[Connect] = []
    for handler in node.child("on").items() if node.has("on") else ():
        event = handler.child("event").text()
        if event == "ring":
            ring += prompts_of(handler)
        elif event == "connect":
            connect += _connect(handler)
        else:
            raise handler.child("event").refuse(f"must be ring or connect in a transfer, not {event!r}")
    return Transfer(
        name=node.text_of("name"),
        required=node.flag_of("required", True),
        to=numbers(node),
        timeout=node.number_of("timeout", 30),
        ring=tuple(ring) * int(min(node.number_of("ringRepeat", 1), 100)),
        connect=tuple(connect),
        terminator=terminator_of(node),
        on_media=node.flag_of("answerOnMedia", False),
        machine_detection=detection(node),
        signals=signals(node),
    )


def _connect(node: Node) -> Iterator[Connect]:
    """Read what is done on the called leg, in the order in which it is written."""
    for name in node.fields():
        if node.has(name) and name == "post":
            yield Connect(None, node.child(name).text())
        elif node.has(name) and name == "say":
            yield Connect(Say(prompts_of(node)))
        elif node.has(name) and name == "ask":
            yield Connect(_ask(node.child(name)))
        elif node.has(name) and name == "wait":
            yield Connect(_wait(node.child(name)))
        elif node.has(name) and name == "message":
            yield Connect(_message(node.child(name)))


def _redirect(node: Node) -> Redirect:
    to = node.child("to").text().strip()
    if not to:
        raise node.child("to").refuse("names no address; give one like sip:desk@example.com")
    return Redirect(to)


def _log_security(node: Node) -> LogSecurity:
    if node.value not in ("none", "suppress"):
        raise node.refuse('must be the bare word "none" or "suppress"')
    return LogSecurity()


READERS: dict[str, Callable[[Node], Step]] = {
    "say": lambda node: Say(prompts(node)),
    "ask": _ask,
    "record": read_record,
    "startRecording": read_start_recording,
    "stopRecording": lambda node: StopRecording(),
    "wait": _wait,
    "call": _call,
    "transfer": _transfer,
    "conference": _conference,
    "message": _message,
    "answer": lambda node: Answer(),
    "reject": lambda node: Reject(),
    "redirect": _redirect,
    "hangup": lambda node: Hangup(),
    "generalLogSecurity": _log_security,
}
