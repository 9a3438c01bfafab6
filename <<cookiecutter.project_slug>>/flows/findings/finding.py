"""One finding: what is wrong, where, and what to do about it."""

import inspect
from dataclasses import dataclass, replace
from enum import IntEnum

from django.core.checks import ERROR, WARNING

from flows.flow import Flow
from flows.steps import Step


class Level(IntEnum):
    """How bad it is, in the levels of Django's system checks."""

    WARNING = WARNING
    ERROR = ERROR


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong at a place: `line` counts from 1, and is 0 when there is no line."""

    id: str
    message: str
    hint: str
    file: str = ""
    line: int = 0

    @property
    def level(self) -> Level:
        """Told by the letter in its id: `flows.E003` is an error."""
        return Level.ERROR if ".E" in self.id else Level.WARNING

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


def at_step(flow: type[Flow], step: Step, finding: Finding) -> Finding:
    """The finding with the name and the place of a step."""
    file, line = step.place()
    return replace(finding, message=f"{flow.__name__}.{step.name} {finding.message}", file=file, line=line)


def place_of(flow: type[Flow]) -> tuple[str, int]:
    """The file and line of a flow's class; of one whose source cannot be read, its module and 0."""
    try:
        return inspect.getsourcefile(flow) or flow.__module__, inspect.findsource(flow)[1] + 1
    except (OSError, TypeError):
        return flow.__module__, 0
