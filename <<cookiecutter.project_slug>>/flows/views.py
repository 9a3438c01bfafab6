"""The one address for every question of every flow."""

from django.http import HttpResponse
from django.views.decorators.debug import sensitive_variables

from flows.turns import Address, reply
from tropo.middleware import TropoRequest, webhook


@webhook
@sensitive_variables()
def turn(request: TropoRequest) -> HttpResponse:
    """Answers a session or a result with the next document."""
    query = request.GET
    address = Address(query.get("flow", ""), query.get("platform", ""), query.get("t", ""))
    return HttpResponse(
        reply(request.tropo, address), headers={"Cache-Control": "no-store"}, content_type="application/json"
    )
