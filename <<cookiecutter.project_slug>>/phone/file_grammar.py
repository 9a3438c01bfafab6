"""A grammar from a file, as a question uses it."""

from dataclasses import dataclass

from phone.grammar import DIGIT_OF, Match, plain
from phone.srgs_match import KEY_TOKENS, KEY_WORDS, Rule, Run, TooMuchError


@dataclass(frozen=True)
class FileGrammar:
    """A grammar from a file, for keys alone or for words and keys. It has no concept.

    Its value is what its tags say. In a file for words a key is one of `srgs_match.KEY_TOKENS`.
    """

    rules: dict[str, Rule]
    root: str
    dtmf: bool
    voice = True

    def by_keys(self, keys: str, terminator: str) -> Match | None:
        """Match keys; the terminator ends them and is no part of them, unless the grammar takes it."""
        for pressed in (keys, keys.removesuffix(terminator)):
            value, _ = self._run(self._tokens(pressed))
            if value is not None:
                return Match(pressed, pressed, value)
        return None

    def by_speech(self, words: str) -> Match | None:
        """Match what was said; digits may be words in it where they are figures in the file."""
        return None if self.dtmf else self._by_words(words)

    def by_text(self, text: str) -> Match | None:
        """Match a message; to a grammar of keys it is keys."""
        if self.dtmf:
            value, _ = self._run(list("".join(text.split())))
            return None if value is None else Match(text, text, value)
        return self._by_words(text)

    def ends_with(self, keys: str, terminator: str) -> bool:
        """Whether no further key could be taken."""
        return keys.endswith(terminator) or not self._run(self._tokens(keys))[1]

    def _tokens(self, keys: str) -> list[str]:
        return list(keys) if self.dtmf else [KEY_TOKENS[key] for key in keys]

    def _by_words(self, words: str) -> Match | None:
        said = plain(words)
        if not KEY_WORDS.isdisjoint(said.split()):
            return None
        figures = " ".join(DIGIT_OF.get(word, word) for word in said.split())
        for tokens in dict.fromkeys((said, figures)):
            value, _ = self._run(tokens.split())
            if value is not None:
                return Match(said, said, value)
        return None

    def _run(self, tokens: list[str]) -> tuple[str | None, bool]:
        """Give the value when all the tokens match, and whether more could follow."""
        run = Run(self.rules, tokens)
        try:
            return run.rule(self.root, 0).get(len(tokens)), run.hungry
        except (TooMuchError, RecursionError):
            return None, False
