"""Grammars: what may be answered to a question, on the keypad, in speech and in a text."""

from flows.grammars.base import Grammar, Hearing, Listening
from flows.grammars.lists import Digits, Options, Phrases

__all__ = ["Digits", "Grammar", "Hearing", "Listening", "Options", "Phrases"]
