"""What is not known of Tropo, as choices: each is made here once, and a test can make it differently."""

from dataclasses import dataclass
from enum import StrEnum


class BadReply(StrEnum):
    """What a reply leads to that is empty, or no document the platform can run."""

    END = "end"
    """The session ends and nothing is posted; LineDeadError says why."""

    ERROR = "error"
    """The `error` event of the document before it; the session ends when there is none."""

    NOTHING = "nothing"
    """It counts as a document without steps and handlers: the platform hangs up."""


@dataclass(frozen=True)
class Habits:
    """How this platform behaves where the documentation and the captured payloads are silent.

    How long the application may take is the transport's to watch over. `session_max` is the longest session
    in seconds; older documentation says two hours.
    """

    nomatch: str = "NOMATCH"
    """The disposition of a question that ended with a wrong answer; a page of 2012 has "nomatch"."""

    spaced_keys: bool = False
    """Whether keyed digits have blanks between them in their utterance, as from 2010 to 2013."""

    keyed_value: bool = True
    """Whether keyed digits have a value; the payloads of early 2010 have none."""

    cut_ask_complete: bool = False
    """What `complete` says when a hang-up cut a question."""

    cut_ask_reported: bool = False
    """Whether such a question is among the actions, with the disposition HANGUP."""

    cut_report_to_continue: bool = True
    """Whether a recording or conference ended by hang-up goes to `continue` when there is no `hangup`."""

    last_handler: bool = False
    """Of two handlers for one event, whether the last counts, and not the first."""

    bad_reply: BadReply = BadReply.END
    session_max: float = 4 * 3600.0
