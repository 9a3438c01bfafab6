"""When somebody is there: opening hours, holidays, and when calls of ours may ring."""

from django.conf import settings

from flows import Hours

FRONT_DESK = Hours(
    settings.TIME_ZONE,
    monday_to_friday="9:00-18:00",
    saturday="10:00-14:00",
    special={"12-24": "9:00-13:00"},
    closed={"01-01": "New Year's Day", "07-04": "Independence Day", "12-25": "Christmas Day"},
)

CALLING = Hours(settings.TIME_ZONE, monday_to_saturday="10:00-19:00")
