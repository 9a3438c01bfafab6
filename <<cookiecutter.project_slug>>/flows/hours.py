"""Opening hours as data: spans of a week, single days that differ, holidays, and a time zone.

    Hours("America/New_York", monday_to_friday="9:00-18:00", saturday="10:00-14:00",
          special={"2026-12-24": "9:00-13:00"},
          closed={"12-25": "Christmas Day", "2026-11-26": "Thanksgiving"})

A day has no span, one, or several: "9:00-12:00 13:00-17:00". A span such as "22:00-2:00" goes on after
midnight and belongs to the day on which it begins.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

Span: TypeAlias = tuple[datetime, datetime]
"""From the first moment to the last one, which is no part of it."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")
_SATURDAY = 5
_MIDNIGHT = 24 * 60
_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_YEAR = timedelta(days=370)
"""How far ahead is looked: a little more, so that what is open once a year is found."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When somebody is there. Every moment asked about is an aware datetime, and so is every one given back.

    `special` and `closed` have days as keys: "2026-12-24" for that day, "12-25" for every year. `special`
    says the spans of that day, `closed` its name. A full date goes before one of every year, and both before
    the weekday; a weekday of its own goes before `monday_to_friday`. A weekday that is not named is closed.

    On the night that an hour is skipped, a time within it is the moment after it. Of a time that comes twice
    the first opens and the second closes.

    Raises:
        ValueError: a zone, day or span cannot be read, or two of them contradict; the text names it.
    """

    zone: str
    _: KW_ONLY
    monday_to_friday: str = ""
    monday: str | None = None
    tuesday: str | None = None
    wednesday: str | None = None
    thursday: str | None = None
    friday: str | None = None
    saturday: str | None = None
    sunday: str | None = None
    special: Mapping[str, str] = field(default_factory=dict, hash=False)
    closed: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        """Reads all of it, so that a mistake is met here and not in a call."""
        try:
            ZoneInfo(self.zone)
        except (ValueError, OSError, LookupError):
            raise ValueError(
                f"Hours({self.zone!r}): there is no such time zone; write it like America/New_York"
            ) from None
        for name in ("monday_to_friday", *_WEEKDAYS):
            _check_spans(getattr(self, name) or "", name)
        for day, spans in self.special.items():
            _check_day(day, "special")
            _check_spans(spans, f"special[{day!r}]")
            if day in self.closed:
                raise ValueError(f"Hours: special[{day!r}] contradicts closed[{day!r}]; leave one out")
        for day, name in self.closed.items():
            _check_day(day, "closed")
            if not name.strip():
                raise ValueError(f"Hours: closed[{day!r}] is {name!r}; say why, such as Christmas Day")

    def is_open(self, at: datetime) -> bool:
        """Raises ValueError for a naive datetime."""
        moment, today = self._read(at)
        spans = [*self._spans(today - _DAY), *self._spans(today)]
        return any(begin <= moment < end for begin, end in spans)

    def holiday(self, at: datetime) -> str:
        """The name of the closed day that it is then, or nothing. Raises ValueError for a naive datetime."""
        return self.closed.get(self._dated(self._read(at)[1]), "")

    def next_opening(self, at: datetime) -> datetime | None:
        """When it opens next after that moment; None when it does not within a year.

        Raises ValueError for a naive datetime.
        """
        moment, _ = self._read(at)
        begins = (begin for begin, _ in self._stretches(at) if begin > moment)
        return self._local(next(begins, None))

    def closes(self, at: datetime) -> datetime | None:
        """When it closes, being open then; None when it is closed, or does not close within a year.

        Raises ValueError for a naive datetime.
        """
        moment, today = self._read(at)
        begin, end = next(self._stretches(at), (moment, moment))
        horizon = datetime.combine(today + _YEAR, time(), UTC)
        return self._local(end) if begin <= moment < end < horizon else None

    def _read(self, at: datetime) -> tuple[datetime, date]:
        """The moment in UTC, for datetimes of one zone compare by their clocks, and its day in our zone."""
        if at.utcoffset() is None:
            raise ValueError(f"{at.isoformat()} has no time zone: opening hours need an aware datetime")
        return at.astimezone(UTC), at.astimezone(ZoneInfo(self.zone)).date()

    def _local(self, moment: datetime | None) -> datetime | None:
        return moment and moment.astimezone(ZoneInfo(self.zone))

    def _stretches(self, at: datetime) -> Iterator[Span]:
        """The times of being open that end after `at`, in order; spans that meet are one."""
        moment, today = self._read(at)
        days = (today + number * _DAY for number in range(-1, _YEAR.days + 2))
        last: Span | None = None
        for begin, end in (span for day in days for span in self._spans(day) if span[1] > moment):
            if last is not None and begin <= last[1]:
                last = last[0], max(end, last[1])
                continue
            if last is not None:
                yield last
            last = begin, end
        if last is not None:
            yield last

    def _spans(self, day: date) -> list[Span]:
        """The spans that begin on that day, in UTC. One that lies in a skipped hour is gone."""
        zone = ZoneInfo(self.zone)
        found = _read_spans(self._text(day))
        spans = [(_moment(day, begin, zone, 0), _moment(day, end, zone, 1)) for begin, end in found]
        return [(begin, end) for begin, end in spans if begin < end]

    def _text(self, day: date) -> str:
        dated = self._dated(day)
        if dated:
            return self.special.get(dated, "")
        own: str | None = getattr(self, _WEEKDAYS[day.weekday()])
        if own is not None:
            return own
        return self.monday_to_friday if day.weekday() < _SATURDAY else ""

    def _dated(self, day: date) -> str:
        """The key of `special` or `closed` that goes for that day, or nothing."""
        keys = (day.isoformat(), f"{day:%m-%d}")
        return next((key for key in keys if key in self.special or key in self.closed), "")


@cache
def _read_spans(text: str) -> tuple[tuple[int, int], ...]:
    """The spans in minutes after the day's midnight, over 1440 for the next day. Raises ValueError."""
    spans: list[tuple[int, int]] = []
    for word in text.split():
        begin, end = _read_span(word)
        if spans and begin < spans[-1][1]:
            raise ValueError(f"{word!r} begins before the span in front of it ends")
        spans.append((begin, end))
    return tuple(spans)


def _read_span(word: str) -> tuple[int, int]:
    found = _SPAN.fullmatch(word)
    if found is None:
        raise ValueError(f"{word!r} is no span; write it like 9:00-17:30")
    hours = int(found[1]), int(found[3])
    minutes = int(found[2]), int(found[4])
    begin, end = (60 * hour + minute for hour, minute in zip(hours, minutes, strict=True))
    if max(minutes) > 59 or begin >= _MIDNIGHT or end > _MIDNIGHT:
        raise ValueError(f"{word!r} has a time that no clock shows; a day goes from 0:00 to 24:00")
    if begin == end:
        raise ValueError(f"{word!r} is empty; a whole day is 0:00-24:00")
    return begin, end if end > begin else end + _MIDNIGHT


def _check_spans(text: str, where: str) -> None:
    try:
        _read_spans(text)
    except ValueError as error:
        raise ValueError(f"Hours: {where} is {text!r}: {error}") from None


def _check_day(day: str, where: str) -> None:
    """A month and day alone may be the 29th of February."""
    try:
        read = date.fromisoformat(day if len(day) > len("12-25") else f"2000-{day}")
    except ValueError:
        read = None
    if read is None or day not in (read.isoformat(), f"{read:%m-%d}"):
        raise ValueError(f"Hours: {where}[{day!r}] is no day; write 2026-12-24, or 12-24 for every year")


def _moment(day: date, minutes: int, zone: ZoneInfo, fold: int) -> datetime:
    """That time of the day in UTC. `fold` 1 takes the second of a time that comes twice."""
    wall = datetime.combine(day, time()) + minutes * _MINUTE
    moment = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    # A time in a skipped hour. With fold 1 it is read by the later offset, which gives a moment before it.
    moment = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before = moment.astimezone(zone).utcoffset()
    while moment.astimezone(zone).utcoffset() == before:
        moment += _MINUTE
    return moment
