"""Dates: days as callers say them, by name, by number or by how far away they are."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from itertools import islice
from typing import Any

from flows.grammars import speech
from flows.grammars.base import Hearing
from flows.grammars.spoken import Spoken
from flows.languages import Language, Reading
from flows.languages.reading import PACK, Values

Bound = date | Callable[[date], date] | None

_YEARS_AHEAD = 10
"""A year of two figures is within so many years from now, or in the past."""

_LONGEST_LEAP = 9
"""Years until every day of the calendar has come again, 29 February over a century included."""

_MONTHS_AHEAD = 13

_KEYED = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})?")


class Date(Spoken[date]):
    """A day. `earliest` and `latest` are days, or functions that give one for today.

    A day without a year is the next such day, today included. Keyed, it is month, day and, if wanted,
    the year (MMDD or MMDDYYYY); in a language whose dates begin with the day, DDMM.
    "Friday" on a Friday, and "next Friday" in the same week, may be two days: they are asked back.
    """

    lengths = ((4, 4), (8, 8))

    def __init__(self, earliest: Bound = None, latest: Bound = None) -> None:
        self.earliest = earliest
        self.latest = latest

    def speech(self, language: Language) -> dict[str, str]:
        return {"day_said": speech.reference("date"), **speech.rules_of(language, "date")}

    def keyed(self, keys: str, hearing: Hearing) -> tuple[str, ...]:
        found = _KEYED.fullmatch(keys)
        if found is None:
            return ()
        first, second, year = int(found[1]), int(found[2]), int(found[3] or 0)
        day_first = hearing.language.formats["order"] == "dmy"
        month, day = (second, first) if day_first else (first, second)
        return self._fitting(_calendar(day, month, year, hearing.now.date()), hearing)

    def said(self, reading: Reading, hearing: Hearing) -> tuple[str, ...]:
        today = hearing.now.date()
        order = hearing.language.formats["order"]
        for name in ("date", "date_written"):
            for values in reading.all_of(name):
                found = self._fitting(_days(values, today, order), hearing)
                if found:
                    return found
        return ()

    def value(self, stored: str) -> date:
        return date.fromisoformat(stored)

    def words(self, stored: str, hearing: Hearing) -> str:
        day, language = self.value(stored), hearing.language
        plain = day in _calendar(day.day, day.month, 0, hearing.now.date())
        said = {
            "weekday": language.names["weekdays"][day.weekday()],
            "month": language.names["months"][day.month - 1],
            "day": str(day.day),
            "year": str(day.year),
        }
        return filled(language.formats["date" if plain else "date_with_year"], said)

    def spec(self) -> Mapping[str, Any]:
        return {"date": [_named(self.earliest), _named(self.latest)]}

    def _fitting(self, days: list[date], hearing: Hearing) -> tuple[str, ...]:
        today = hearing.now.date()
        first, last = (bound(today) if callable(bound) else bound for bound in (self.earliest, self.latest))
        return tuple(
            day.isoformat()
            for day in dict.fromkeys(days)
            if (first is None or day >= first) and (last is None or day <= last)
        )


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """A pattern of a language's table with its places filled; a place of no value stays."""
    return re.sub(r"\{(\w+)\}", lambda place: values.get(place[1], place[0]), pattern)


def _days(values: Values, today: date, order: str) -> list[date]:
    """The days that the numbers of a pattern name; none when there is no such day."""
    if "day_away" in values:
        return list(_shifted(today, values["day_away"]))
    if "figures" in values:
        found = [day for parts in _orders(values["figures"], order) for day in _calendar(*parts, today)]
    elif "day" in values:
        year = values.get("year", values.get("short_year", 0))
        found = _calendar(values["day"], values.get("month", 0), year, today)
    else:
        return _weekdays(values["weekday"], values.get("which"), today)
    weekday = values.get("weekday")
    if not found or weekday is None:
        return found[:1]
    right = [day for day in found if day.weekday() == weekday]
    # Of a wrong day of the week either may be meant: the date, or that day of the same week.
    aside = (weekday - found[0].weekday() + 3) % 7 - 3
    return right[:1] or [found[0], *_shifted(found[0], aside)]


def _weekdays(weekday: int, which: int | None, today: date) -> list[date]:
    """The next such day; two of them where people differ in what they mean."""
    ahead = (weekday - today.weekday()) % 7
    if which == 1:
        # Said within the week, "next Friday" is this Friday to some and that of next week to others.
        this_week = 0 < ahead <= 6 - today.weekday()
        following = ahead + 7 if this_week or ahead == 0 else ahead
        days = [ahead, following] if this_week else [following]
    else:
        days = [0, 7] if ahead == 0 else [ahead]
    return [day for count in days for day in _shifted(today, count)]


def _orders(packed: int, order: str) -> Iterator[tuple[int, int, int]]:
    """Day, month and year of a date in figures: in the language's order, then in the other."""
    first, second, third = packed // PACK**2, packed // PACK % PACK, packed % PACK
    if first > 31:
        yield third, second, first
        return
    both = [(second, first, third), (first, second, third)]
    yield from reversed(both) if order == "dmy" else both


def _calendar(day: int, month: int, year: int, today: date) -> list[date]:
    """The next day of the calendar; without a month (0), such days of the next months."""
    if month and year:
        return list(_made(_whole_year(year, today), month, day))
    if month:
        years = range(today.year, today.year + _LONGEST_LEAP)
        found = (made for year in years for made in _made(year, month, day))
        return list(islice((made for made in found if made >= today), 1))
    ahead = (divmod(today.month - 1 + count, 12) for count in range(_MONTHS_AHEAD))
    made = [made for years, month in ahead for made in _made(today.year + years, month + 1, day)]
    return [day for day in made if day >= today]


def _whole_year(year: int, today: date) -> int:
    if year >= 100:
        return year
    whole = today.year - today.year % 100 + year
    return whole - 100 if whole > today.year + _YEARS_AHEAD else whole


def _made(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except (ValueError, OverflowError):
        return


def _shifted(today: date, days: int) -> Iterator[date]:
    try:
        yield today + timedelta(days=days)
    except OverflowError:
        return


def _named(bound: Bound) -> str | None:
    """A bound in the graph: a day, or the name of the function that gives it."""
    if bound is None:
        return None
    if isinstance(bound, date):
        return bound.isoformat()
    return getattr(bound, "__qualname__", "a function")
