"""The turn: one transaction, one lock, one key, so that an answer counts once however often it comes.

What is decided is not decided here: the conversation is handed in.
"""

import logging
import time
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings

from calls import endings, store
from calls.facts import Arrival, Dialled, Heard, Move, Standing, Talk
from calls.ids import new_id
from calls.models import Call, Event, Turn
from calls.patience import Crossed, within_budget
from calls.tokens import TurnToken
from tropo import Hangup, Result, Tropo

logger = logging.getLogger("calls")

NOTHING_MORE = Tropo().to_json()
HANG_UP = Tropo(Hangup()).to_json()


@dataclass(frozen=True, slots=True)
class HungUp:
    """The facts of a question that the caller left by hanging up."""

    step: str
    visit: int
    attempt: int
    rung: str
    prompt: str
    result: str = Turn.Result.HUNG_UP
    mode: str = ""
    utterance: str = ""
    interpretation: str = ""
    value: str = ""
    confidence: int | None = None
    leg_outcome: str = ""
    connected_seconds: int | None = None


def start(arrival: Arrival, talk: Talk) -> str:
    """The reply to a session: a first document, or where its known run stands.

    A text goes on with the open conversation of its sender on that line; then the session is the key.
    """
    began = time.monotonic()

    def work() -> str:
        standing = store.lock_conversation(arrival) if arrival.channel == Call.Channel.TEXT else None
        call, run = new_id(), standing.run if standing else new_id()
        dialled = store.insert_call(call, run, arrival)
        if dialled is None:
            return _again(arrival)
        if standing and standing.step and standing.idle_seconds <= settings.TEXT_MAX * 3600:
            here = replace(standing, call=call)
            return _move_on(here, talk.decide(here), talk, began)
        if standing:
            _close(standing, talk)
            run = new_id()
            Call.objects.filter(pk=call).update(run=run)
        return _begin(arrival, talk, dialled, call, run, began)

    return within_budget(work)


def proceed(result: Result, token: TurnToken, talk: Talk, spent: float = 0.0) -> str | None:
    """The reply to a result: a new document when it answers the question the run stands at.

    `spent` are the seconds of the turn's budget that a lookup took.

    None when the run or its session is unknown: the database was lost, or the token is another call's.
    """
    began = time.monotonic()

    def work() -> str | None:
        standing = store.lock_run(token.run, result.session_id)
        if standing is None:
            _note(Event.Kind.STRAY, None, result.session_id)
            return None
        if result.is_end:
            return _end(standing, result, token, talk, began)
        if token.number != standing.turn:
            return _behind(standing, result, token)
        if not standing.step:
            return _hang_up(standing, talk)
        return _move_on(standing, talk.decide(standing), talk, began)

    return within_budget(work, spent)


def look_ahead(result: Result, token: TurnToken) -> Standing | None:
    """Where the run stands, when the result answers the document it stands at; it is not locked."""
    standing = within_budget(lambda: store.peek(token.run, result.session_id))
    return standing if standing and standing.turn == token.number and not standing.call_is_over else None


def note_forged(session_id: str) -> None:
    """Records a result whose turn token was not ours."""
    within_budget(lambda: _note(Event.Kind.FORGED, None, session_id))


def _begin(arrival: Arrival, talk: Talk, dialled: Dialled, call: UUID, run: UUID, began: float) -> str:
    move = talk.begin(run, dialled)
    if not store.insert_run(run, arrival, move):
        raise Crossed
    logger.info("call %s started flow %s", call, move.flow)
    standing = _standing_of(arrival, move, call, run, dialled.language)
    if move.heard is not None:
        _write(replace(standing, turn=0), Turn.Kind.ANSWER, move.version_id, move.heard, began)
    if _is_over(standing, move):
        _close(standing, talk)
    return move.reply


def _standing_of(arrival: Arrival, move: Move, call: UUID, run: UUID, language: str) -> Standing:
    """Where a run stands after its first move."""
    return Standing(
        run,
        call,
        move.flow,
        move.version_id,
        move.step,
        move.state,
        turn=1,
        reply=move.reply,
        call_is_over=False,
        channel=arrival.channel,
        language=language,
        caller=arrival.remote,
        called=arrival.ours,
        is_test=arrival.is_test,
    )


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


def _hang_up(standing: Standing, talk: Talk) -> str:
    """Our last document could not be run. To say it again would go on until the session's longest time."""
    if not standing.call_is_over:
        store.end_call(standing, Call.EndedBy.APPLICATION)
        # A text conversation was over with its last document.
        if standing.channel == Call.Channel.VOICE:
            _close(standing, talk)
    return HANG_UP


def _end(standing: Standing, result: Result, token: TurnToken, talk: Talk, began: float) -> str:
    """The end has a key of its own. One POST can be an answer too: a transfer cut by hanging up."""
    if standing.call_is_over:
        _note(Event.Kind.DUPLICATE, standing.call, result.session_id)
        return NOTHING_MORE
    if standing.channel == Call.Channel.TEXT:
        # The end of a message is not the end of its conversation, which closes when nothing is asked.
        talk.settle(standing, reached=not result.is_failure)
        store.end_call(standing, Call.EndedBy.APPLICATION)
        return NOTHING_MORE
    left = standing
    is_answer = bool(result.actions) or result.is_failure
    if standing.step and is_answer and token.number == standing.turn:
        left = _after(standing, _advance(standing, talk.decide(standing), began))
    elif standing.step:
        _write(standing, Turn.Kind.END, standing.version_id, _left(standing), began)
    ended_by = Call.EndedBy.CALLER if standing.step else Call.EndedBy.APPLICATION
    store.end_call(standing, ended_by)
    _close(left, talk)
    logger.info("call %s ended by the %s", standing.call, ended_by.value)
    return NOTHING_MORE


def _close(standing: Standing, talk: Talk) -> None:
    """The end of the run, which the conversation is told of."""
    endings.end(standing, talk.close)


def _is_over(standing: Standing, move: Move) -> bool:
    """A text conversation is over with its last document; a call goes on until it is hung up."""
    return standing.channel == Call.Channel.TEXT and not move.step


def _after(standing: Standing, move: Move) -> Standing:
    return replace(standing, step=move.step, state=move.state)


def _left(standing: Standing) -> HungUp:
    state = standing.state
    return HungUp(
        standing.step,
        state.get("visit", 1),
        state.get("attempt", 1),
        state.get("rung", ""),
        state.get("prompt", ""),
    )


def _move_on(standing: Standing, move: Move, talk: Talk, began: float) -> str:
    _advance(standing, move, began)
    if _is_over(standing, move):
        _close(_after(standing, move), talk)
    return move.reply


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
