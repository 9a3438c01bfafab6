"""Grammars: what may be answered to a question, on the keypad, in speech and in a text."""

from flows.grammars.base import Grammar, Hearing, Listening
from flows.grammars.lists import Options
from flows.grammars.phrases import Phrases

__all__ = ["Grammar", "Hearing", "Listening", "Options", "Phrases"]
