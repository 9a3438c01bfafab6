"""Lengths of time as people read them."""

from datetime import datetime, timedelta

from django import template

register = template.Library()


@register.filter
def clock(length: timedelta) -> str:
    """`m:ss`, from an hour on `h:mm:ss`; whole seconds, rounded down."""
    minutes, seconds = divmod(max(length, timedelta()) // timedelta(seconds=1), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.filter
def since(end: datetime, start: datetime) -> timedelta:
    """How long after `start` the `end` was."""
    return end - start
