"""From what the platform said to the reply: the edge between the engine and the record."""

import logging
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import Error

from calls.facts import Arrival, Move, Standing
from calls.models import Call
from calls.numbers import e164
from calls.patience import OutOfTime, may_pass
from calls.tokens import Forged, TurnToken
from calls.turns import NOTHING_MORE, Decide, note_forged, proceed, start
from calls.versions import version_id
from flows import engine
from flows.engine import Decision, FlowFailed
from flows.flow import Flow, registry
from flows.graph import describe
from flows.state import Party, State
from tropo import On, Result, Session, TranscriptionResult, Tropo

logger = logging.getLogger("flows")

_EVENTS = ("continue", "incomplete", "error", "hangup")


@dataclass(frozen=True, slots=True)
class Address:
    """What the query of the webhook's address says: only a sender with the token can say it."""

    flow: str = ""
    platform: str = ""
    turn: str = ""


def reply(post: Session | Result | TranscriptionResult, address: Address) -> str:
    """The document that answers a session or a result. Whatever is broken, it can be spoken."""
    if isinstance(post, TranscriptionResult):
        return NOTHING_MORE
    try:
        if isinstance(post, Session):
            return _start(post, address)
        return _proceed(post, address.turn) or _sorry()
    except OutOfTime:
        logger.error("no reply within the turn budget: the caller hears the apology")
        return _sorry()
    except Exception:
        logger.exception("no reply could be made: the caller hears the apology")
        return _sorry()


def _start(session: Session, address: Address) -> str:
    arrival = _arrival(session, address)
    party = Party(arrival.caller, arrival.called, arrival.channel, arrival.language, settings.VOICE)

    def begin(run: UUID, lines_flow: str) -> Move:
        flow = _flow_of(address.flow or lines_flow or settings.DEFAULT_FLOW)
        try:
            decision = engine.begin(flow, party)
        except FlowFailed as failed:
            decision = _after(failed, flow, State())
        return _move(flow, decision, run, number=1)

    return start(arrival, begin)


def _arrival(session: Session, address: Address) -> Arrival:
    is_test = address.platform == "phone"
    return Arrival(
        platform="phone" if is_test else "tropo",
        session_id=session.id,
        call_id=session.call_id,
        direction=Call.Direction.OUTBOUND if session.is_launch else Call.Direction.INBOUND,
        channel=Call.Channel.TEXT if session.is_text else Call.Channel.VOICE,
        network=session.to.network[:20],
        caller=e164(session.from_.id)[:64],
        called=e164(session.to.id)[:64],
        language=settings.RECOGNIZER,
        user_type=session.user_type,
        parameters=session.parameters,
        is_test=is_test,
    )


def _proceed(result: Result, signed: str) -> str | None:
    try:
        token = TurnToken.read(signed)
    except Forged:
        note_forged(result.session_id)
        return None

    def decide(standing: Standing, failed: FlowFailed | None = None) -> Move:
        flow = _flow_of(standing.flow)
        state = State.from_dict(standing.step, standing.state)
        if failed is None:
            decision = engine.proceed(flow, _party(standing), state, result)
        else:
            decision = _after(failed, flow, state)
        return _move(flow, decision, standing.run, standing.turn + 1)

    try:
        return proceed(result, token, _passing(decide))
    except FlowFailed as failed:
        # What the handler wrote is rolled back; a transaction of its own keeps the caller's answer.
        return proceed(result, token, partial(decide, failed=failed))


def _passing(decide: Decide) -> Decide:
    """A database fault in a handler that may pass is tried again like our own; others are the handler's."""

    def checked(standing: Standing) -> Move:
        try:
            return decide(standing)
        except FlowFailed as failed:
            cause = failed.__cause__
            if isinstance(cause, Error) and may_pass(cause):
                raise cause from cause.__cause__
            raise

    return checked


def _after(failed: FlowFailed, flow: type[Flow], state: State) -> Decision:
    logger.error("%s: the caller hears the apology", failed, exc_info=failed)
    return engine.apologise(flow, state, failed.attempt, settings.FALLBACK_NUMBER)


def _flow_of(name: str) -> type[Flow]:
    if name not in registry:
        logger.error("there is no flow %r: %s answers instead", name, settings.DEFAULT_FLOW)
    return registry.get(name) or registry[settings.DEFAULT_FLOW]


def _party(standing: Standing) -> Party:
    return Party(standing.caller, standing.called, standing.channel, standing.language, settings.VOICE)


def _move(flow: type[Flow], decision: Decision, run: UUID, number: int) -> Move:
    state = decision.state
    described = describe(flow)
    token = TurnToken(run, number, state.step, state.visit, state.attempt, described.version[:8])
    return Move(
        flow=flow.name,
        version_id=version_id(flow.name, described.version, described.graph),
        step=state.step,
        state=state.to_dict(),
        reply=(decision.document + _handlers(token)).to_json(),
        heard=decision.attempt,
        outcome=state.outcome[:100],
        milestones=state.milestones,
    )


def _handlers(token: TurnToken) -> Tropo:
    """All four events lead back here. A relative address echoes neither a host nor the webhook's token."""
    return Tropo(*(On(event, next=f"?t={token.sign(event)}") for event in _EVENTS))


def _sorry() -> str:
    """The apology that needs nothing: no database, no run."""
    return engine.last_words(Flow.apology, settings.FALLBACK_NUMBER).to_json()
