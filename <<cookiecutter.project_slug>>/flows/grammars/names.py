"""Names as they are compared, and as they are spoken: "St. Louis" is "Saint Louis" there.

Compared, every name is in its shortest form, in any language; so what was heard and what is on the list
meet, whichever of them was written out.
"""

import unicodedata
from collections.abc import Mapping

_SHORT: Mapping[str, str] = {
    "saint": "st",
    "sainte": "ste",
    "santa": "sta",
    "santo": "sto",
    "mount": "mt",
    "fort": "ft",
    "doctor": "dr",
    "general": "gral",
    "street": "st",
    "avenue": "ave",
    "avenida": "av",
    "boulevard": "blvd",
    "road": "rd",
    "drive": "dr",
    "lane": "ln",
    "y": "and",
}

_SPOKEN: Mapping[str, Mapping[str, str]] = {
    "en": {
        "st": "saint",
        "ste": "sainte",
        "mt": "mount",
        "ft": "fort",
        "dr": "doctor",
        "&": "and",
        "+": "and",
    },
    "es": {
        "sta": "santa",
        "sto": "santo",
        "gral": "general",
        "dr": "doctor",
        "av": "avenida",
        "&": "y",
        "+": "y",
    },
}
"""How a short form is said, by language."""

_SPOKEN_LAST: Mapping[str, Mapping[str, str]] = {
    "en": {"st": "street", "ave": "avenue", "blvd": "boulevard", "rd": "road", "dr": "drive", "ln": "lane"},
}
"""How it is said at the end of a name, where that is another word."""

LONGEST = 300
"""Characters of what was said or written that are looked at."""

LANGUAGES = tuple(_SPOKEN)
"""The languages that have short forms."""

_SHORTENED = frozenset(short for table in (*_SPOKEN.values(), *_SPOKEN_LAST.values()) for short in table)

_KEYS = frozenset("*#")

_JOINED = "'\u2019`"
"""Signs within a word, and not between two."""

_BLANKED = str.maketrans(
    {sign: " " for sign in map(chr, range(128)) if not sign.isalnum()}
    | dict.fromkeys("&+", " and ")
    | dict.fromkeys(_JOINED, "")
)


def folded(name: str) -> str:
    """The name as it is compared: plain, and in short forms."""
    return " ".join([_SHORT.get(word, word) for word in plain(name).split()])


def plain(name: str) -> str:
    """The name without case, accents and punctuation, with single blanks.

    Of what has no letter or digit only the keys `*` and `#` are left.
    """
    text = name.casefold().translate(_BLANKED)
    if not text.isascii():
        text = "".join(map(_plain, unicodedata.normalize("NFKD", text)))
    return " ".join(text.split()) or "".join(_KEYS.intersection(name))


def spoken(name: str, language: str) -> str:
    """The name as a grammar for the ear has it: words without punctuation, short forms written out."""
    words = name.replace("&", " & ").replace("+", " + ").split()
    bare = [word.casefold().rstrip(".,") for word in words]
    if _SHORTENED.isdisjoint(bare):
        return name if name.replace(" ", "").isalnum() else _without_punctuation(name)
    said: list[str] = []
    for word, short in zip(words, bare, strict=True):
        at_end = len(said) > 0 and len(said) + 1 == len(words)
        full = _SPOKEN_LAST.get(language, {}).get(short) if at_end else None
        full = full or _SPOKEN.get(language, {}).get(short)
        said.append(_without_punctuation(word) if not full else full.title() if word[0].isupper() else full)
    return _without_punctuation(" ".join(said))


def _plain(sign: str) -> str:
    """A sign of a decomposed text as it is compared; an accent is a sign of its own there."""
    return sign if sign.isalnum() else "" if unicodedata.combining(sign) else " "


def _without_punctuation(text: str) -> str:
    kept = (
        sign if sign.isalnum() or sign in _JOINED + "-" or unicodedata.combining(sign) else " "
        for sign in text
    )
    return " ".join("".join(kept).split()) or text.strip()
