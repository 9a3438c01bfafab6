"""The turn that people write by hand, and a bare view: what ours is measured against.

The hand-written turn trusts what comes, takes no lock, keeps no reply, and writes the same two rows.
"""

import json

from calls.models import Call, Turn  # type: ignore[import-not-found]  # the baked project
from config.urls import urlpatterns as ours  # type: ignore[import-not-found]
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

NEXT_QUESTION = {
    "tropo": [
        {
            "ask": {
                "name": "city",
                "attempts": 1,
                "say": [{"value": "Which city do you live in?"}],
                "choices": {"value": "Chicago, New York, Boston", "mode": "speech"},
            }
        },
        {"on": {"event": "continue", "next": "/handwritten/"}},
        {"on": {"event": "hangup", "next": "/handwritten/"}},
    ]
}


@csrf_exempt
@login_not_required
def bare(request: HttpRequest) -> JsonResponse:
    json.loads(request.body)
    return JsonResponse(NEXT_QUESTION)


@csrf_exempt
@login_not_required
def handwritten(request: HttpRequest) -> JsonResponse:
    result = json.loads(request.body)["result"]
    action = result["actions"]
    call = Call.objects.select_related("run").get(session_id=result["sessionId"])
    now = timezone.now()
    Turn.objects.create(
        call=call,
        run=call.run,
        number=call.run.turn,
        kind=Turn.Kind.ANSWER,
        version_id=call.run.version_id,
        step=call.run.step,
        visit=1,
        attempt=1,
        result=Turn.Result.ANSWERED,
        utterance=action["utterance"],
        value=action["value"],
        confidence=action["confidence"],
        asked_at=call.run.sent_at,
        heard_at=now,
        took_ms=0,
    )
    call.run.state = call.run.state | {"answers": {call.run.step: [action["value"]]}}
    call.run.step = "city"
    call.run.turn += 1
    call.run.sent_at = now
    call.run.save()
    return JsonResponse(NEXT_QUESTION)


urlpatterns = [path("bare/", bare), path("handwritten/", handwritten), *ours]
