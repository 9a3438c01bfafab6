"""Why a line goes dead: what ends a session without the caller or the application having hung up."""


class LineDeadError(Exception):
    """The platform could not go on: no reply, a reply that is not 2xx, or a document it cannot run."""


class DocumentError(LineDeadError):
    """A reply the platform would not have run.

    `where` is the place in the document as a JSON path, `$.tropo[1].ask.choices`; `problem` says what is
    wrong there and what to do.
    """

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"document refused at {where}: {problem}")
        self.where = where
        self.problem = problem
