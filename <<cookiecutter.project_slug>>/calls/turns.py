"""The turn: one transaction, one lock, one key, so that an answer counts once however often it comes.

What is decided is not decided here: the conversation is handed in as a function.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from calls import store
from calls.facts import Arrival, Heard, Move, Standing
from calls.ids import new_id
from calls.models import Call, Event, Turn
from calls.patience import within_budget
from calls.tokens import TurnToken
from tropo import Hangup, Result, Tropo

logger = logging.getLogger("calls")

Begin = Callable[[UUID, str], Move]
"""Makes the first move of a run, given its key and the name of its line's flow (empty without one)."""

Decide = Callable[[Standing], Move]
"""Makes the next move of a run from where it stands."""

NOTHING_MORE = Tropo().to_json()
HANG_UP = Tropo(Hangup()).to_json()


@dataclass(frozen=True, slots=True)
class HungUp:
    """The facts of a question that the caller left by hanging up."""

    step: str
    visit: int
    attempt: int
    prompt: str
    result: str = Turn.Result.HUNG_UP
    mode: str = ""
    utterance: str = ""
    interpretation: str = ""
    value: str = ""
    confidence: int | None = None
    leg_outcome: str = ""
    connected_seconds: int | None = None


def start(arrival: Arrival, begin: Begin) -> str:
    """The reply to a session: the first document of a new run, or where its known run stands."""

    def work() -> str:
        call, run = new_id(), new_id()
        lines_flow = store.insert_call(call, run, arrival)
        if lines_flow is None:
            return _again(arrival)
        move = begin(run, lines_flow)
        store.insert_run(run, move)
        logger.info("call %s started flow %s", call, move.flow)
        return move.reply

    return within_budget(work)


def proceed(result: Result, token: TurnToken, decide: Decide) -> str | None:
    """The reply to a result: a new document when it answers the question the run stands at.

    None when the run or its session is unknown: the database was lost, or the token is another call's.
    """
    began = time.monotonic()

    def work() -> str | None:
        standing = store.lock_run(token.run, result.session_id)
        if standing is None:
            _note(Event.Kind.STRAY, None, result.session_id)
            return None
        if result.is_end:
            return _end(standing, result, token, decide, began)
        if token.number != standing.turn:
            return _behind(standing, result, token)
        if not standing.step:
            return _hang_up(standing)
        return _advance(standing, decide(standing), began).reply

    return within_budget(work)


def note_forged(session_id: str) -> None:
    """Records a result whose turn token was not ours."""
    within_budget(lambda: _note(Event.Kind.FORGED, None, session_id))


def _again(arrival: Arrival) -> str:
    standing = store.lock_session(arrival.platform, arrival.session_id)
    if standing is None:
        raise RuntimeError("the session is known, but has no run")
    _note(Event.Kind.DUPLICATE, standing.call, arrival.session_id)
    return standing.reply


def _behind(standing: Standing, result: Result, token: TurnToken) -> str:
    """A POST that answers a question which is over: the caller gets the one the run stands at."""
    last = token.number == standing.turn - 1
    _note(Event.Kind.DUPLICATE if last else Event.Kind.LATE, standing.call, result.session_id)
    return standing.reply


def _hang_up(standing: Standing) -> str:
    """Our last document could not be run. To say it again would go on until the session's longest time."""
    if not standing.call_is_over:
        store.end_call(standing, Call.EndedBy.APPLICATION)
    return HANG_UP


def _end(standing: Standing, result: Result, token: TurnToken, decide: Decide, began: float) -> str:
    """The end has a key of its own. One POST can be an answer too: a transfer cut by hanging up."""
    if standing.call_is_over:
        _note(Event.Kind.DUPLICATE, standing.call, result.session_id)
        return NOTHING_MORE
    if standing.step and result.actions and token.number == standing.turn:
        _advance(standing, decide(standing), began)
    elif standing.step:
        _write(standing, Turn.Kind.END, standing.version_id, _left(standing), began)
    ended_by = Call.EndedBy.CALLER if standing.step else Call.EndedBy.APPLICATION
    store.end_call(standing, ended_by)
    logger.info("call %s ended by the %s", standing.call, ended_by.value)
    return NOTHING_MORE


def _left(standing: Standing) -> HungUp:
    state = standing.state
    return HungUp(standing.step, state["visit"], state["attempt"], state["prompt"])


def _advance(standing: Standing, move: Move, began: float) -> Move:
    if move.heard is not None:
        _write(standing, Turn.Kind.ANSWER, move.version_id, move.heard, began)
    store.advance_run(standing, move)
    return move


def _write(standing: Standing, kind: Turn.Kind, version_id: int, heard: Heard, began: float) -> None:
    took_ms = round((time.monotonic() - began) * 1000)
    store.insert_turn(standing, kind, version_id, heard, took_ms)
    logger.info("call %s: %s %s.%s %s", standing.call, heard.step, heard.visit, heard.attempt, heard.result)


def _note(kind: Event.Kind, call: UUID | None, session_id: str) -> None:
    logger.warning("session %s: a %s POST, not a turn", session_id, kind.value)
    Event.objects.create(kind=kind, call_id=call, session_id=session_id)
