"""Grammars: what may be answered to a question, on the keypad, in speech and in a text."""

from flows.grammars.base import Grammar, Hearing, Listening
from flows.grammars.dates import Date
from flows.grammars.digits import Digits
from flows.grammars.lists import Options
from flows.grammars.numbers import Amount, Number
from flows.grammars.others import Address, Phone, Text, YesNo
from flows.grammars.phrases import Phrases
from flows.grammars.times import Time

__all__ = [
    "Address",
    "Amount",
    "Date",
    "Digits",
    "Grammar",
    "Hearing",
    "Listening",
    "Number",
    "Options",
    "Phone",
    "Phrases",
    "Text",
    "Time",
    "YesNo",
]
