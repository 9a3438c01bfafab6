"""What can be wrong with the places in prompts: `{answers.city}`, `{data.count}`, `{value}`."""

import difflib
import re
from collections.abc import Iterator

from flows.findings.finding import Finding
from flows.findings.study import Study, Words, related

_PLACE = re.compile(r"\{([A-Za-z_][\w.]*)\}")
_ANSWER = re.compile(r"answers\.(\w+)")
_DATA = re.compile(r"data\.(\w+)")
_OWN = {"confirm": ("value",), "choose": ("options",)}
"""Places that the engine fills, by the prompts in which it does."""


def unknown_places(study: Study) -> Iterator[Finding]:
    """Places that nothing fills: the caller would hear a gap, or the braces."""
    flows = related(study.flow)
    asked = sorted({name for flow in flows for name, step in flow.steps.items() if step.kind == "ask"})
    used = [found for flow in flows for _, found in Study(flow).usages]
    # Who is called, is called with data: flows.dial(Reminder, number, data={"day": "Monday"}).
    given = any(getattr(flow, "machine", "") for flow in flows)
    vague = given or any(one.keeps_more for one in used)
    kept = None if vague else {key for one in used for key in one.kept}
    for words in study.words():
        for place in dict.fromkeys(_PLACE.findall(words.text)):
            if answer := _ANSWER.fullmatch(place):
                yield from _answer(words, answer[1], asked)
            elif data := _DATA.fullmatch(place):
                yield from _data(words, data[1], kept)
            elif place not in (*_OWN.get(words.option, ()), *words.places):
                yield _other(words, place)


def built_texts(study: Study) -> Iterator[Finding]:
    """Texts that are put together of values: what a caller said in them would be read as a pattern."""
    for reading, found in study.usages:
        function = reading.part.function
        for line in found.built:
            yield Finding(
                id="flows.W012",
                message=f"{function.__qualname__} puts values into the text itself.",
                hint='Give them names: self.say("That is {price} dollars.", price=price).',
                file=function.__code__.co_filename,
                line=line,
            )


def _answer(words: Words, name: str, asked: list[str]) -> Iterator[Finding]:
    if name not in asked:
        near = difflib.get_close_matches(name, asked, n=1)
        yield Finding(
            id="flows.E004",
            message=f"{words.owner} says {{answers.{name}}}, and no question has that name.",
            hint=f"Did you mean {{answers.{near[0]}}}?"
            if near
            else f"Questions: {', '.join(asked) or 'none'}.",
            file=words.file,
            line=words.line,
        )


def _data(words: Words, name: str, kept: set[str] | None) -> Iterator[Finding]:
    if kept is not None and name not in kept:
        yield Finding(
            id="flows.W001",
            message=f"{words.owner} says {{data.{name}}}, and nothing sets self.data[{name!r}].",
            hint=f"Set it before it is said; what is kept: {', '.join(sorted(kept)) or 'nothing'}.",
            file=words.file,
            line=words.line,
        )


def _other(words: Words, place: str) -> Finding:
    return Finding(
        id="flows.W002",
        message=f"{words.owner} says {{{place}}}, which nothing fills: it is said as it stands.",
        hint="Places are {answers.<question>} and {data.<key>}, and {value} in confirm.",
        file=words.file,
        line=words.line,
    )
