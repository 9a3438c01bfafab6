"""What a reader may ask of a page by its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django import forms

from reports.selectors import Who


class CallsForm(forms.Form):
    who = forms.ChoiceField(choices=Who.choices, required=False)
    after = forms.UUIDField(required=False)


@dataclass(frozen=True, slots=True)
class CallsQuery:
    """Which calls to list: whose, and those before which call (None for the newest)."""

    who: Who
    after: UUID | None


def read_calls_query(parameters: Mapping[str, str]) -> CallsQuery:
    """The query in an address. What makes no sense counts as not asked: an address is never an error."""
    form = CallsForm(parameters)
    form.is_valid()  # drops what is not valid from cleaned_data
    return CallsQuery(
        who=Who(form.cleaned_data.get("who") or Who.ALL),
        after=form.cleaned_data.get("after"),
    )
