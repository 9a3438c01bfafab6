"""`manage.py phone`: a call, or a conversation in texts, with this application, from the terminal.

Exit status: 0 when every session ended in order, 1 when the line went dead or a replay differs, 2 for wrong
usage.
"""

import logging
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, nullcontext, suppress
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from phone.actions import HangUp, Silence
from phone.command_line import Plan, plan
from phone.errors import LineDeadError
from phone.handset import FAR_ENDS
from phone.launches import Launched, Sessions
from phone.script import Item, Script, ScriptError, parse_item
from phone.serve import DEFAULT_ADDRESS, PlatformServer
from phone.sessions import CALLERS_NUMBER, OUR_NUMBER
from phone.tape import Recorder, Tape
from phone.terminal import Telephone, describe
from phone.transcript import Transcript, wants_colour
from phone.transports import SECONDS_TO_REPLY

USAGE_ERROR = 2


class Command(BaseCommand):
    """Places a call, or sends texts, and prints the transcript as it goes."""

    help = """Call this application, or text it, as a caller would.

At each question type what the caller does: digits, * and # are keys, words are
speech, @55 after words is how sure the recogniser is of them (0-100), an empty
line or - waits in silence until the question times out, signal:NAME is such a
silence into which a signal comes, hangup hangs up, and so does the end of the
input. --script gives all of that at once, parted by semicolons:
"1; chicago@55; -; 90210; hangup". A caller whose script has run out hangs up at
the next question. With --text each item is a message; one that no question
waits for opens a session of its own.

--faults lets the network fail: lose request, lose reply, duplicate, late (a
copy comes after the next POST) and delay, each with how often (0 to 1), and
"retries N" for how many times the platform tries again:
"duplicate, lose reply 0.1, retries 5".
"""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the line breaks of the help."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        called = parser.add_mutually_exclusive_group()
        called.add_argument("--flow", metavar="NAME", help="the flow that is to answer")
        called.add_argument("--to", metavar="NUMBER", default=OUR_NUMBER, help="the number to call")
        add = parser.add_argument
        add("--from", metavar="NUMBER", default=CALLERS_NUMBER, dest="caller", help="who calls")
        add("--text", action="store_true", help="text instead of calling")
        add("--far-end", choices=sorted(FAR_ENDS), default="answers", help="who is there when it dials out")
        add("--url", help="a running server; without it the application runs in this process")
        add("--token", help="the webhook token; without it the first of WEBHOOK_TOKENS")
        add("--timeout", metavar="SECONDS", default=str(SECONDS_TO_REPLY), help="how long a reply may take")
        add("--faults", metavar="PLAN", help='how the network fails: "duplicate, lose reply 0.1"')
        add("--seed", type=int, default=0, help="what throws the faults; the same seed, the same faults")
        add("--record", metavar="FILE", help="keep the conversation in this file")
        does = parser.add_mutually_exclusive_group()
        does.add_argument("--script", help='what the caller does: "1; chicago@55; -; 90210; hangup"')
        does.add_argument("--replay", metavar="FILE", help="have a kept conversation again, and compare")
        add(
            "--serve",
            metavar="HOST:PORT",
            nargs="?",
            const=DEFAULT_ADDRESS,
            help="be the platform's REST side: launches and signals, until interrupted",
        )
        add("--launch-token", metavar="TOKEN", help="with --serve: the only token that starts a session")
        add("--pause", metavar="SECONDS", default="1", help="with --serve: how long each moment lasts")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the arguments, then call. Raises CommandError with the exit status of its kind."""
        transcript = Transcript(self._print, colour=self._colour(options))
        try:
            known = plan(options, transcript.fault)
        except (ValueError, OSError) as error:
            raise CommandError(str(error), returncode=USAGE_ERROR) from error
        with _quiet(options["verbosity"] < 2):
            if known.serving:
                self._serve(known, known.serving, transcript)
                return
            tape = self._converse(known, transcript)
        if known.replayed:
            self._compare(known.replayed, tape)

    def _serve(self, known: Plan, address: tuple[str, int], transcript: Transcript) -> None:
        """Launch sessions and take signals until interrupted."""

        def begin(session_id: str, parameters: Mapping[str, str]) -> Launched:
            own = Transcript(lambda line: self._print(_marked(session_id, line)), colour=transcript.colour)
            source, far_end = known.script() or Silence, FAR_ENDS[known.called.far_end]
            return Launched(session_id, parameters, known.connect, source, far_end, own, known.pause)

        sessions = Sessions(known.tokens, begin)
        try:
            server = PlatformServer(address, sessions)
        except OSError as error:
            raise CommandError(f"cannot serve there: {error}", returncode=USAGE_ERROR) from error
        with server, suppress(KeyboardInterrupt):
            self._print(f"TROPO_API_URL=http://{server.host}:{server.server_port} starts sessions here.")
            server.serve_forever()
        sessions.stop()
        self._print("Stopped.")

    def _converse(self, known: Plan, transcript: Transcript) -> Tape:
        """Hold the conversation, and give it as it was taken down."""
        with closing(known.connect()) as transport, known.record or nullcontext() as file:
            recorder = Recorder(known.called, known.token, file)
            source = known.script() or self._ask_terminal
            try:
                Telephone(transport, known.called, source, transcript, recorder).converse()
            except LineDeadError as error:
                if not known.replayed:
                    raise CommandError(describe(error, transcript.last_heard)) from error
                self._print(describe(error, transcript.last_heard))
        if isinstance(source, Script) and source.left:
            self._print(f"Items of the script that were not played: {len(source.left)}.")
        return recorder.tape

    def _compare(self, recorded: Tape, tape: Tape) -> None:
        if found := recorded.differences(tape):
            raise CommandError("The conversation is not the recorded one:\n\n" + "\n".join(found))
        self._print("The conversation is the recorded one.")

    def _print(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _colour(self, options: dict[str, Any]) -> bool:
        return options["force_color"] or (not options["no_color"] and wants_colour(self.stdout.isatty()))

    def _ask_terminal(self) -> Item:
        """Read what the caller does from the terminal, until it can be played."""
        while True:
            try:
                typed = input("> " if sys.stdin.isatty() else "")
                return parse_item(typed) if typed.strip() else Silence()
            except ScriptError as error:
                self.stderr.write(str(error))
            except (EOFError, KeyboardInterrupt):
                return HangUp()


def _marked(session_id: str, text: str) -> str:
    """Put the beginning of the session's id before each line: several sessions may talk at once."""
    return "\n".join(f"{session_id[:6]}  {line}".rstrip() for line in text.strip("\n").splitlines())


@contextmanager
def _quiet(wanted: bool) -> Iterator[None]:
    """Keep the application's own log out of the transcript, but for what is wrong."""
    logging.disable(logging.INFO if wanted else logging.NOTSET)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)
