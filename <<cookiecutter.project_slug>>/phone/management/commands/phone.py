"""`manage.py phone`: a call, or a conversation in texts, with this application, from the terminal.

Exit status: 0 when every session ended in order, 1 when the line went dead, 2 for wrong usage.
"""

import logging
import sys
from argparse import RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from phone.actions import Action, HangUp, Keys, Silence, Words
from phone.errors import LineDeadError
from phone.handset import Handset, converse, new_session
from phone.inprocess import WsgiTransport
from phone.script import Script, ScriptError, parse_item, parse_script
from phone.sessions import CALLERS_NUMBER, OUR_NUMBER, read_number
from phone.transcript import Transcript, wants_colour
from phone.transports import HttpTransport

USAGE_ERROR = 2


class Command(BaseCommand):
    """Places a call, or sends texts, and prints the transcript as it goes."""

    help = """Call this application, or text it, as a caller would.

At each question type what the caller does: digits, * and # are keys, words are
speech, @55 after words is how sure the recogniser is of them (0-100), - is
silence, hangup hangs up, and so does the end of the input. --script gives all
of that at once, parted by semicolons: "1; chicago@55; -; 90210; hangup". A
caller whose script has run out hangs up at the next question. With --text each
item is a message; one that no question waits for opens a session of its own.
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
        parser.add_argument(
            "--from", metavar="NUMBER", default=CALLERS_NUMBER, dest="caller", help="who calls"
        )
        parser.add_argument("--text", action="store_true", help="text instead of calling")
        parser.add_argument("--url", help="a running server; without it the application runs in this process")
        parser.add_argument("--token", help="the webhook token; without it the first of WEBHOOK_TOKENS")
        parser.add_argument("--script", help='what the caller does: "1; chicago@55; -; 90210; hangup"')

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the arguments, then call. Raises CommandError with the exit status of its kind."""
        try:
            numbers = read_number(options["to"]), read_number(options["caller"])
            script = None if options["script"] is None else Script(parse_script(options["script"]))
            transport = _transport(options["url"], options["token"])
        except ValueError as error:
            raise CommandError(str(error), returncode=USAGE_ERROR) from error
        source = script or self._ask_terminal
        try:
            with closing(transport), _quiet(options["verbosity"] < 2):
                self._converse(transport, numbers, source, options)
        except LineDeadError as error:
            raise CommandError(f"The line went dead: {error}") from error
        if script and script.left:
            self._print(f"Items of the script that were not played: {len(script.left)}.")

    def _converse(
        self,
        transport: HttpTransport | WsgiTransport,
        numbers: tuple[str, str],
        source: Callable[[], Action],
        options: dict[str, Any],
    ) -> None:
        """Place the call; or with --text open a session with each text that no question took."""
        transcript = Transcript(self._print, colour=self._colour(options))

        def place(text: str | None = None) -> None:
            handset = Handset(transport, new_session(*numbers, text), transcript.add, options["flow"])
            transcript.end(converse(handset, lambda moment: source() if moment.question else Silence()))

        if not options["text"]:
            return place()
        while not isinstance(action := source(), HangUp):
            if isinstance(action, Keys):
                place(action.keys)
            elif isinstance(action, Words):
                place(action.words)

    def _print(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _colour(self, options: dict[str, Any]) -> bool:
        return options["force_color"] or (not options["no_color"] and wants_colour(self.stdout.isatty()))

    def _ask_terminal(self) -> Action:
        """Read what the caller does from the terminal, until it can be played."""
        while True:
            try:
                return parse_item(input("> " if sys.stdin.isatty() else ""))
            except ScriptError as error:
                self.stderr.write(str(error))
            except (EOFError, KeyboardInterrupt):
                return HangUp()


@contextmanager
def _quiet(wanted: bool) -> Iterator[None]:
    """Keep the application's own log out of the transcript, but for what is wrong."""
    logging.disable(logging.INFO if wanted else logging.NOTSET)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _transport(url: str | None, token: str | None) -> HttpTransport | WsgiTransport:
    token = token or next(iter(settings.WEBHOOK_TOKENS), None)
    if not token:
        raise ValueError("there is no webhook token; set WEBHOOK_TOKENS or give --token")
    return WsgiTransport(token) if url is None else HttpTransport(url, token)
