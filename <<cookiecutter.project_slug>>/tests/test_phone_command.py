"""`manage.py phone` from the outside: its transcript and its exit status."""

import io
import subprocess
import sys
from collections.abc import Callable
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from django import conf
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from phone import inprocess
from phone.transcript import wants_colour

ASKS = b"""{"tropo": [
    {"say": {"value": "Welcome &amp; hello."}},
    {"ask": {"name": "city", "say": {"value": "Which city?"}, "choices": {"value": "chicago, paris"}}},
    {"on": {"event": "continue", "next": "?t=1"}}
]}"""
THANKS = b'{"tropo": [{"say": {"value": "Thank you."}}, {"hangup": null}]}'

Answering = Callable[[str, bytes], None]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """Puts an application in the place of ours that asks for a city, and answers what follows as told."""

    def answer(status: str, body: bytes) -> None:
        def application(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
            first = "platform=phone" in environ["QUERY_STRING"]
            start_response("200 OK" if first else status, [])
            return [ASKS if first else body]

        monkeypatch.setattr(inprocess, "get_internal_wsgi_application", lambda: application)

    answer("200 OK", THANKS)
    return answer


def phone(*arguments: str) -> str:
    out = io.StringIO()
    call_command("phone", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("answering")
def test_the_transcript_of_a_call() -> None:
    assert phone("--from", "+1 (407) 555-0177", "--script", "Chicago@55").splitlines() == [
        "     0.0  line              +14075550177 calls +14075550100",
        "     0.0  app says          Welcome & hello.",
        "     1.2  app says          Which city?",
        "     2.0  caller says       Chicago (confidence 55)",
        "     2.4  app says          Thank you.",
        "",
        "Ended by the application after 0:03.",
    ]


@pytest.mark.usefixtures("answering")
def test_a_conversation_in_texts_is_a_session_for_each_text_that_no_question_takes() -> None:
    transcript = phone("--text", "--script", "paris; -; rome; hangup")
    texts = [
        line.partition("caller texts")[2].strip() for line in transcript.splitlines() if "caller" in line
    ]
    assert texts == ["paris", "rome"]
    assert transcript.count("Ended by the application") == 2


@pytest.mark.usefixtures("answering")
def test_items_that_were_not_played_are_counted() -> None:
    assert phone("--script", "paris; 2; 3").endswith("Items of the script that were not played: 2.\n")


@pytest.mark.usefixtures("answering")
def test_without_a_script_the_terminal_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("chicago@high\nchicago@40\n"))
    assert "chicago (confidence 40)" in phone()
    assert "the confidence after @" in capsys.readouterr().err


@pytest.mark.usefixtures("answering")
def test_an_empty_line_waits_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    transcript = phone()
    assert "caller is silent  for 30 s" in transcript
    assert "Thank you." in transcript


@pytest.mark.parametrize(
    ("far_end", "told"),
    [
        ("answers", "hangs up after 60 s"),
        ("busy", "transfer failed: BUSY"),
        ("silent", "transfer failed: TIMEOUT"),
        ("rejects", "transfer failed: REJECTED"),
        ("fails", "transfer failed: FAILED"),
    ],
)
def test_who_is_at_the_other_end_of_a_transfer(answering: Answering, far_end: str, told: str) -> None:
    answering("200 OK", b'{"tropo": [{"transfer": {"to": "+14075550199"}}, {"hangup": null}]}')
    assert told in phone("--script", "paris", "--far-end", far_end)


@pytest.mark.usefixtures("answering")
def test_a_signal_of_the_script_comes_into_the_silence() -> None:
    transcript = phone("--script", "signal:exit")
    assert "signal exit interrupts" in transcript
    assert "Thank you." in transcript


@pytest.mark.usefixtures("answering")
def test_faults_are_told_and_thrown_by_the_seed() -> None:
    plan = ["--faults", "duplicate 0.5, lose reply 0.3, retries 9", "--script", "paris"]
    first, again = (phone(*plan, "--seed", "7") for _ in range(2))
    assert first == again
    assert "          fault             a copy was answered 200" in first
    assert "Thank you." in first


@pytest.mark.usefixtures("answering")
def test_the_end_of_the_input_hangs_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert phone().endswith("Ended by the caller after 0:02.\n")


@pytest.mark.usefixtures("answering")
def test_colours_are_for_terminals_and_those_who_ask_for_them() -> None:
    assert "\033[" not in phone("--script", "hangup")
    assert "\033[36m" in phone("--force-color", "--script", "hangup")


@pytest.mark.parametrize(
    ("terminal", "no_color", "wanted"), [(True, "", True), (True, "1", False), (False, "", False)]
)
def test_when_colour_is_wanted(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, no_color: str, wanted: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    assert wants_colour(terminal) is wanted


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        ("500 Oh no", THANKS, "a result posted to /tropo/ was answered 500"),
        ("200 OK", b"Thank you.", r"document refused at \$: is not JSON"),
        (
            "200 OK",
            b'{"tropo": [{"say": {}}]}',
            r"document refused at \$\.tropo\[0\]\.say\.value: is missing",
        ),
    ],
)
def test_a_line_that_goes_dead_is_exit_1(
    answering: Answering, status: str, body: bytes, problem: str
) -> None:
    answering(status, body)
    with pytest.raises(CommandError, match=f"^The line went dead: {problem}") as error:
        phone("--script", "paris")
    assert error.value.returncode == 1
    heard = "\nThe caller last heard 'Which city?', and then nothing more: the platform hangs up."
    assert str(error.value).endswith(heard)


def test_a_reply_that_takes_too_long_is_a_dead_line(answering: Answering) -> None:
    with pytest.raises(CommandError, match="the platform waits 1e-06 s") as error:
        phone("--script", "paris", "--timeout", "0.000001")
    assert "The caller heard nothing at all" in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--script", "1; chicago@101"], "item 2 of the script, 'chicago@101'"),
        (["--script", ""], "item 1 of the script"),
        (["--script", "signal:"], "names no signal"),
        (["--faults", "duplicate, burn 0.1"], "'burn 0.1' is no fault"),
        (["--timeout", "soon"], "--timeout is 'soon'"),
        (["--timeout", "0"], "--timeout is '0'"),
        (["--timeout", "nan"], "--timeout is 'nan'"),
        (["--url", "127.0.0.1:8000"], "no address of a server"),
        (["--to", "reception"], "'reception' is not a telephone number"),
        (["--from", "12"], "'12' is not a telephone number"),
    ],
)
def test_wrong_usage_is_exit_2(arguments: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem) as error:
        phone(*arguments)
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    "arguments", [["--script", "1;;2"], ["--flow", "a", "--to", "+14075550100"], ["--what"]]
)
def test_the_exit_status_reaches_the_shell(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "django", "phone", *arguments], capture_output=True, check=False
    )
    assert (run.returncode, run.stdout) == (2, b"")


def test_no_webhook_token(settings: Settings) -> None:
    settings.WEBHOOK_TOKENS = []
    with pytest.raises(CommandError, match="there is no webhook token"):
        phone("--script", "1")


@pytest.mark.django_db(transaction=True)
def test_this_project_answers_its_main_number_in_this_process() -> None:
    transcript = phone("--flow", conf.settings.DEFAULT_FLOW, "--script", "hangup")
    assert "app says" in transcript
    assert "caller hangs up" in transcript


@pytest.mark.django_db(transaction=True)
def test_this_project_answers_its_main_number_over_http(live_server: LiveServer) -> None:
    transcript = phone("--flow", conf.settings.DEFAULT_FLOW, "--url", live_server.url, "--script", "hangup")
    assert "app says" in transcript
    assert "caller hangs up" in transcript


@pytest.mark.django_db(transaction=True)
def test_this_project_gives_the_same_call_over_a_network_that_fails(live_server: LiveServer) -> None:
    call = [
        "--flow",
        conf.settings.DEFAULT_FLOW,
        "--url",
        live_server.url,
        "--script",
        "1; -; chicago; 90210",
    ]
    faults = ["--faults", "lose request 0.3, lose reply 0.3, duplicate 0.5, late 0.5, delay 0.3, retries 50"]
    told = phone(*call, *faults).splitlines()
    assert any("the reply was lost" in line for line in told)
    assert [line for line in told if not line.startswith("          fault")] == phone(*call).splitlines()
