"""Random programs in the words of one version of tropo-webapi-python.

Which options an action has, and in which order its arguments come, is read from that version itself.
"""

from functools import cached_property
from inspect import Parameter, signature
from types import ModuleType
from typing import Any

from hypothesis import strategies as st

from tests.oracles import Made, Program

# Chosen from, not made up: ten thousand documents are to be compared within a minute.
TEXTS = [
    "",
    "Hello",
    "[5 DIGITS]",
    "#",
    "/next?t=1",
    'Say "no" \\',
    "Zürich 🚋",
    "a\nb\x00",
    "<speak>1</speak>",
]
LISTS = [[], ["Hello"], ["Hello", "", "Zürich"]]
OBJECTS = [{}, {"x-city": "Zürich"}, {"event": "ring", "nested": {"deep": [1, {"er": "x"}]}}]
NUMBERS = [True, False, 0, 1, -7, 30, 0.5, 1e30, 10**20]
TEXT = st.sampled_from(TEXTS)
TEXT_OR_LIST = st.sampled_from([*TEXTS, *LISTS])
SCALAR = st.sampled_from([*TEXTS, *NUMBERS])
OPTION = st.sampled_from([*TEXTS, *NUMBERS, *LISTS, *OBJECTS, None])
OBJECT = st.sampled_from(OBJECTS)
GRAMMAR = st.sampled_from(["Choices", "TransferOnChoices"])
WAY = st.sampled_from(["text", "one", "several"])
YES = st.booleans()


class Class:
    """What can be said to one class of actions: its arguments and its options."""

    def __init__(self, library: ModuleType, kind: str) -> None:
        made = getattr(library, kind)
        self.needed = arguments(made.__init__)
        options = [name for name in getattr(made, "options_array", ()) if name not in self.needed]
        # The one option that the list of 15.13.0 leaves out, and its constructor reads.
        self.has_voice_of_handler = kind == "On" and "post" in options
        if self.has_voice_of_handler:
            options.append("voice")
        self.options = st.lists(st.sampled_from(options), max_size=3, unique=True) if options else st.just([])


def arguments(function: Any) -> list[str]:
    """The names of the arguments that must be given."""
    found = signature(function).parameters.values()
    return [each.name for each in found if each.kind is Parameter.POSITIONAL_OR_KEYWORD][1:]


class Speaker:
    """Draws what can be said to one version."""

    def __init__(self, library: ModuleType) -> None:
        methods = [name for name in vars(library.Tropo) if name[0] not in "_R"]
        self.methods = st.lists(st.sampled_from(methods), min_size=1, max_size=4)
        self.method_arguments = {name: arguments(getattr(library.Tropo, name)) for name in methods}
        kinds = [name for name, value in vars(library).items() if hasattr(value, "obj")]
        self.classes = {kind: Class(library, kind) for kind in kinds if kind != "TropoAction"}

    @cached_property
    def programs(self) -> st.SearchStrategy[Program]:
        @st.composite
        def strategy(draw: st.DrawFn) -> Program:
            return self.program(draw)

        return strategy()

    def program(self, draw: st.DrawFn) -> Program:
        program = Program(pretty=draw(YES))
        for method in draw(self.methods):
            voiced = any(name == "setVoice" for name, _, _ in program.calls)
            program.calls.append(self.call(draw, method, voiced=voiced))
        return program

    def call(
        self, draw: st.DrawFn, method: str, *, voiced: bool
    ) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        names = self.method_arguments[method]
        if method == "setVoice":
            return method, (draw(TEXT),), {}
        kind = method[0].upper() + method[1:]
        known = self.classes[kind]
        given = {name: self.argument(draw, method, name) for name in known.needed}
        values, further = list(given.values())[: len(names)], list(given)[len(names) :]
        options = {name: given[name] for name in further} | self.options(draw, kind)
        # 15.13.0 speaks a handler's words in the voice of the document, 0.1.3 does not, and so we do not.
        if known.has_voice_of_handler and voiced:
            options["voice"] = draw(TEXT)
        if draw(YES):
            return method, (), dict(zip(names, values, strict=True)) | options
        return method, tuple(values), options

    def options(self, draw: st.DrawFn, kind: str) -> dict[str, Any]:
        return {name: self.option(draw, name) for name in draw(self.classes[kind].options)}

    def made(self, draw: st.DrawFn, kind: str, attribute: str = "json") -> Made:
        values = tuple(self.argument(draw, kind, name) for name in self.classes[kind].needed)
        return Made(kind, values, self.options(draw, kind), attribute)

    def argument(self, draw: st.DrawFn, kind: str, name: str) -> Any:
        """What must be given: `kind` is a class, or in lower case the method that makes it."""
        match name:
            case "choices":
                return draw(TEXT) if draw(YES) else self.made(draw, "Choices", "")
            case "say_obj":
                return draw(TEXT) if kind == "message" and draw(YES) else self.made(draw, "Say", "obj")
            case "to" | "message":
                return draw(TEXT_OR_LIST)
            case "headers":
                return draw(OBJECT)
            case "url" if kind in ("record", "Record"):
                return self.part(draw, "RecordUrlTuple")
        return draw(SCALAR)

    def option(self, draw: st.DrawFn, name: str) -> Any:
        """A value of the sort that the option was made for, or of any."""
        made = name[0].upper() + name[1:]
        if name == "url":
            made = "RecordUrlTuple"
        elif name == "choices":
            made = draw(GRAMMAR)
        return self.part(draw, made) if made in self.classes else draw(OPTION)

    def part(self, draw: st.DrawFn, kind: str) -> Any:
        match draw(WAY):
            case "text":
                return draw(TEXT)
            case "one":
                return self.made(draw, kind)
        return [self.made(draw, kind), self.made(draw, kind)]
