"""One spelling for a number: E.164, whatever way a platform or a person writes it."""

import phonenumbers
from django.conf import settings


def e164(number: str) -> str:
    """The number as +15550100, read in `settings.PHONE_REGION`; as it came when it is none.

    Tropo sends ten digits in the US, other digits without a plus elsewhere, and SIP user names.
    """
    for spelling in (number, f"+{number}"):
        try:
            parsed = phonenumbers.parse(spelling, settings.PHONE_REGION)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return number
