"""The statements of a turn, in SQL: the ORM would be 41 % of a turn's time.

Only `calls.turns` uses them, inside its transaction. Times come from the database clock, and none
of them runs backwards when that clock is set.
"""

import json
from typing import Any
from uuid import UUID

from django.db import connection

from calls.facts import Arrival, Heard, Move, Standing
from calls.models import Call, Turn

_NOW = {"postgresql": "clock_timestamp()", "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now')"}
_LATER = {"postgresql": "GREATEST", "sqlite": "MAX"}

_STANDING = """
    SELECT r.id, c.id, r.flow, r.version_id, r.step, r.state, r.turn, r.reply,
           c.ended_at IS NOT NULL, c.channel, c.language, c.caller, c.called
    FROM calls_run r JOIN calls_call c ON c.run_id = r.id
"""


def limit(seconds: float) -> None:
    """Bounds what this transaction may wait: for a lock, and for a statement. PostgreSQL only."""
    if connection.vendor == "postgresql":
        milliseconds = max(int(seconds * 1000), 1)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET LOCAL lock_timeout = {milliseconds}; SET LOCAL statement_timeout = {milliseconds}"
            )


def insert_call(call: UUID, run: UUID, arrival: Arrival) -> str | None:
    """Writes the call on the line that was dialled.

    The name of the line's flow, empty without a line; None when the session is known already, and then
    nothing is written.
    """
    sql = f"""
        INSERT INTO calls_call
            (id, run_id, platform, session_id, call_id, direction, channel, network, caller, called,
            language, user_type, parameters, is_test, state, ended_by, started_at, answered_at, line_id)
        VALUES
            (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', {_now()}, {_now()},
            (SELECT id FROM calls_line WHERE number = %s))
        ON CONFLICT (platform, session_id) DO NOTHING
        RETURNING COALESCE((SELECT flow FROM calls_line WHERE id = line_id), '')
    """
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                _key(call),
                _key(run),
                arrival.platform,
                arrival.session_id,
                arrival.call_id,
                arrival.direction,
                arrival.channel,
                arrival.network,
                arrival.caller,
                arrival.called,
                arrival.language,
                arrival.user_type,
                json.dumps(arrival.parameters),
                arrival.is_test,
                Call.State.OPEN,
                arrival.called,
            ],
        )
        row = cursor.fetchone()
    return None if row is None else str(row[0])


def insert_run(run: UUID, move: Move) -> None:
    sql = f"""
        INSERT INTO calls_run
            (id, flow, version_id, step, state, outcome, milestones, turn, reply, started_at, sent_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, 1, %s, {_now()}, {_now()})
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [_key(run), move.flow, move.version_id, *_progress(move), move.reply])


def lock_run(run: UUID, session_id: str) -> Standing | None:
    """The run and its call of that session, both locked until the transaction ends; None if unknown."""
    return _standing("WHERE r.id = %s AND c.session_id = %s", [_key(run), session_id])


def lock_session(platform: str, session_id: str) -> Standing | None:
    """The run of that session and its call, both locked until the transaction ends; None if unknown."""
    return _standing("WHERE c.platform = %s AND c.session_id = %s", [platform, session_id])


def insert_turn(standing: Standing, kind: Turn.Kind, version_id: int, heard: Heard, took_ms: int) -> None:
    """Writes what came back to the question that the run stands at."""
    sql = f"""
        INSERT INTO calls_turn (call_id, run_id, number, kind, version_id, step, visit, attempt, result, mode,
            prompt, utterance, interpretation, value, confidence, leg_outcome, connected_seconds, took_ms,
            asked_at, heard_at)
        SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
            r.sent_at, {_LATER[connection.vendor]}(r.sent_at, {_now()})
        FROM calls_run r WHERE r.id = %s
    """
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                _key(standing.call),
                _key(standing.run),
                standing.turn,
                kind,
                version_id,
                heard.step,
                heard.visit,
                heard.attempt,
                heard.result,
                heard.mode,
                heard.prompt,
                heard.utterance,
                heard.interpretation,
                heard.value,
                heard.confidence,
                heard.leg_outcome,
                heard.connected_seconds,
                took_ms,
                _key(standing.run),
            ],
        )


def advance_run(standing: Standing, move: Move) -> None:
    """Moves the run on by one document."""
    later = f"{_LATER[connection.vendor]}(sent_at, {_now()})"
    sql = f"""
        UPDATE calls_run
        SET step = %s, state = %s, outcome = %s, milestones = %s, turn = turn + 1, reply = %s,
            sent_at = {later}
        WHERE id = %s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_progress(move), move.reply, _key(standing.run)])


def end_call(standing: Standing, ended_by: Call.EndedBy) -> None:
    """Closes the call and its run, at the same time."""
    later = f"{_LATER[connection.vendor]}(started_at, {_now()})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE calls_call SET state = %s, ended_by = %s, ended_at = {later} WHERE id = %s",
            [Call.State.ENDED, ended_by, _key(standing.call)],
        )
        cursor.execute(
            "UPDATE calls_run SET ended_at = (SELECT ended_at FROM calls_call WHERE id = %s) WHERE id = %s",
            [_key(standing.call), _key(standing.run)],
        )


def _standing(where: str, parameters: list[Any]) -> Standing | None:
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING + where + lock, parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    run, call, flow, version_id, step, state, turn, reply, call_over, *rest = row
    return Standing(
        _uuid(run),
        _uuid(call),
        flow,
        version_id,
        step,
        json.loads(state),
        turn,
        reply,
        bool(call_over),
        *rest,
    )


def _progress(move: Move) -> tuple[str, str, str, str]:
    return move.step, json.dumps(move.state), move.outcome, json.dumps(move.milestones)


def _now() -> str:
    return _NOW[connection.vendor]


def _key(value: UUID) -> UUID | str:
    return value if connection.features.has_native_uuid_field else value.hex


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
