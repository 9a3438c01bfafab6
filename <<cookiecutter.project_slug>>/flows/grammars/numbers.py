"""Numbers: whole ones, and amounts of money in dollars and cents."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flows.grammars import rules, speech
from flows.grammars.base import Hearing, Listening
from flows.grammars.digits import spoken_digits
from flows.grammars.spoken import Spoken
from flows.languages import Language, Reading
from tropo import Recognition

_MOST_DIGITS = 9
_CENT = Decimal("0.01")
_STARRED = re.compile(r"([0-9]*)\*([0-9]{0,2})")


class Number(Spoken[int]):
    """A whole number from `least` to `most`. "Two fifty" is 250, as when its digits were said."""

    def __init__(self, least: int, most: int) -> None:
        if not least <= most < 10**_MOST_DIGITS or least <= -(10**_MOST_DIGITS):
            raise ValueError(f"Number needs least <= most, of {_MOST_DIGITS} digits, not {least} and {most}")
        self.least = least
        self.most = most
        self.lengths = ((len(str(max(least, 0))), len(str(max(most, 0)))),)

    def speech(self, language: Language) -> dict[str, str]:
        minus = speech.reference("minus", "0-1") if self.least < 0 else ""
        whole = f"{minus}{speech.reference('number')}"
        return {"whole": whole, **speech.rules_of(language, "number", "minus")}

    def keyed(self, keys: str, hearing: Hearing) -> tuple[str, ...]:
        return self._fitting([int(keys)]) if keys.isdigit() and len(keys) <= _MOST_DIGITS else ()

    def said(self, reading: Reading, hearing: Hearing) -> tuple[str, ...]:
        for end, _ in reading.values("minus", 0):
            rest = self._whole(Reading(reading.language, reading.said[end:]))
            return self._fitting(-number for number in rest)
        return self._fitting(self._whole(reading))

    def value(self, stored: str) -> int:
        return int(stored)

    def spec(self) -> Mapping[str, Any]:
        return {"number": [self.least, self.most]}

    def _whole(self, reading: Reading) -> list[int]:
        ways = (*reading.all_of("number"), *reading.all_of("number_written"))
        found = [sum(values.values()) for values in ways]
        return (
            found or [int(digits) for _, digits in sorted(spoken_digits(reading, _MOST_DIGITS).items())][:1]
        )

    def _fitting(self, numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(str(number) for number in numbers if self.least <= number <= self.most)


class Amount(Spoken[Decimal]):
    """Dollars and cents, from `least` to `most`.

    Keyed, the last two keys are the cents, with no point: 1250 is $12.50. Where that is out of bounds and
    whole dollars are not, the keys are dollars. A star is the point (12*50) where it is no command.
    Spoken short forms that may be two amounts ("two fifty") are asked back, unless one is out of bounds.
    """

    figures_as_keys = False

    def __init__(self, least: Decimal | int | str, most: Decimal | int | str) -> None:
        try:
            self.least, self.most = (Decimal(bound).quantize(_CENT) for bound in (least, most))
            fits = 0 <= self.least <= self.most < 10**7
        except (InvalidOperation, TypeError) as error:
            raise ValueError(
                f"Amount needs amounts such as 5 or '12.50', not {least!r} and {most!r}"
            ) from error
        if not fits:
            raise ValueError(f"Amount needs 0 <= least <= most < 10,000,000, not {least} and {most}")
        self.lengths = ((1, len(str(int(self.most * 100)))),)

    def speech(self, language: Language) -> dict[str, str]:
        either = rules.one_of(map(speech.reference, ("amount", "amount_short")))
        return {"money": either, **speech.rules_of(language, "amount", "amount_short")}

    def key_items(self, listening: Listening) -> list[str]:
        taken = any("*" in phrases for phrases in listening.commands.values())
        dollars, cents = (speech.reference("key", count) for count in ("0-7", "0-2"))
        starred = [] if taken else [f"<item>{dollars}{rules.key('*')}{cents}</item>"]
        return [*super().key_items(listening), *starred]

    def keyed(self, keys: str, hearing: Hearing) -> tuple[str, ...]:
        starred = _STARRED.fullmatch(keys[: _MOST_DIGITS + 1])
        if starred and len(keys) > 1:
            return self._fitting([int(starred[1] or 0) * 100 + int(starred[2].ljust(2, "0"))])
        if not keys.isdigit() or len(keys) > _MOST_DIGITS:
            return ()
        return self._fitting([int(keys), int(keys) * 100])[:1]

    def said(self, reading: Reading, hearing: Hearing) -> tuple[str, ...]:
        whole = [values["amount"] for name in ("amount", "amount_written") for values in reading.all_of(name)]
        if whole:
            return self._fitting(whole)
        short = [values["amount"] for values in reading.all_of("amount_short")]
        run = spoken_digits(reading, _MOST_DIGITS - 2)
        return self._fitting([*short, *(int(run[length]) * 100 for length in sorted(run)[:1])])

    def doubts(self, stored: str, heard: Recognition, hearing: Hearing) -> tuple[str, ...]:
        cents = int(Decimal(stored) * 100)
        whole = [cents // 100] if cents % 100 == 0 else []
        return self._fitting([cents * 100, *whole]) if heard.mode == "keypad" else ()

    def value(self, stored: str) -> Decimal:
        return Decimal(stored)

    def words(self, stored: str, hearing: Hearing) -> str:
        return hearing.language.formats["amount"].replace("{amount}", f"{Decimal(stored):,.2f}")

    def spec(self) -> Mapping[str, Any]:
        return {"amount": [str(self.least), str(self.most)]}

    def _fitting(self, cents: Iterable[int]) -> tuple[str, ...]:
        amounts = (Decimal(count) / 100 for count in cents)
        return tuple(f"{amount:.2f}" for amount in amounts if self.least <= amount <= self.most)
