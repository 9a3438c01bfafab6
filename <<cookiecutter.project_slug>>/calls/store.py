"""The statements of a turn, in SQL: the ORM would be 41 % of a turn's time.

Only `calls.turns` uses them, inside its transaction. Times come from the database clock, and none
of them runs backwards when that clock is set.
"""

import json
from typing import Any
from uuid import UUID

from django.db import connection

from calls.callers import caller_key
from calls.facts import Arrival, Dialled, Heard, Move, Standing
from calls.models import Call, Turn

_NOW = {"postgresql": "clock_timestamp()", "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f000', 'now')"}
_LATER = {"postgresql": "GREATEST", "sqlite": "MAX"}

_STANDING = """
    SELECT r.id, c.id, r.flow, r.version_id, r.step, r.state, r.turn, r.reply,
           c.ended_at IS NOT NULL, c.channel, c.language, r.caller, r.called,
           c.is_test, {idle}
    FROM calls_run r JOIN calls_call c ON c.run_id = r.id
"""
_IDLE = {
    "postgresql": "EXTRACT(EPOCH FROM clock_timestamp() - r.sent_at)::float",
    "sqlite": "(julianday('now') - julianday(r.sent_at)) * 86400",
}


def limit(seconds: float) -> None:
    """Bounds what this transaction may wait: for a lock, and for a statement. PostgreSQL only."""
    if connection.vendor == "postgresql":
        milliseconds = max(int(seconds * 1000), 1)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SET LOCAL lock_timeout = {milliseconds}; SET LOCAL statement_timeout = {milliseconds}"
            )


def insert_call(call: UUID, run: UUID, arrival: Arrival) -> Dialled | None:
    """Writes the call on the line that was dialled, whose language is the call's.

    None when the session is known already, and then nothing is written.
    """
    sql = f"""
        INSERT INTO calls_call
            (id, run_id, platform, session_id, call_id, direction, channel, network, caller, called,
            caller_key,
            language, user_type, parameters, is_test, state, ended_by, started_at, answered_at, line_id)
        VALUES
            (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
            %s,
            COALESCE((SELECT NULLIF(language, '') FROM calls_line WHERE number = %s), %s),
            %s, %s, %s, %s, '', {_now()}, CASE WHEN %s THEN {_now()} END,
            (SELECT id FROM calls_line WHERE number = %s))
        ON CONFLICT (platform, session_id) DO NOTHING
        RETURNING COALESCE((SELECT flow FROM calls_line WHERE id = line_id), ''),
            COALESCE((SELECT announcement FROM calls_line WHERE id = line_id), ''),
            (SELECT is_closed FROM calls_line WHERE id = line_id), language
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
                caller_key(arrival.remote),
                arrival.ours,
                arrival.language,
                arrival.user_type,
                json.dumps(arrival.parameters),
                arrival.is_test,
                Call.State.OPEN,
                arrival.direction == Call.Direction.INBOUND,
                arrival.ours,
            ],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    flow, announcement, is_closed, language = row
    return Dialled(flow, announcement, bool(is_closed), language)


def insert_run(run: UUID, arrival: Arrival, move: Move) -> bool:
    """False when another text of that sender has just begun a conversation on that line."""
    sql = f"""
        INSERT INTO calls_run
            (id, flow, caller, called, channel, version_id, step, state, outcome, milestones, turn, reply,
            started_at, sent_at)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 1, %s, {_now()}, {_now()})
        ON CONFLICT DO NOTHING
    """
    who = [_key(run), move.flow, arrival.remote, arrival.ours, arrival.channel]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*who, move.version_id, *_progress(move), move.reply])
        return bool(cursor.rowcount == 1)


def lock_run(run: UUID, session_id: str) -> Standing | None:
    """The run and its call of that session, both locked until the transaction ends; None if unknown."""
    return _standing("WHERE r.id = %s AND c.session_id = %s", [_key(run), session_id])


def lock_session(platform: str, session_id: str) -> Standing | None:
    """The run of that session and its call, both locked until the transaction ends; None if unknown."""
    return _standing("WHERE c.platform = %s AND c.session_id = %s", [platform, session_id])


def lock_conversation(arrival: Arrival) -> Standing | None:
    """The open text conversation with that sender on that line, locked; None when there is none."""
    where = "WHERE r.caller = %s AND r.called = %s AND r.channel = 'text' AND r.ended_at IS NULL"
    return _standing(f"{where} ORDER BY c.id DESC LIMIT 1", [arrival.remote, arrival.ours])


def peek(run: UUID, session_id: str) -> Standing | None:
    """Where the run stands, without a lock: enough to look something up beforehand."""
    return _standing("WHERE r.id = %s AND c.session_id = %s", [_key(run), session_id], lock=False)


def insert_turn(standing: Standing, kind: Turn.Kind, version_id: int, heard: Heard, took_ms: int) -> None:
    """Writes what came back to the question that the run stands at."""
    sql = f"""
        INSERT INTO calls_turn (call_id, run_id, number, kind, version_id, step, visit, attempt, rung, result,
            mode, prompt, utterance, interpretation, value, confidence, leg_outcome, connected_seconds,
            took_ms, asked_at, heard_at)
        SELECT %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,
            r.sent_at, {_later("r.sent_at")}
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
                heard.rung,
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
    sql = f"""
        UPDATE calls_run
        SET step = %s, state = %s, outcome = %s, milestones = %s, turn = turn + 1, reply = %s,
            sent_at = {_later("sent_at")}
        WHERE id = %s
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_progress(move), move.reply, _key(standing.run)])


def note_progress(standing: Standing, move: Move) -> None:
    """Keeps what a conversation learned at its end, when no document follows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE calls_run SET step = %s, state = %s, outcome = %s, milestones = %s WHERE id = %s",
            [*_progress(move), _key(standing.run)],
        )


def end_call(standing: Standing, ended_by: Call.EndedBy) -> None:
    """Closes the call."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE calls_call SET ended_at = {_later('started_at')}, state = %s, ended_by = %s"
            " WHERE id = %s",
            [Call.State.ENDED, ended_by, _key(standing.call)],
        )


def end_run(standing: Standing) -> None:
    """Closes the run: at the end of its call where that has one, else now."""
    call = "(SELECT ended_at FROM calls_call WHERE id = %s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE calls_run SET ended_at = COALESCE({call}, {_later('started_at')}) WHERE id = %s",
            [_key(standing.call), _key(standing.run)],
        )


def _standing(where: str, parameters: list[Any], *, lock: bool = True) -> Standing | None:
    suffix = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    sql = _STANDING.format(idle=_IDLE[connection.vendor]) + where + suffix
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    if row is None:
        return None
    run, call, flow, version_id, step, state, turn, reply, over, channel, *ends, is_test, idle = row
    language, caller, called = ends
    return Standing(
        run=_uuid(run),
        call=_uuid(call),
        flow=flow,
        version_id=version_id,
        step=step,
        state=json.loads(state),
        turn=turn,
        reply=reply,
        call_is_over=bool(over),
        channel=channel,
        language=language,
        caller=caller,
        called=called,
        is_test=bool(is_test),
        idle_seconds=float(idle),
    )


def _progress(move: Move) -> tuple[str, str, str, str]:
    return move.step, json.dumps(move.state), move.outcome, json.dumps(move.milestones)


def _now() -> str:
    return _NOW[connection.vendor]


def _later(column: str) -> str:
    """Now, or what the column has when the clock was set back since."""
    return f"{_LATER[connection.vendor]}({column}, {_now()})"


def _key(value: UUID) -> UUID | str:
    return value if connection.features.has_native_uuid_field else value.hex


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
