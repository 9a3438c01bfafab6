"""Times of the day."""

import re
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from flows.grammars import speech
from flows.grammars.base import Hearing
from flows.grammars.dates import filled
from flows.grammars.spoken import Spoken
from flows.languages import Language, Reading
from flows.languages.reading import Values
from tropo import Recognition

_DAY = 24 * 60
_NOON = 12 * 60
_NIGHT = 24
_FIRST_HOUR_OF_NIGHT = 5
_FIRST_BUSINESS_HOUR = 7
_KEYED = re.compile(r"([0-9]{1,2})([0-9]{2})")


class Time(Spoken[time]):
    """A time of the day, to the minute, from `earliest` to `latest`.

    Keyed, it is hours and minutes (HHMM). From one to twelve without a part of the day, spoken or keyed,
    either half of the day may be meant: it is the half that is within bounds, and where both are, the one
    in which businesses are open: from 7:00 on the morning's, else the afternoon's. So 0630 is 6:30 PM.
    With a leading nought in writing (06:30) it is the time on a clock of 24 hours.
    """

    lengths = ((4, 4),)

    def __init__(self, earliest: time = time.min, latest: time = time.max) -> None:
        if earliest > latest:
            raise ValueError(f"Time needs earliest <= latest, not {earliest} and {latest}")
        self.earliest = earliest
        self.latest = latest

    def speech(self, language: Language) -> dict[str, str]:
        return {"time_said": speech.reference("time"), **speech.rules_of(language, "time")}

    def keyed(self, keys: str, hearing: Hearing) -> tuple[str, ...]:
        found = _KEYED.fullmatch(keys)
        if found is None or int(found[2]) > 59:
            return ()
        hour, minute = int(found[1]), int(found[2])
        return self._fitting(_halves(hour * 60 + minute) if 1 <= hour <= 12 else [hour * 60 + minute])[:1]

    def said(self, reading: Reading, hearing: Hearing) -> tuple[str, ...]:
        for name in ("time", "time_written"):
            for values in reading.all_of(name):
                found = self._fitting(_minutes(values))
                if found:
                    return found[:1]
        return ()

    def doubts(self, stored: str, heard: Recognition, hearing: Hearing) -> tuple[str, ...]:
        """The same time in the other half of the day."""
        at = self.value(stored)
        return self._fitting([(at.hour * 60 + at.minute + _NOON) % _DAY])

    def value(self, stored: str) -> time:
        return time.fromisoformat(stored)

    def words(self, stored: str, hearing: Hearing) -> str:
        at, formats = self.value(stored), hearing.language.formats
        parts = hearing.language.day_parts
        begun = [hour for hour in parts if hour.isdigit() and int(hour) <= at.hour]
        part = parts[max(begun, key=int)] if begun else ""
        hour = f"{at.hour:02}" if formats["hours"] == "24" else str(at.hour % 12 or 12)
        said = {"hour": hour, "minute": f"{at.minute:02}", "part": part}
        return filled(formats["time"], said).strip()

    def spec(self) -> Mapping[str, Any]:
        return {"time": [self.earliest.isoformat(), self.latest.isoformat()]}

    def _fitting(self, minutes: Iterable[int]) -> tuple[str, ...]:
        times = (time(*divmod(count, 60)) for count in minutes if 0 <= count < _DAY)
        return tuple(f"{at:%H:%M}" for at in times if self.earliest <= at <= self.latest)


def _minutes(values: Values) -> list[int]:
    """Minutes since midnight, the likelier half of the day first; none when there is no such time."""
    if "fixed" in values:
        return [values["fixed"]]
    half = values.get("half_day")
    if "hour_of_24" in values or ("clock24" in values and half is None):
        exact = values.get("hour_of_24", 0) * 60 + values.get("minute", 0) + values.get("clock24", 0)
        return [exact] if 0 <= values.get("minute", 0) < 60 else []
    clock = values.get("clock", values.get("clock24"))
    hour, minute = divmod(clock, 60) if clock is not None else (values["hour"], values.get("minute", 0))
    if not -60 < minute < 60 or not 0 <= hour <= 24:
        return []
    if not 1 <= hour <= 12:
        return [hour * 60 + minute]
    count = (hour % 12) * 60 + minute
    return _halves(count) if half is None else [_in_half(count, half, hour) % _DAY]


def _halves(count: int) -> list[int]:
    """Both times of a clock's face, that of business hours first."""
    morning = count % _NOON
    both = [morning, morning + _NOON]
    return both if morning >= _FIRST_BUSINESS_HOUR * 60 else both[::-1]


def _in_half(count: int, half: int, hour: int) -> int:
    if half == _NIGHT:
        half = 12 if _FIRST_HOUR_OF_NIGHT <= hour < 12 else 0
    return count + half * 60
