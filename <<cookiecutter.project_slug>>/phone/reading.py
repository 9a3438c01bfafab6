"""The application's reply as the platform reads it: bytes in, a document out, or a refusal with its place.

The whole document is read before its first step runs. Unknown options are ignored, as the platform did.
"""

import json
from collections.abc import Callable

from phone.actions import KEYPAD
from phone.document import (
    Answer,
    Ask,
    Document,
    Handler,
    Hangup,
    LogSecurity,
    Message,
    Prompt,
    Reject,
    Say,
    Step,
    Transfer,
    Wait,
)
from phone.errors import DocumentError
from phone.grammar import Grammar, GrammarError, parse_grammar
from phone.node import Node


def read_document(body: bytes, channel: str) -> Document:
    """Read a reply for a session on `channel` (VOICE or TEXT). Raises DocumentError."""
    try:
        root = Node(json.loads(body.decode("utf-8-sig")), "$")
    except (ValueError, RecursionError) as error:
        raise DocumentError("$", f"is not JSON in UTF-8 ({error}); answer with a tropo document") from error
    if not isinstance(root.value, dict) or not isinstance(root.value.get("tropo"), list):
        raise root.refuse('is not a tropo document; answer {"tropo": [...]}')
    document = Document()
    for node in root.child("tropo").items():
        action, body_node = _action(node)
        if action == "on":
            for handler in body_node.items():
                document.handlers.setdefault(handler.child("event").text(), _handler(handler))
        else:
            document.steps.append(_READERS[action](body_node))
            _check_channel(document.steps[-1], body_node, channel)
    return document


def _action(node: Node) -> tuple[str, Node]:
    actions = [key for key in node.fields() if key in _READERS or key in _NOT_YET or key == "on"]
    if len(actions) != 1:
        keys = ", ".join(node.fields()) or "nothing"
        raise node.refuse(f"must hold exactly one action, and holds {keys}")
    action = actions[0]
    body = Node(node.fields()[action], f"{node.where}.{action}")
    if action in _NOT_YET:
        raise body.refuse(f"this platform does not do {action} yet")
    return action, body


def _check_channel(step: Step, node: Node, channel: str) -> None:
    if channel == "TEXT" and isinstance(step, Transfer):
        raise node.refuse("is for calls only, and this is a text session")
    if channel == "VOICE" and isinstance(step, Ask) and not step.grammar.voice:
        raise node.child("choices").child("value").refuse("[ANY] works in text sessions only")


def _prompts(node: Node) -> tuple[Prompt, ...]:
    return tuple(
        Prompt(item.child("value").text(), tuple(item.text_of("event").split())) for item in node.items()
    )


def _prompts_of(node: Node) -> tuple[Prompt, ...]:
    return _prompts(node.child("say")) if node.has("say") else ()


def _handler(node: Node) -> Handler:
    return Handler(node.text_of("next"), _prompts_of(node))


def _ask(node: Node) -> Ask:
    choices = node.child("choices")
    return Ask(
        name=node.text_of("name"),
        required=node.flag_of("required", True),
        prompts=_prompts_of(node),
        grammar=_grammar(choices.child("value")),
        mode=_mode(choices),
        terminator=_terminator(choices),
        attempts=_attempts(node),
        timeout=node.number_of("timeout", 30),
        interdigit_timeout=node.number_of("interdigitTimeout", 5),
        min_confidence=node.number_of("minConfidence", 30),
    )


def _grammar(node: Node) -> Grammar:
    try:
        return parse_grammar(node.text())
    except GrammarError as error:
        raise node.refuse(str(error)) from error


def _mode(choices: Node) -> str:
    mode = choices.text_of("mode", "any").lower()
    if mode not in ("dtmf", "speech", "any"):
        raise choices.child("mode").refuse(f"must be dtmf, speech or any, not {mode!r}")
    return mode


def _terminator(choices: Node) -> str:
    terminator = choices.text_of("terminator", "#")
    if terminator not in KEYPAD:
        raise choices.child("terminator").refuse(f"must be one key, 0-9, * or #, not {terminator!r}")
    return terminator


def _attempts(node: Node) -> int:
    attempts = node.number_of("attempts", 1)
    if attempts < 1 or attempts != int(attempts):
        raise node.child("attempts").refuse(f"must be a whole number from 1, not {attempts}")
    return int(attempts)


def _wait(node: Node) -> Wait:
    node.child("milliseconds")
    return Wait(node.number_of("milliseconds", 0) / 1000)


def _transfer(node: Node) -> Transfer:
    handlers = list(node.child("on").items()) if node.has("on") else []
    for handler in handlers:
        if handler.child("event").text() != "ring":
            raise handler.refuse("of the handlers in a transfer this platform does only ring yet")
    return Transfer(
        name=node.text_of("name"),
        required=node.flag_of("required", True),
        to=_numbers(node),
        timeout=node.number_of("timeout", 30),
        ring=tuple(prompt for handler in handlers for prompt in _prompts_of(handler)),
    )


def _numbers(node: Node) -> tuple[str, ...]:
    numbers = tuple(number.text() for number in node.child("to").items())
    if not all(numbers) or not numbers:
        raise node.child("to").refuse("names no number")
    return numbers


_READERS: dict[str, Callable[[Node], Step]] = {
    "say": lambda node: Say(_prompts(node)),
    "ask": _ask,
    "wait": _wait,
    "transfer": _transfer,
    "message": lambda node: Message(_numbers(node), _prompts(node.child("say"))),
    "answer": lambda node: Answer(),
    "reject": lambda node: Reject(),
    "hangup": lambda node: Hangup(),
    "generalLogSecurity": lambda node: LogSecurity(),
}
_NOT_YET = ("call", "conference", "record", "redirect", "startRecording", "stopRecording")
