"""A conversation told to the engine alone: no webhook, no database, no clock."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from flows import Flow
from flows.deciding import Decision
from flows.engine import begin, proceed
from flows.heard import Found
from flows.scene import Party, Scene
from flows.state import State
from tropo import Recognition, Result

NOW = datetime(2026, 12, 24, 17, 59, tzinfo=ZoneInfo("America/New_York"))
VOICE = Scene(Party("+15550142", "+15550100", "voice", "en-us"), NOW)
TEXT = replace(VOICE, party=replace(VOICE.party, channel="text"))


class Talk:
    """One conversation, step by step. Every method gives the talk back."""

    def __init__(self, flow: type[Flow], scene: Scene = VOICE, text: str = "") -> None:
        self.flow = flow
        self.scene = scene
        self.results: list[str] = []
        self.decision = begin(flow, scene, text=text)

    @property
    def state(self) -> State:
        return self.decision.state

    @property
    def document(self) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = self.decision.document.to_dict()["tropo"]
        return steps

    @property
    def said(self) -> str:
        """Everything that is said in the document, on one line."""
        words: list[str] = []
        for step in self.document:
            for name, action in step.items():
                prompts = (
                    action if name == "say" else (action or {}).get("say") if name in _SPEAKING else None
                )
                listed = prompts if isinstance(prompts, list) else [prompts] if prompts else []
                words += [prompt["value"] for prompt in listed]
        return " / ".join(words)

    @property
    def choices(self) -> dict[str, Any]:
        """What the platform listens for."""
        found: dict[str, Any] = next(step["ask"]["choices"] for step in self.document if "ask" in step)
        return found

    def presses(self, keys: str) -> Self:
        return self.hears(disposition="SUCCESS", mode="keypad", interpretation=keys, utterance=keys)

    def says(self, words: str, confidence: int = 90) -> Self:
        return self.hears(
            disposition="SUCCESS",
            mode="speech",
            interpretation=words,
            utterance=words,
            value=words,
            confidence=confidence,
        )

    def stays_silent(self) -> Self:
        return self.hears(disposition="TIMEOUT")

    def is_not_understood(self) -> Self:
        return self.hears(disposition="NOMATCH")

    def texts(self, words: str) -> Self:
        return self.goes_on(words)

    def hears(self, **heard: Any) -> Self:
        """What the platform reports of the step where the conversation stands."""
        recognition = Recognition(name=self.state.step, **heard)
        return self.goes_on(Result(session_id="session", actions=(recognition,)))

    def goes_on(self, heard: Result | str, *, event: str = "", found: Found | None = None) -> Self:
        self.scene = replace(self.scene, turn=self.scene.turn + 1)
        state = State.from_dict(self.state.step, self.state.to_dict())
        self.decision = proceed(self.flow, self.scene, state, heard, event=event, found=found)
        if self.decision.attempt:
            self.results.append(f"{self.decision.attempt.rung} {self.decision.attempt.result}".strip())
        return self


_SPEAKING = ("ask", "record", "message")


def given(decision: Decision) -> list[tuple[str, str]]:
    """The answers a conversation knows, by step."""
    return [(answer.step, answer.value) for answer in decision.state.answers]
