"""Random documents for hypothesis: what the JSON Schema of a document allows, and then some damage."""

from typing import Any

from hypothesis import strategies as st

from tests.validation import SCHEMAS

Json = Any
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", "é\ud800", 0, -1, 1.5, 10**30, True, [], {}, [[]], {"value": 3}, "http://[", "[ANY]"]
)
GRAMMARS = [
    *("[5 DIGITS]", "[1-3 DIGITS]", "[DIGITS]", "yes(yes,y,1), no(no,n,2)", "yes, no, 1, 2, 10, *, #"),
    *("http://files.example.com/city.grxml", "http://files.example.com/keys.grxml"),
    "http://files.example.com/nowhere",
]
URLS = ["http://app.example.com/up", "https://app.example.com/up", "ftp://example.com/a.wav", "/relative"]
KNOWN: dict[str, st.SearchStrategy[Json]] = {
    "event": st.sampled_from(["continue", "incomplete", "error", "hangup", "quit", "nomatch", "timeout:1"]),
    "next": st.sampled_from(["?on=next", "/turn", "http://app.example.com/other/"]),
    "url": st.sampled_from(URLS),
    "post": st.sampled_from(URLS),
    "allowSignals": st.sampled_from(["", "*", "quit", ["quit", "stop"]]),
    "milliseconds": st.integers(0, 5000),
}
NUMBERS = st.one_of(st.integers(1, 5), st.sampled_from([0, 1.5, 60, 10**12]))
WHOLE = st.one_of(st.integers(1, 4), st.sampled_from([5, 999]))


def from_schema(schema: Json) -> st.SearchStrategy[Json]:
    """Give values that a schema allows, as far as the schema of a document uses the language."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return st.deferred(lambda: from_schema(SCHEMAS["document"]["definitions"][name]))
    if "oneOf" in schema:
        return st.one_of([from_schema(option) for option in schema["oneOf"]])
    if "if" in schema:
        return st.one_of(from_schema(schema["then"] | {"type": "array"}), from_schema(schema["else"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    return st.one_of([_of_type(kind, schema) for kind in _types(schema)])


def _types(schema: Json) -> list[str]:
    kinds = schema["type"]
    return kinds if isinstance(kinds, list) else [kinds]


def _of_type(kind: str, schema: Json) -> st.SearchStrategy[Json]:
    match kind:
        case "object":
            return _object(schema)
        case "array":
            return st.lists(from_schema(schema["items"]), min_size=schema.get("minItems", 0), max_size=3)
        case "string":
            keys = st.sampled_from("0123456789*#")
            return keys if "pattern" in schema else st.sampled_from(["Hello there.", "+14075550199", "a b c"])
        case "boolean":
            return st.booleans()
        case "integer":
            return WHOLE
        case "number":
            return NUMBERS
        case _:
            return st.none()


def _object(schema: Json) -> st.SearchStrategy[Json]:
    known = schema.get("properties", {})
    if schema.get("minProperties"):
        return st.one_of([st.fixed_dictionaries({name: from_schema(one)}) for name, one in known.items()])
    needed = schema.get("required", [])
    fields = {
        name: KNOWN[name] if name in KNOWN and "enum" not in one else from_schema(one)
        for name, one in known.items()
    }
    if "mode" in known:
        fields["value"] = st.sampled_from(GRAMMARS)
    return st.fixed_dictionaries(
        {name: fields[name] for name in needed},
        optional={name: one for name, one in fields.items() if name not in needed},
    )


STEP = from_schema(SCHEMAS["document"]["properties"]["tropo"]["items"])
LIVELY = ("ask", "record", "transfer", "conference")
DEEP = st.sampled_from(LIVELY).flatmap(
    lambda name: st.fixed_dictionaries({name: from_schema(SCHEMAS["document"]["definitions"][name])})
)
HANDLERS = [{"on": {"event": event, "next": f"?on={event}"}} for event in ("continue", "hangup", "quit")]
VALID = st.lists(st.one_of(DEEP, DEEP, STEP), min_size=1, max_size=4).map(lambda steps: [*steps, *HANDLERS])
"""Documents with something to do in them; the session goes on afterwards."""


@st.composite
def damaged(draw: st.DrawFn) -> Json:
    """A document one value of which has been replaced by something else."""
    document = {"tropo": draw(st.lists(STEP, min_size=1, max_size=4))}
    place: Json = document
    while True:
        key = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        inside = place[key]
        if not inside or not isinstance(inside, dict | list) or draw(st.integers(0, 4)) == 0:
            place[key] = draw(JUNK)
            return document
        place = inside
