"""Options that several actions share: prompts, signals, numbers, attempts, terminators, detection."""

from phone.actions import KEYPAD
from phone.document import MachineDetection
from phone.node import Node
from phone.prompt import ANY_SIGNAL, Prompt, Signals

ATTEMPTS_MAX = 1000
"""A limit of this simulator."""

_TEXT_NETWORKS = frozenset({"SMS", "MMS", "AIM", "GTALK", "JABBER", "MSN", "YAHOO", "TWITTER"})


def prompts(node: Node) -> tuple[Prompt, ...]:
    """Read a say, or an array of them."""
    return tuple(
        Prompt(item.child("value").text(), tuple(item.text_of("event").split()), signals(item))
        for item in node.items()
    )


def prompts_of(node: Node) -> tuple[Prompt, ...]:
    """Read the `say` that an action may have."""
    return prompts(node.child("say")) if node.has("say") else ()


def signals(node: Node) -> Signals:
    """Read `allowSignals`: one name or several, "" for none; any signal when it is not given."""
    if not node.has("allowSignals"):
        return ANY_SIGNAL
    names = tuple(name.text() for name in node.child("allowSignals").items())
    return ANY_SIGNAL if "*" in names else tuple(filter(None, names))


def numbers(node: Node) -> tuple[str, ...]:
    """Read `to`: one number or address, or several."""
    found = tuple(number.text().strip() for number in node.child("to").items())
    if not all(found) or not found:
        raise node.child("to").refuse("names no number")
    return found


def channel(node: Node) -> str:
    """Read `channel`, VOICE or TEXT; a network that carries texts alone means TEXT."""
    network = node.text_of("network").upper()
    name = node.text_of("channel", "VOICE").upper()
    if name not in ("VOICE", "TEXT"):
        raise node.child("channel").refuse(f"must be VOICE or TEXT, not {name!r}")
    return "TEXT" if network in _TEXT_NETWORKS else name


def attempts(node: Node) -> int:
    """Read `attempts`, which is 1 when it is not given."""
    number = node.number_of("attempts", 1)
    if not 1 <= number <= ATTEMPTS_MAX or number != int(number):
        raise node.child("attempts").refuse(f"must be a whole number from 1 to {ATTEMPTS_MAX}, not {number}")
    return int(number)


def key(node: Node, name: str, default: str) -> str:
    """Read a field that is one key."""
    value = node.text_of(name, default)
    if value != default and value not in KEYPAD:
        raise node.child(name).refuse(f"must be one key, 0-9, * or #, not {value!r}")
    return value


def terminator_of(node: Node) -> str:
    """Read the terminator of a `choices` that may be missing: "" without it, else # by default."""
    return key(node.child("choices"), "terminator", "#") if node.has("choices") else ""


def detection(node: Node) -> MachineDetection | None:
    """Read `machineDetection`: a boolean, or an object with an introduction."""
    if not node.has("machineDetection"):
        return None
    found = node.child("machineDetection")
    if isinstance(found.value, dict):
        return MachineDetection(found.text_of("introduction"))
    return MachineDetection() if node.flag_of("machineDetection", False) else None
