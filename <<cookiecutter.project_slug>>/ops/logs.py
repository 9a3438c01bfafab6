"""Keeps secrets and forged lines out of the logs: the filter that every log handler uses.

A record is one line. What a caller or a scanner sent can neither start a new line nor colour the terminal
(ASVS 16.4.1), and tokens and card numbers are blotted out. Nothing here raises, and no record is lost.
"""

import logging
import re

from django.conf import settings

# C0 and C1 controls, invisible and direction-changing marks, line separators, surrogates.
_UNSAFE = r"\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
_IN_A_LINE = re.compile(f"[{_UNSAFE}]")
_IN_A_TRACEBACK = re.compile(rf"(?![\n\t])[{_UNSAFE}]")

_TOKEN_IN_PATH = re.compile(r"/tropo/[^/\s?#\"']{16,}")
# In one run of digits, or in groups as on a card. The plus of a telephone number is looked at below.
_NUMBER = re.compile(r"\+?(?<!\d)\d{13,19}(?!\d)|(?<![\w-])\d{4}(?:[ -]\d{3,7}){2,4}(?![\w-])")
_LONGEST_TELEPHONE_NUMBER = len("+") + 15


class Redact(logging.Filter):
    """Rewrites a record's message, and its traceback's secrets, before the handler formats them."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _message(record), None
        if record.exc_info and not record.exc_text:
            # Formatters use this text when it is there. A traceback keeps its lines.
            record.exc_text = _traceback(record)
        return True


def clean(text: str) -> str:
    """One line of log: control characters as escapes, secrets blotted out."""
    return hide_secrets(_IN_A_LINE.sub(_escape, text))


def hide_secrets(text: str) -> str:
    """The text with webhook tokens as `***` and card numbers as `[number]`."""
    for token in sorted(filter(None, settings.WEBHOOK_TOKENS), key=len, reverse=True):
        text = text.replace(token, "***")
    return _NUMBER.sub(_hide_number, _TOKEN_IN_PATH.sub("/tropo/***", text))


def _message(record: logging.LogRecord) -> str:
    try:
        return clean(_text(record))
    except Exception as fault:  # a value whose own text cannot be made
        return f"(log line of {record.pathname}:{record.lineno} withheld: {type(fault).__name__})"


def _text(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # a log call that does not fit its values must not stop what it reports on
        return f"{record.msg!r} does not fit {record.args!r}"


def _traceback(record: logging.LogRecord) -> str:
    try:
        text = logging.Formatter().formatException(record.exc_info)  # type: ignore[arg-type]  # checked above
        return hide_secrets(_IN_A_TRACEBACK.sub(_escape, text))
    except Exception as fault:  # an exception whose own text cannot be made
        return f"(traceback withheld: {type(fault).__name__})"


def _escape(unsafe: re.Match[str]) -> str:
    return unsafe[0].encode("unicode_escape").decode("ascii")


def _hide_number(found: re.Match[str]) -> str:
    number = found[0]
    if number.startswith("+") and len(number) <= _LONGEST_TELEPHONE_NUMBER:
        return number
    digits = [int(character) for character in number if character.isdigit()]
    return "[number]" if 13 <= len(digits) <= 19 and _passes_luhn(digits) else number


def _passes_luhn(digits: list[int]) -> bool:
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
