"""Where a turn takes place: its flow, its party and its rules, and what happens when the flow raises."""

import logging
import time
import traceback
from collections.abc import Callable
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import Error
from django.utils import timezone

from calls.facts import Arrival, Dialled, Standing
from calls.patience import may_pass
from flows.addresses import PublicAddresses, house_rules
from flows.deciding import Decision
from flows.dialling import in_a_test
from flows.engine import FlowFailed
from flows.flow import Flow, registry
from flows.scene import Party, Scene

logger = logging.getLogger("flows")

SLOW_SECONDS = 1.0
"""A decision that takes longer is logged: a handler cannot be stopped, and the caller hears nothing."""


def flow_of(name: str) -> type[Flow]:
    """The flow of that name, or the default one."""
    if name not in registry:
        logger.error("there is no flow %r: %s answers instead", name, settings.DEFAULT_FLOW)
    return registry.get(name) or registry[settings.DEFAULT_FLOW]


def opening_scene(arrival: Arrival, dialled: Dialled, run: UUID, *, opens_text: bool) -> Scene:
    """The surroundings of the first document of a run; `opens_text` says that a text of ours is that."""
    party = Party(
        arrival.remote,
        arrival.ours,
        _channel(arrival.channel),
        dialled.language or arrival.language,
        opens_text=opens_text,
    )
    return _scene(party, run, turn=1)


def scene_of(standing: Standing) -> Scene:
    """The surroundings of a turn in the run that stands there."""
    party = Party(standing.caller, standing.called, _channel(standing.channel), standing.language)
    return _scene(party, standing.run, standing.turn + 1)


def tried(decide: Callable[[], Decision], *, is_test: bool) -> Decision:
    """The decision. A database fault that may pass is tried again like our own; others are the handler's."""
    began = time.monotonic()
    try:
        with in_a_test(is_test):
            return decide()
    except FlowFailed as failed:
        cause = failed.__cause__
        if isinstance(cause, Error) and may_pass(cause):
            raise cause from cause.__cause__
        raise
    finally:
        if (took := time.monotonic() - began) > SLOW_SECONDS:
            logger.warning("a decision took %.1f s: use a lookup for what is slow", took)


def log_failure(failed: FlowFailed, where_heard: str) -> None:
    """What a flow raised, and in which call or session; at a sensitive question without its words."""
    if not failed.sensitive:
        logger.error("%s: %s: the caller hears the apology", where_heard, failed, exc_info=failed)
        return
    cause = failed.__cause__
    where = "".join(traceback.format_tb(cause.__traceback__)) if cause else ""
    kind = type(cause).__name__
    logger.error("%s: %s: %s at a sensitive question\n%s", where_heard, failed, kind, where)


def _scene(party: Party, run: UUID, turn: int) -> Scene:
    return Scene(party, timezone.localtime(), house_rules(), PublicAddresses(run), turn)


def _channel(value: str) -> Literal["voice", "text"]:
    return "text" if value == "text" else "voice"
