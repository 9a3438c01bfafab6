"""What the result of a document will say, gathered while its steps run."""

from dataclasses import dataclass, field


@dataclass
class Report:
    """`event` is the handler the result goes to; `over` that no further step runs.

    `cut` says that the hang-up ended an action which could still be reported.
    """

    event: str = "continue"
    over: bool = False
    complete: bool = True
    error: str | None = None
    cut: bool = False
    actions: list[dict[str, object]] = field(default_factory=list)

    def end(self, event: str, *, complete: bool = True, error: str | None = None) -> None:
        """Record what ended the document."""
        self.event, self.over, self.error = event, True, error
        self.complete = self.complete and complete

    def fail(self, required: bool) -> None:
        """Record that an action failed: a required one ends the document, any other is passed over."""
        if required:
            self.end("incomplete", complete=False)
