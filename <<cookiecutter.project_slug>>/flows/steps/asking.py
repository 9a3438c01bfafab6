"""`ask`: a question, its grammar, and how it is asked again."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeAlias, TypeVar, overload

from flows.grammars import Grammar
from flows.heard import Secret
from flows.prompts import Prompt
from flows.steps.base import Next, Step, named

V = TypeVar("V")

COMMANDS = ("repeat", "back", "help", "person")
"""What a caller may say at every question besides an answer to it."""

GrammarOf: TypeAlias = Grammar[V] | Callable[[Any], Grammar[V]]
"""A grammar, or a function of the flow that gives it."""

_PROMPTS = ("prompt", "retry", "keypad", "confirm", "no_input", "no_match", "low_confidence", "help_text")


class Ask(Step):
    """A question: asked up to `attempts` times, each attempt a turn of its own."""

    kind = "ask"

    def __init__(
        self, handler: Callable[..., Next], prompt: Prompt, grammar: GrammarOf[Any], **options: Any
    ) -> None:
        super().__init__(handler, prompt)
        self.grammar = grammar
        self.retry: Prompt | None = options["retry"]
        self.keypad: Prompt | None = options["keypad"]
        self.confirm: Prompt | None = options["confirm"]
        self.no_input: Prompt | None = options["no_input"]
        self.no_match: Prompt | None = options["no_match"]
        self.low_confidence: Prompt | None = options["low_confidence"]
        self.help_text: Prompt | None = options["help_text"]
        self.otherwise: str | None = options["otherwise"]
        self.attempts: int = options["attempts"]
        self.validate: Callable[[Any, Any], Prompt | None] | None = options["validate"]
        self.commands: tuple[str, ...] | None = options["commands"]
        self.sensitive = options["sensitive"]
        self.reject_below: int | None = options["reject_below"]
        self.confirm_below: int | None = options["confirm_below"]
        self.silence: float | None = options["silence"]

    def followers(self) -> tuple[str, ...]:
        return (self.otherwise,) if self.otherwise else ()

    def prompts(self) -> Mapping[str, Prompt]:
        found = {name: getattr(self, name) for name in _PROMPTS}
        return {name: prompt for name, prompt in found.items() if prompt is not None}

    def options(self) -> dict[str, Any]:
        grammar: Any = self.grammar
        spec = {"kind": type(grammar).__name__, **grammar.spec()} if isinstance(grammar, Grammar) else {}
        return {
            "grammar": spec or {"function": named(grammar)},
            "attempts": self.attempts,
            "sensitive": self.sensitive,
            "commands": None if self.commands is None else list(self.commands),
            "validate": named(self.validate),
            "reject_below": self.reject_below,
            "confirm_below": self.confirm_below,
            "silence": self.silence,
        }

    def grammar_for(self, flow: object) -> Grammar[Any]:
        return self.grammar if isinstance(self.grammar, Grammar) else self.grammar(flow)


Handler: TypeAlias = Callable[[Any, V], Next]


@overload
def ask(
    prompt: Prompt,
    grammar: GrammarOf[V],
    *,
    retry: Prompt | None = None,
    keypad: Prompt | None = None,
    no_input: Prompt | None = None,
    no_match: Prompt | None = None,
    low_confidence: Prompt | None = None,
    help_text: Prompt | None = None,
    otherwise: str | None = None,
    attempts: int = 3,
    validate: Callable[[Any, V], Prompt | None] | None = None,
    commands: tuple[str, ...] | None = None,
    sensitive: Literal[True],
    reject_below: int | None = None,
    silence: float | None = None,
) -> Callable[[Handler[Secret[V]]], Step]: ...


@overload
def ask(
    prompt: Prompt,
    grammar: GrammarOf[V],
    *,
    retry: Prompt | None = None,
    keypad: Prompt | None = None,
    confirm: Prompt | None = None,
    no_input: Prompt | None = None,
    no_match: Prompt | None = None,
    low_confidence: Prompt | None = None,
    help_text: Prompt | None = None,
    otherwise: str | None = None,
    attempts: int = 3,
    validate: Callable[[Any, V], Prompt | None] | None = None,
    commands: tuple[str, ...] | None = None,
    sensitive: Literal[False] = False,
    reject_below: int | None = None,
    confirm_below: int | None = None,
    silence: float | None = None,
) -> Callable[[Handler[V]], Step]: ...


def ask(
    prompt: Prompt,
    grammar: GrammarOf[Any],
    *,
    retry: Prompt | None = None,
    keypad: Prompt | None = None,
    confirm: Prompt | None = None,
    no_input: Prompt | None = None,
    no_match: Prompt | None = None,
    low_confidence: Prompt | None = None,
    help_text: Prompt | None = None,
    otherwise: str | None = None,
    attempts: int = 3,
    validate: Callable[[Any, Any], Prompt | None] | None = None,
    commands: tuple[str, ...] | None = None,
    sensitive: bool = False,
    reject_below: int | None = None,
    confirm_below: int | None = None,
    silence: float | None = None,
) -> Callable[[Callable[..., Next]], Step]:
    """A question; the method gets the answer, of the grammar's type.

    Args:
        prompt: what is asked.
        grammar: what may be answered, or a function of the flow that gives it.
        retry: said instead of the prompt from the second attempt on; without it, what went wrong and then
            the prompt again.
        keypad: said at the last attempt, which then takes keys only.
        confirm: asked when the answer was heard with a confidence in the middle band; `{value}` is the
            answer.
        no_input, no_match, low_confidence: what went wrong, instead of the flow's words for it.
        help_text: said when the caller asks for help, before what can be done.
        otherwise: the name of the step that follows the last attempt; without it, the flow's `person`, the
            fallback number, or a polite end.
        attempts: how often the question is asked in one visit.
        validate: a function of the flow and the answer, which gives the reason to refuse it, or None.
        commands: which of `COMMANDS` can be said here; without it, those of the flow.
        sensitive: the method gets a `Secret`, and nothing of the answer is kept anywhere.
        reject_below: speech below this confidence (0 to 100) counts as not understood.
        confirm_below: speech below this confidence is confirmed.
        silence: the seconds after which nothing was said.

    Raises:
        ValueError: `attempts` below 1, an unknown command, or a sensitive question that would be confirmed.
    """
    if attempts < 1:
        raise ValueError(f"attempts must be 1 or more, not {attempts}")
    if unknown := set(commands or ()) - set(COMMANDS):
        raise ValueError(f"commands has {min(unknown)!r}; it takes {', '.join(COMMANDS)}")
    if sensitive and confirm is not None:
        raise ValueError("a sensitive answer cannot be said back: leave out confirm")
    return lambda handler: Ask(
        handler,
        prompt,
        grammar,
        retry=retry,
        keypad=keypad,
        confirm=confirm,
        no_input=no_input,
        no_match=no_match,
        low_confidence=low_confidence,
        help_text=help_text,
        otherwise=otherwise,
        attempts=attempts,
        validate=validate,
        commands=commands,
        sensitive=sensitive,
        reject_below=reject_below,
        confirm_below=confirm_below,
        silence=silence,
    )
