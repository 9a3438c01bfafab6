"""A flow as a graph: what follows a step, whether it can end, and which hash it has."""

import json
import sys
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from flows import Flow, Next, ask, say
from flows.drawing import drawn, mermaid, standalone
from flows.drawing.layout import lay_out
from flows.flow import registry, twins
from flows.grammars import Options
from flows.graph import describe, edges, followers, reachable

MENU = Options(yes="1", no="2")
NUMBER = count()


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    before = dict(registry)
    yield
    registry.clear()
    registry.update(before)
    twins.clear()
    sys.modules.pop("distant_flows", None)


def module(source: str, folder: Path, name: str = "") -> dict[str, Any]:
    """What a file of this source defines, once it is run as a module of its own."""
    path = folder / f"{name or f'probe_{next(NUMBER)}'}.py"
    path.write_text(source, encoding="utf-8")
    made = ModuleType(path.stem)
    if name:
        sys.modules[name] = made
    exec(compile(source, str(path), "exec"), made.__dict__)
    return made.__dict__


HEAD = """
from flows import Flow, Next, ask, say, transfer
from flows.grammars import Digits, Options
from flows.steps import Step

MENU = Options(yes="1", no="2")

class Other(Flow):
    @ask("Other?", MENU)
    def start(self, answer): return None

def far(flow, answer):
    return flow.one if answer else flow.two

class Base(Flow):
    @ask("One?", MENU)
    def one(self, answer): return None
    @ask("Two?", MENU)
    def two(self, answer): return None
    @ask("Three?", MENU)
    def three(self, answer): return self.two
    def helper(self, answer): return self.one
    def inherited(self, answer): return self.two
    def maybe(self, answer):
        if answer: return self.one
    @staticmethod
    def still(flow): return flow.one
    @property
    def usual(self): return self.two
    CHOICES = {"a": 1}

class Probe(Base):
    def helper(self, answer): return self.three
    def inherited(self, answer): return super().inherited(answer)
"""


def probe(body: str, folder: Path, decorator: str = '@ask("Go?", MENU)') -> type[Flow]:
    method = "\n".join(f"        {line}" for line in body.splitlines())
    source = f"{HEAD}\n    {decorator}\n    def start(self, answer=None):\n{method}\n"
    flow: type[Flow] = module(source, folder)["Probe"]
    return flow


def ways(flow: type[Flow]) -> set[str]:
    """The edges of `start` that its method gives, as words: the end is an empty one."""
    found = (edge for edge in edges(flow) if edge.source == "start" and edge.kind != "otherwise")
    return {f"{edge.kind}:{edge.target}" if edge.leaves else edge.target for edge in found}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return self.one", {"one"}),
        ("return self.one if answer else self.two", {"one", "two"}),
        ("return self.one if answer else None", {"one", ""}),
        ("match answer:\n    case 'a': return self.one\n    case _: return self.two", {"one", "two"}),
        ("match answer:\n    case 'a': return self.one", {"one", ""}),
        ("return self.helper(answer)", {"three"}),
        ("return self.inherited(answer)", {"two"}),
        ("return self.maybe(answer)", {"one", ""}),
        ("return self.still(self)", {"one"}),
        ("return self.usual", {"two"}),
        ("return far(self, answer)", {"one", "two"}),
        ("return far(answer=answer, flow=self)", {"one", "two"}),
        ("return super().three", {"three"}),
        ("return super().three.handler(self, answer)", {"two"}),
        ("return Base.helper(self, answer)", {"one"}),
        ("return getattr(self, 'two')", {"two"}),
        ("return {'1': self.one}.get(answer, self.two)", {"one", "two"}),
        ("return {'1': self.one}.get(answer)", {"one", ""}),
        ("def inner():\n    return self.two\nreturn inner()", {"two"}),
        ("pick = lambda: self.one\nreturn pick()", {"one"}),
        ("follows = None\nif answer:\n    follows = self.one\nreturn follows", {"one", ""}),
        ("while True:\n    if answer:\n        return self.one", {"one"}),
        ("try:\n    return self.one\nexcept KeyError:\n    raise", {"one"}),
        ("try:\n    return self.one\nexcept KeyError:\n    pass", {"one", ""}),
        ("with open(answer):\n    return self.one", {"one"}),
        ("raise ValueError", set()),
        ("self.say('Goodbye.')", {""}),
        ("return Other", {"flow:other"}),
        ("return Other if answer else self.one", {"flow:other", "one"}),
        ("return self.call(Other, then=self.two)", {"sub-flow:other", "two"}),
        ("return self.call(Other, self.two)", {"sub-flow:other", "two"}),
        ("return self.call(Other)", {"sub-flow:other", ""}),
        ("dial(Other)\nreturn self.one", {"one"}),
        ("isinstance(self, Other)\nreturn self.one", {"one"}),
        ("print(Other.name)\nreturn self.one", {"one"}),
        ("step: Step = self.one\nreturn step", {"one"}),
        ("return self.one.name and self.two", {"two"}),
    ],
)
def test_what_a_method_names_can_follow(body: str, expected: set[str], tmp_path: Path) -> None:
    assert ways(probe(body, tmp_path)) == expected


def test_a_flow_is_found_in_another_module_and_in_an_import_inside_the_method(tmp_path: Path) -> None:
    other = "from flows import Flow, ask\nfrom flows.grammars import Digits\nclass Distant(Flow):\n"
    other += '    @ask("?", Digits(1))\n    def start(self, answer): return None\n'
    module(other, tmp_path, "distant_flows")
    assert ways(probe("import distant_flows\nreturn distant_flows.Distant", tmp_path)) == {"flow:distant"}
    assert ways(probe("from distant_flows import Distant as D\nreturn D", tmp_path)) == {"flow:distant"}


def test_a_sub_flow_is_on_the_way_to_the_step_that_follows(tmp_path: Path) -> None:
    flow = probe("return self.call(Other, then=self.two)", tmp_path)
    assert [edge.via for edge in edges(flow) if edge.source == "start" and edge.target == "two"] == ["other"]


def test_what_is_declared_follows_too(tmp_path: Path) -> None:
    flow = probe("return self.one", tmp_path, '@ask("Go?", MENU, otherwise="two")')
    kinds = [(edge.target, edge.kind) for edge in edges(flow) if edge.source == "start"]
    assert kinds == [("one", "handler"), ("two", "otherwise")]
    assert followers(flow, flow.steps["start"]) == ["one", "two"]


def test_a_person_can_be_asked_for_at_every_question(tmp_path: Path) -> None:
    source = (
        HEAD + '    person = "three"\n    @ask("Go?", MENU)\n    def start(self, answer): return self.one\n'
    )
    flow = module(source, tmp_path)["Probe"]
    kinds = {(edge.source, edge.kind.value) for edge in edges(flow) if edge.target == "three"}
    assert kinds == {(step, kind) for step in ("start", "one", "two") for kind in ("otherwise", "person")} | {
        ("three", "otherwise")
    }


def test_who_comes_where(tmp_path: Path) -> None:
    assert reachable(probe("return self.three", tmp_path)) == {"start", "three", "two"}


def test_a_flow_without_source_is_read_by_its_names() -> None:
    made: dict[str, Any] = {"__name__": "shell"}
    exec(compile(HEAD + "    @say('Go.')\n    def start(self): return self.one\n", "<shell>", "exec"), made)
    flow = made["Probe"]
    assert ways(flow) == {"one", ""}
    assert len(describe(flow).version) == 64


PINNED = '''
"""A flow of every kind of thing whose source Pythons read differently."""
import re
from datetime import time
from enum import Enum
from flows import Flow, Next, ask, say
from flows.grammars import Digits, Options

class Colour(Enum):
    RED = "rot"

LIMITS = {"small": 3, "groß": (1, 2.5, None, True)}
WORDS = frozenset({"a", "é", "\\U0001fae8"})
PATTERN = re.compile("[a-z]+", re.I)
CLOSES = time(17, 30)

def total(values): return sum(values)

class Pinned(Flow):
    goodbye = "Bye, Zoë."

    @say(lambda flow: f"Hello {flow.caller!r:>{10}} and {flow.data.get('x', 1) + 1:}.")
    def start(self) -> Next:
        """A docstring
        in two lines."""
        text = """lines
that begin at the margin"""
        self.data["x"] = f"a{text}" "b" f"{total([1, 2])=}"
        return self.more if CLOSES and text in WORDS else self.last

    @ask("How many?", Digits(1, 3), otherwise="last")
    def more(self, answer: str) -> Next:
        match {"n": answer, "c": Colour.RED}:
            case {"n": "1" | "2" as few, **rest} if PATTERN.match(few):
                number: int = LIMITS["small"] + len(rest)
            case [_, *_, None] | Colour.RED:
                number = 0b101 + 1_000 - 0x1f
            case _:
                pass
        try:
            for index, thing in enumerate(x := [y for y in ()]) if False else ():
                print(index, thing, *x, sep="")
        except* ValueError as error:
            raise RuntimeError from error
        with open(answer) as one, open("b"):
            del one
        return self.last

    @say("Bye.")
    def last(self) -> Next:
        assert self.answers
        return None
'''
PINNED_VERSION = "df9d3ac8b151642e0b1f616084c0cfb3720afbb23230da008295c69d03abb844"


def test_every_python_gives_a_flow_the_same_version(tmp_path: Path) -> None:
    assert describe(module(PINNED, tmp_path)["Pinned"]).version == PINNED_VERSION


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ('"""A docstring\n        in two lines."""', '"""Another."""', True),
        ("            del one\n", "            # a comment\n            del (one)\n            pass\n", True),
        ("number: int = ", "number = ", True),
        ("def more(self, answer: str) -> Next:", "def more(self, answer):", True),
        ("1_000", "1000", True),
        ('f"a{text}" "b"', "f'a{text}b'", True),
        ('self.data["x"]', "self.data['x',]", False),
        ("0b101", "0b111", False),
        ("How many?", "How much?", False),
        ("Digits(1, 3)", "Digits(1, 4)", False),
        ('otherwise="last"', 'otherwise="start"', False),
        ("return None", "return self.last", False),
        ("sum(values)", "max(values)", False),
        ("17, 30", "17, 45", False),
        ('"small": 3', '"small": 4', False),
        ("Bye, Zoë.", "Bye.", False),
        ("flow.data.get('x', 1) + 1", "flow.data.get('x', 1) + 2", False),
        ("[a-z]+", "[a-y]+", False),
    ],
)
def test_the_version_changes_with_what_callers_may_live_through_and_with_nothing_else(
    old: str, new: str, same: bool, tmp_path: Path
) -> None:
    assert old in PINNED
    first, second = (module(text, tmp_path)["Pinned"] for text in (PINNED, PINNED.replace(old, new)))
    assert (describe(first).version == describe(second).version) is same


def test_the_data_behind_a_grammar_is_no_part_of_the_version(tmp_path: Path) -> None:
    source = """
from flows import Flow, ask
from flows.grammars import Phrases
NAMES = ["Chicago"]
def names(): return NAMES
class Towns(Flow):
    @ask("Where?", Phrases(names))
    def start(self, answer): return None
"""
    changed = source.replace("Chicago", "Boston")
    first, second = (module(text, tmp_path)["Towns"] for text in (source, changed))
    assert describe(first).version == describe(second).version


def test_the_graph_can_be_stored() -> None:
    graph = describe(registry["reception"]).graph
    assert json.loads(json.dumps(graph)) == graph


class Round(Flow):
    """Goes round."""

    @ask('Once <more> & "again"?', MENU, otherwise="an_end_with_quite_a_long_name_to_it")
    def start(self, answer: str) -> Next:
        return self.back if answer == "yes" else self.start

    @say("Back.")
    def back(self) -> Next:
        return self.start

    @say("End.")
    def an_end_with_quite_a_long_name_to_it(self) -> Next:
        return None


def test_a_flow_is_drawn_as_mermaid() -> None:
    assert mermaid(Round) == (
        "flowchart TD\n"
        '    s1("start<br/>ask")\n'
        '    s2["back<br/>say"]\n'
        '    s3["an_end_with_quite_a_long_name_to_it<br/>say, can end"]\n'
        "    s1 --> s2\n"
        "    s1 --> s1\n"
        '    s1 -.->|"otherwise"| s3\n'
        "    s2 --> s1\n"
    )


def test_a_flow_is_drawn_as_svg() -> None:
    picture = drawn(Round)
    assert picture.count("<rect") == 3
    assert picture.count('class="line') == 4
    assert "Once &lt;more&gt; &amp;" in picture
    assert all(text in picture for text in ("an_end_with_quite_", "<title id=", "<desc id=", ">otherwise<"))
    assert "style" not in picture
    assert "<style>" in standalone(Round)


def test_no_two_boxes_overlap_and_no_line_leads_up() -> None:
    names = [f"n{number}" for number in range(40)]
    lines = {(names[a], names[a * 7 % 40]): 30.0 for a in range(40)}
    lines |= {(names[a], names[a + 1]): 0.0 for a in range(39)}
    layout = lay_out(dict.fromkeys(names, (80.0, 40.0)), lines)
    places = sorted(layout.boxes.values(), key=lambda place: (place[1], place[0]))
    assert all(a[1] != b[1] or b[0] - a[0] >= 80 for a, b in pairwise(places))
    for source, target in layout.bends:
        upper, lower = (target, source) if (source, target) in layout.turned else (source, target)
        assert layout.boxes[upper][1] < layout.boxes[lower][1]


def test_a_flow_of_a_thousand_steps_is_laid_out() -> None:
    names = [f"n{number}" for number in range(1000)]
    lines = {(names[a], names[a + 1]): 0.0 for a in range(999)}
    assert (
        len({place[1] for place in lay_out(dict.fromkeys(names, (80.0, 40.0)), lines).boxes.values()}) == 1000
    )
