"""Who does not want to be called or texted: the list that every outbound call is held against."""

from django.db import transaction

from calls.models import OptOut
from calls.numbers import e164

_OTHER = {OptOut.Channel.TEXT: OptOut.Channel.VOICE, OptOut.Channel.VOICE: OptOut.Channel.TEXT}


def add(number: str, channel: str = OptOut.Channel.ALL, source: str = "") -> None:
    """Notes that `number` wants no more on `channel` (text, voice or all). Again changes nothing.

    Raises ValueError for another channel.
    """
    OptOut.objects.get_or_create(
        number=e164(number), channel=OptOut.Channel(channel), defaults={"source": source[:100]}
    )


def remove(number: str, channel: str = OptOut.Channel.ALL) -> None:
    """Takes it back for that channel alone: who wanted nothing at all still has the other one closed.

    Raises ValueError for another channel.
    """
    wanted = OptOut.Channel(channel)
    rows = OptOut.objects.filter(number=e164(number))
    with transaction.atomic():
        whole = rows.filter(channel=OptOut.Channel.ALL).first()
        if whole and wanted in _OTHER:
            add(number, _OTHER[wanted], whole.source)
        gone = rows if wanted == OptOut.Channel.ALL else rows.filter(channel__in=[wanted, OptOut.Channel.ALL])
        gone.delete()


def has(number: str, channel: str) -> bool:
    """True when `number` wants no more on that channel, or on all.

    Raises ValueError for another channel.
    """
    closed = {OptOut.Channel(channel), OptOut.Channel.ALL}
    return OptOut.objects.filter(number=e164(number), channel__in=closed).exists()
