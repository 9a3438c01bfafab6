"""The application's reply as the platform reads it: bytes in, a document out, or a refusal with its place.

The whole document is read before its first step runs. Unknown options are ignored, as the platform did.
"""

import json

from phone.document import Ask, Conference, Document, GrammarFile, Handler, Step, Transfer
from phone.errors import DocumentError
from phone.node import Node
from phone.option_parts import prompts_of
from phone.options import READERS
from phone.recordings import Record, StartRecording, StopRecording


def read_document(body: bytes, channel: str, *, last_handler: bool = False) -> Document:
    """Read a reply for a session on `channel`: VOICE, TEXT, or "" while it has no call. Raises DocumentError.

    Of two handlers for one event the first counts, or the last.
    """
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
                event = handler.child("event").text()
                read = Handler(handler.text_of("next"), prompts_of(handler))
                if last_handler or event not in document.handlers:
                    document.handlers[event] = read
        else:
            document.steps.append(READERS[action](body_node))
            _check_channel(document.steps[-1], body_node, channel)
    return document


def _action(node: Node) -> tuple[str, Node]:
    actions = [key for key in node.fields() if key in READERS or key == "on"]
    if len(actions) != 1:
        keys = ", ".join(node.fields()) or "nothing"
        raise node.refuse(f"must hold exactly one action, and holds {keys}")
    return actions[0], Node(node.fields()[actions[0]], f"{node.where}.{actions[0]}")


def _check_channel(step: Step, node: Node, channel: str) -> None:
    calls_only = Transfer | Record | Conference | StartRecording | StopRecording
    if channel == "TEXT" and isinstance(step, calls_only):
        raise node.refuse("is for calls only, and this is a text session")
    if channel != "VOICE" or not isinstance(step, Ask) or isinstance(step.grammar, GrammarFile):
        return
    if not step.grammar.voice:
        raise node.child("choices").child("value").refuse("[ANY] works in text sessions only")
