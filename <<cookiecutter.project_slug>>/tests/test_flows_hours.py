"""Opening hours: what would be said at a given moment, on the nights when the clocks change too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.hours import Hours

NEW_YORK = ZoneInfo("America/New_York")

CLINIC = Hours(
    "America/New_York",
    monday_to_friday="9:00-12:00 13:00-18:00",
    wednesday="",
    saturday="10:00-14:00",
    special={"2026-12-24": "9:00-13:00", "07-04": "10:00-11:00"},
    closed={"12-25": "Christmas Day", "2026-11-26": "Thanksgiving"},
)
NIGHT = Hours("America/New_York", friday="22:00-2:00", saturday="2:00-4:00", closed={"2026-12-05": "Works"})
ALWAYS = Hours("UTC", monday_to_friday="0:00-24:00", saturday="0:00-24:00", sunday="0:00-24:00")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-12-24 12:59", True),
        ("2026-12-24 17:59", False),  # a Thursday, and a special one
        ("2026-12-17 17:59", True),
        ("2026-12-17 12:30", False),  # between two spans
        ("2026-12-17 13:00", True),
        ("2026-12-17 18:00", False),  # the last moment is no part of it
        ("2026-12-16 10:00", False),  # a Wednesday, which has its own hours
        ("2026-12-25 10:00", False),
        ("2027-12-24 17:59", True),  # another year
        ("2026-07-04 10:30", True),  # a Saturday, special every year
        ("2026-07-04 11:30", False),
        ("2026-12-20 10:30", False),  # a Sunday, which nobody named
    ],
)
def test_open_or_not(moment: str, is_open: bool) -> None:
    assert CLINIC.is_open(at(moment)) is is_open


def test_the_moment_may_be_given_in_any_zone() -> None:
    assert CLINIC.is_open(datetime(2026, 12, 17, 14, 0, tzinfo=UTC))  # 9:00 in New York
    assert not CLINIC.is_open(datetime(2026, 12, 17, 13, 59, tzinfo=UTC))


def test_a_holiday_has_its_name_and_other_days_have_none() -> None:
    assert CLINIC.holiday(at("2026-12-25 23:59")) == "Christmas Day"
    assert CLINIC.holiday(at("2031-12-25 00:00")) == "Christmas Day"
    assert CLINIC.holiday(at("2026-11-26 09:00")) == "Thanksgiving"
    assert [CLINIC.holiday(at(day)) for day in ("2027-11-26 09:00", "2026-12-24 09:00")] == ["", ""]


def test_a_full_date_goes_before_one_of_every_year() -> None:
    hours = Hours("UTC", special={"2026-12-25": "9:00-10:00"}, closed={"12-25": "Christmas Day"})
    christmas = datetime(2026, 12, 25, 9, 30, tzinfo=UTC)
    assert hours.is_open(christmas)
    assert hours.holiday(christmas) == ""
    assert hours.holiday(datetime(2027, 12, 25, tzinfo=UTC)) == "Christmas Day"


def test_the_29th_of_february_comes_when_it_comes() -> None:
    hours = Hours("UTC", closed={"02-29": "Leap day"})
    assert hours.holiday(datetime(2028, 2, 29, tzinfo=UTC)) == "Leap day"


@pytest.mark.parametrize(
    ("moment", "opens", "closes"),
    [
        ("2026-12-24 17:59", "2026-12-26 10:00", None),  # over Christmas Day
        ("2026-12-17 10:00", "2026-12-17 13:00", "2026-12-17 12:00"),
        ("2026-12-17 12:00", "2026-12-17 13:00", None),
        ("2026-12-17 17:00", "2026-12-18 09:00", "2026-12-17 18:00"),
    ],
)
def test_when_it_opens_and_closes(moment: str, opens: str, closes: str | None) -> None:
    assert CLINIC.next_opening(at(moment)) == at(opens)
    assert CLINIC.closes(at(moment)) == (closes and at(closes))


def test_what_is_given_back_is_in_the_zone_of_the_hours() -> None:
    opening = CLINIC.next_opening(datetime(2026, 12, 17, 3, tzinfo=UTC))
    assert opening is not None
    assert opening.isoformat() == "2026-12-17T09:00:00-05:00"


def test_a_span_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    assert [NIGHT.is_open(at(f"2026-11-{moment}")) for moment in ("20 23:00", "21 01:59", "21 22:00")] == [
        True,
        True,
        False,
    ]
    # The 5th of December is closed, and the night before it goes on all the same.
    assert NIGHT.is_open(at("2026-12-05 01:00"))
    assert not NIGHT.is_open(at("2026-12-05 03:00"))


def test_spans_that_meet_are_one() -> None:
    assert NIGHT.closes(at("2026-11-20 23:00")) == at("2026-11-21 04:00")
    assert NIGHT.next_opening(at("2026-11-20 23:00")) == at("2026-11-27 22:00")


def test_what_is_always_open_never_closes_and_never_opens() -> None:
    moment = at("2026-12-17 10:00")
    assert (ALWAYS.is_open(moment), ALWAYS.closes(moment), ALWAYS.next_opening(moment)) == (True, None, None)


def test_what_is_never_open_never_opens() -> None:
    moment = at("2026-12-17 10:00")
    assert Hours("UTC").next_opening(moment) is None
    assert Hours("UTC").closes(moment) is None


def test_what_opens_once_a_year_is_found() -> None:
    hours = Hours("America/New_York", special={"12-24": "9:00-10:00"})
    assert hours.next_opening(at("2026-12-24 09:00")) == at("2027-12-24 09:00")


class TestClockChanges:
    """In New York 2:00 to 3:00 is skipped on 2026-03-08, and 1:00 to 2:00 comes twice on 2026-11-01."""

    def test_a_time_in_the_skipped_hour_is_the_moment_after_it(self) -> None:
        hours = Hours("America/New_York", sunday="2:30-4:00")
        assert hours.next_opening(at("2026-03-08 00:00")) == at("2026-03-08 03:00")
        assert not hours.is_open(at("2026-03-08 01:59"))
        assert hours.is_open(at("2026-03-08 03:00"))

    def test_a_span_within_the_skipped_hour_is_gone(self) -> None:
        hours = Hours("America/New_York", sunday="2:10-2:50")
        assert hours.next_opening(at("2026-03-07 12:00")) == at("2026-03-15 02:10")

    def test_of_a_time_that_comes_twice_the_first_opens_and_the_second_closes(self) -> None:
        hours = Hours("America/New_York", sunday="1:10-1:20")
        opening = hours.next_opening(at("2026-11-01 00:00"))
        assert opening is not None
        assert opening.astimezone(UTC) == datetime(2026, 11, 1, 5, 10, tzinfo=UTC)
        closing = hours.closes(opening)
        assert closing is not None
        assert closing.astimezone(UTC) == datetime(2026, 11, 1, 6, 20, tzinfo=UTC)

    def test_a_day_of_25_hours_is_open_for_25_hours(self) -> None:
        hours = Hours("America/New_York", sunday="0:00-24:00")
        opening = hours.next_opening(at("2026-10-31 12:00"))
        assert opening is not None
        closing = hours.closes(opening)
        assert closing is not None
        assert closing.astimezone(UTC) - opening.astimezone(UTC) == timedelta(hours=25)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))
def test_open_until_it_closes_and_closed_until_it_opens(moment: datetime) -> None:
    closing, opening = CLINIC.closes(moment), CLINIC.next_opening(moment)
    assert opening is not None
    assert CLINIC.is_open(opening)
    assert not CLINIC.is_open(opening.astimezone(UTC) - timedelta(minutes=1))
    assert (closing is not None) is CLINIC.is_open(moment)
    assert not CLINIC.is_open(closing or opening.astimezone(UTC) - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"saturday": "9-17"}, r"saturday is '9-17': '9-17' is no span; write it like 9:00-17:30"),
        ({"monday_to_friday": "9:00-25:00"}, "monday_to_friday is .* has a time that no clock shows"),
        ({"monday": "24:00-1:00"}, "monday is .* has a time that no clock shows"),
        ({"monday": "9:75-10:00"}, "monday is .* has a time that no clock shows"),
        ({"sunday": "9:00-9:00"}, "sunday is .* is empty"),
        ({"friday": "9:00-12:00 11:00-13:00"}, "friday is .*'11:00-13:00' begins before"),
        ({"special": {"2026-13-01": "9:00-10:00"}}, r"special\['2026-13-01'\] is no day"),
        ({"special": {"2026-W01-1": "9:00-10:00"}}, r"special\['2026-W01-1'\] is no day"),
        ({"special": {"12-24": "nine"}}, r"special\['12-24'\] is 'nine'"),
        ({"closed": {"24.12.": "Eve"}}, r"closed\['24.12.'\] is no day"),
        ({"closed": {"02-30": "Never"}}, r"closed\['02-30'\] is no day"),
        ({"closed": {"12-25": " "}}, r"closed\['12-25'\] is ' '; say why"),
        ({"special": {"12-24": ""}, "closed": {"12-24": "Eve"}}, r"special\['12-24'\] contradicts closed"),
        ({"zone": "Mars/Olympus"}, r"Hours\('Mars/Olympus'\): there is no such time zone"),
        ({"zone": "../etc"}, "there is no such time zone"),
    ],
)
def test_a_mistake_is_named_when_the_hours_are_made(given: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Hours(**{"zone": "UTC", **given})  # type: ignore[arg-type]  # mistakes, some of them


@pytest.mark.parametrize("method", ["is_open", "holiday", "next_opening", "closes"])
def test_a_naive_datetime_is_refused(method: str) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        getattr(CLINIC, method)(datetime(2026, 12, 24, 17, 59))
