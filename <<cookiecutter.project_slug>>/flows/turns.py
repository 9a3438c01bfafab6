"""From what the platform said to the reply: the edge between the engine and the record."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from django.conf import settings

from calls import dials, recordings
from calls.facts import Arrival
from calls.models import Call
from calls.numbers import e164
from calls.patience import OutOfTime
from calls.tokens import Forged, TurnToken
from calls.turns import HANG_UP, NOTHING_MORE, look_ahead, note_forged, proceed, start
from flows import engine, lookups
from flows.addresses import house_rules
from flows.engine import FlowFailed
from flows.heard import Found
from flows.scene import Party, Scene
from flows.staging import flow_of, log_failure, scene_of
from flows.state import State
from flows.talk import Talk
from tropo import Result, Session, TranscriptionResult

logger = logging.getLogger("flows")


@dataclass(frozen=True, slots=True)
class Address:
    """What the query of the webhook's address says: only a sender with the token can say it."""

    flow: str = ""
    platform: str = ""
    turn: str = ""


def reply(post: Session | Result | TranscriptionResult, address: Address) -> str:
    """The document that answers a session or a result. Whatever is broken, it can be spoken."""
    try:
        if isinstance(post, TranscriptionResult):
            recordings.transcribed(post.identifier, post.text)
            return NOTHING_MORE
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
    dial = dials.answer_for(session.parameters, session.id) if "dial" in session.parameters else None
    if dial and not dial.may_go_on:
        return HANG_UP
    arrival = _arrival(session, address, dial)
    heard = session.initial_text if session.is_text and not session.is_launch else None
    talk = Talk(heard=heard, flow=address.flow, arrival=arrival, dial=dial)
    return _told(lambda talk: start(arrival, talk), talk) or _sorry()


def _proceed(result: Result, signed: str) -> str | None:
    try:
        token = TurnToken.read(signed)
    except Forged:
        note_forged(result.session_id)
        return None
    began = time.monotonic()
    talk = Talk(heard=result, event=token.event)
    if token.event == engine.LOOKUP and not result.is_end:
        talk = replace(talk, found=_look_up(result, token))
    spent = time.monotonic() - began
    return _told(lambda talk: proceed(result, token, talk, spent), talk)


def _told(answer: "Callable[[Talk], str | None]", talk: Talk) -> str | None:
    """The reply. When the flow raises, all it wrote is rolled back; a second transaction keeps the answer."""
    try:
        return answer(talk)
    except FlowFailed as error:
        failed = error
    # Not within the except clause: what fails now must not show what failed before.
    arrival = talk.arrival
    log_failure(failed, f"session {arrival.session_id}" if arrival else f"call {failed.call}")
    return answer(replace(talk, failure=failed))


def _look_up(result: Result, token: TurnToken) -> Found | None:
    """What is found before the turn; None when there is nothing to look up."""
    standing = look_ahead(result, token)
    if standing is None:
        return None
    state = State.from_dict(standing.step, standing.state)
    work = engine.lookup_at(flow_of(standing.flow), scene_of(standing), state)
    return lookups.run(*work) if work else None


def _arrival(session: Session, address: Address, dial: dials.DialStanding | None) -> Arrival:
    is_test = address.platform == "phone"
    is_text = dial.channel == "text" if dial else session.is_text
    return Arrival(
        platform="phone" if is_test else "tropo",
        session_id=session.id,
        call_id=session.call_id,
        direction=Call.Direction.OUTBOUND if session.is_launch else Call.Direction.INBOUND,
        channel=Call.Channel.TEXT if is_text else Call.Channel.VOICE,
        network=session.to.network[:20],
        caller=dial.caller_id if dial else e164(session.from_.id)[:64],
        called=dial.to if dial else e164(session.to.id)[:64],
        language=settings.RECOGNIZER,
        user_type=session.user_type,
        parameters=session.parameters,
        is_test=is_test,
    )


def _sorry() -> str:
    """The apology that needs nothing: no database, no run."""
    scene = Scene(Party(language=settings.RECOGNIZER), rules=house_rules())
    return engine.last_words(scene, "apology").to_json()
