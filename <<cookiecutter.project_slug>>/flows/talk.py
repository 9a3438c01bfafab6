"""The conversation as `calls` sees it: what the engine decides becomes a move of the record."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from calls import dials, optouts
from calls.facts import Arrival, Dialled, Move, Standing
from calls.models import Call
from calls.tokens import TurnToken
from calls.versions import version_id
from flows import engine
from flows.deciding import Decision
from flows.dialling import in_a_test
from flows.engine import FlowFailed
from flows.flow import Flow, registry
from flows.grammars.base import normalise
from flows.graph import describe
from flows.heard import Found
from flows.languages import language
from flows.scene import Scene
from flows.staging import flow_of, log_failure, opening_scene, scene_of, tried
from flows.state import State
from flows.telling import CALLING
from tropo import On, Result, Tropo

_EVENTS = ("continue", "incomplete", "error", "hangup")


@dataclass(frozen=True)
class Talk:
    """One POST's part of a conversation: what was heard, and what is known besides.

    `heard` is a result, the words of a text, or None when a call begins. `event` is the event of the turn
    token. `flow` is the flow that the address asks for. `dial` is the call of ours that this session is.
    `failure` is set when the flow has raised: then the conversation ends with an apology.
    """

    heard: Result | str | None = None
    event: str = ""
    found: Found | None = None
    flow: str = ""
    arrival: Arrival | None = None
    dial: dials.DialStanding | None = None
    failure: FlowFailed | None = None

    def begin(self, run: UUID, dialled: Dialled) -> Move:
        """The first move of a run, on the line that was dialled."""
        flow = flow_of((self.dial and self.dial.flow) or self.flow or dialled.flow or settings.DEFAULT_FLOW)
        if self.arrival is None:
            raise RuntimeError("a run begins with an arrival")
        opens_text = self.dial is not None and self.dial.channel == "text"
        scene = opening_scene(self.arrival, dialled, run, opens_text=opens_text)
        decision = self._first(flow, scene, dialled)
        return self._move(flow, decision, run, number=1, answered=flow)

    def decide(self, standing: Standing) -> Move:
        """The next move of a run."""
        flow = flow_of(standing.flow)
        state = State.from_dict(standing.step, standing.state)
        scene = scene_of(standing)
        if self.failure:
            decision = engine.apologise(flow, scene, state, self.failure.attempt)
        elif isinstance(self.heard, str) and (words := self._opted(scene, state.language)):
            decision = engine.turn_away(flow, scene, state, words)
        else:
            decision = self._tell(flow, scene, state, standing)
        if state.dial and scene.is_text:
            dials.reached(UUID(state.dial), standing.run)
        if state.step == CALLING and state.dial:
            self._note_call(state.dial, standing, decision, flow)
        answered = registry.get(state.flow, flow)
        return self._move(flow, decision, standing.run, standing.turn + 1, answered)

    def settle(self, standing: Standing, *, reached: bool) -> None:
        """Notes in the row of a text of ours whether it reached anybody."""
        state = State.from_dict(standing.step, standing.state)
        if state.dial and reached:
            dials.reached(UUID(state.dial), standing.run)
        elif state.dial and isinstance(self.heard, Result):
            plan = flow_of(standing.flow).retries.after
            dials.missed(UUID(state.dial), self.heard.session_id, "failed", plan)

    def close(self, standing: Standing) -> Move | None:
        """Runs the flow's `ended`; what it raises or fails to write changes nothing about the end."""
        flow = flow_of(standing.flow)
        state = State.from_dict(standing.step, standing.state)
        if state.dial:
            dials.finished(UUID(state.dial))
        after = state
        for known in _flows_in(flow, state):
            if known.ended is Flow.ended:
                continue
            try:
                with transaction.atomic(), in_a_test(standing.is_test):
                    after = engine.ended(known, scene_of(standing), after)
            except FlowFailed as failed:
                log_failure(failed, f"call {standing.call}")
        if after is state:
            return None
        return Move(
            flow=standing.flow,
            version_id=standing.version_id,
            step=standing.step,
            state=after.to_dict(),
            reply=standing.reply,
            outcome=after.outcome[:100],
            milestones=after.milestones,
        )

    def _first(self, flow: type[Flow], scene: Scene, dialled: Dialled) -> Decision:
        known = State(data=self.dial.data, dial=self.dial.dial.hex) if self.dial else State()
        if self.failure:
            return engine.apologise(flow, scene, known, self.failure.attempt)
        if self.dial and self.dial.channel == "voice":
            return engine.call_out(flow, scene, known)
        if isinstance(self.heard, str) and (words := self._opted(scene, "")):
            return engine.turn_away(flow, scene, State(), words)
        if dialled.is_closed:
            closed = dialled.announcement or language(scene.party.language).prompts["closed"]
            return engine.turn_away(flow, scene, State(), closed)
        text = self.heard if isinstance(self.heard, str) else ""
        return tried(
            lambda: engine.begin(flow, scene, text=text, announcement=dialled.announcement, state=known),
            is_test=self.arrival is not None and self.arrival.is_test,
        )

    def _note_call(self, dial: str, standing: Standing, decision: Decision, flow: type[Flow]) -> None:
        """Whether the call of ours reached somebody: if not, it is made again as the flow's plan says."""
        reason = decision.attempt.leg_outcome if decision.attempt else ""
        if not reason or (reason == "machine" and flow.machine):
            dials.reached(UUID(dial), standing.run)
            Call.objects.filter(pk=standing.call).update(answered_at=Now())
        elif isinstance(self.heard, Result):
            dials.missed(UUID(dial), self.heard.session_id, reason or "failed", flow.retries.after)

    def _tell(self, flow: type[Flow], scene: Scene, state: State, standing: Standing) -> Decision:
        heard = self.heard
        if heard is None:
            raise RuntimeError("a run goes on with what was heard, and nothing was")
        try:
            return tried(
                lambda: engine.proceed(flow, scene, state, heard, event=self.event, found=self.found),
                is_test=standing.is_test,
            )
        except FlowFailed as failed:
            failed.call = standing.call
            raise

    def _opted(self, scene: Scene, code: str) -> str:
        """The reply to STOP and START, once the number is noted; empty for any other text.

        `code` is the language that the conversation went over to, if it did.
        """
        words, spoken = normalise(str(self.heard)), language(code or scene.party.language)
        if words in spoken.text["stop"]:
            optouts.add(scene.party.caller, "text", source="text")
            return spoken.prompts["stopped"]
        if words in spoken.text["start"] and optouts.has(scene.party.caller, "text"):
            optouts.remove(scene.party.caller, "text")
            return spoken.prompts["started"]
        return ""

    def _move(
        self, flow: type[Flow], decision: Decision, run: UUID, number: int, answered: type[Flow]
    ) -> Move:
        state = decision.state
        described = describe(answered)
        standing = describe(registry.get(state.flow, flow))
        token = TurnToken(run, number, state.step, state.visit, state.attempt, standing.version[:8])
        return Move(
            flow=flow.name,
            version_id=version_id(answered.name, described.version, described.graph),
            step=state.step,
            state=state.to_dict(),
            reply=(decision.document + _handlers(token, decision)).to_json(),
            heard=decision.attempt,
            outcome=state.outcome[:100],
            milestones=state.milestones,
        )


def _flows_in(flow: type[Flow], state: State) -> list[type[Flow]]:
    """Those that are to hear of the end, each once and the innermost first; not those that are gone."""
    callers = (registry.get(frame.flow) for frame in reversed(state.stack))
    return list(dict.fromkeys(filter(None, (engine.flow_at(state, flow), *callers))))


def _handlers(token: TurnToken, decision: Decision) -> Tropo:
    """Every event leads back here. A relative address echoes neither a host nor the webhook's token."""
    names = {event: event for event in (*_EVENTS, *decision.signals)}
    if decision.looks_up:
        names["continue"] = engine.LOOKUP
    return Tropo(
        *(On(event, next=f"?t={quote(token.sign(name), safe=':@')}") for event, name in names.items())
    )
