"""flows.dial and manage.py dial: rows written with whatever else is written, launched over the REST side."""

import re
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from pytest_django import Settings

from calls import optouts
from calls.models import Dial
from flows import Flow, Next, say
from flows.dialling import dial, in_a_test
from flows.flow import registry
from flows.hours import Hours
from flows.launching import launch_due
from flows.retries import Retries
from phone.serve import PlatformServer

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
HOUR = timedelta(hours=1)
VOICE, TEXT = "voice-token", "text-token"
NUMBER = "+14075550142"


class DaytimeCall(Flow):
    """Calls on weekdays, and at most twice."""

    calling_hours = Hours("UTC", monday_to_friday="9:00-17:00")
    retries = Retries(busy=(5,), most=2)

    @say("Hello.")
    def start(self) -> Next:
        return None


@pytest.fixture(autouse=True)
def flow() -> Iterator[None]:
    registry["daytime_call"] = DaytimeCall
    yield
    registry.pop("daytime_call", None)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


class Platform:
    """The platform's REST side: keeps what was launched, and what the rows said while it was asked."""

    def __init__(self) -> None:
        self.launched: list[Mapping[str, str]] = []
        self.meanwhile: list[tuple[str, int]] = []

    def launch(self, parameters: Mapping[str, str]) -> str | None:
        if parameters["token"] not in (VOICE, TEXT):
            return None
        try:
            # Another connection sees the claim, and could change the row: no lock is held.
            rows = Dial.objects.filter(id=parameters["dial"])
            self.meanwhile.append((rows.get().state, rows.update(misses={})))
        finally:
            connections.close_all()
        self.launched.append(parameters)
        return f"{len(self.launched):032x}"

    def signal(self, session_id: str, name: str) -> bool:
        return False


@pytest.fixture
def platform(settings: Settings) -> Iterator[Platform]:
    platform = Platform()
    with PlatformServer(("127.0.0.1", 0), platform) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.TROPO_API_URL = f"http://127.0.0.1:{server.server_port}"
        settings.TROPO_VOICE_TOKEN, settings.TROPO_MESSAGING_TOKEN = VOICE, TEXT
        yield platform
        server.shutdown()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("dial", *arguments, stdout=out)
    return out.getvalue()


class TestDial:
    def test_a_row_says_what_is_to_be_done(self, clock: time_machine.Traveller, settings: Settings) -> None:
        settings.CALLER_ID = "407-555-0100"
        row = dial(DaytimeCall, "(407) 555-0142", data={"name": "Ann"}, expires=NOON + HOUR)
        row.refresh_from_db()
        assert (row.flow, row.to, row.caller_id, row.channel) == (
            "daytime_call",
            NUMBER,
            "+14075550100",
            "voice",
        )
        assert (row.due_at, row.expires_at, row.data) == (NOON, NOON + HOUR, {"name": "Ann"})
        assert (row.state, row.most_attempts, row.is_test) == ("waiting", 2, False)

    def test_a_text_later_from_another_number(self) -> None:
        row = dial("reception", NUMBER, text=True, due=NOON, from_="+14075550199")
        assert (row.channel, row.due_at, row.caller_id) == ("text", NOON, "+14075550199")

    def test_a_key_is_used_once(self) -> None:
        first = dial("reception", NUMBER, key="appointment 7")
        assert dial("daytime_call", "+14075550143", key="appointment 7") == first
        dial("reception", NUMBER)
        dial("reception", NUMBER)
        assert Dial.objects.count() == 3

    def test_the_row_goes_with_the_transaction(self) -> None:
        with transaction.atomic():
            dial("reception", NUMBER)
            transaction.set_rollback(True)
        assert not Dial.objects.exists()

    def test_a_test_call_writes_a_row_that_nobody_launches(self, platform: Platform) -> None:
        with in_a_test(True):
            row = dial("reception", NUMBER)
        assert row.is_test
        assert run("--due") == "Nothing was due.\n"

    @pytest.mark.parametrize(
        ("flow", "to", "options", "problem"),
        [
            ("nonsense", NUMBER, {}, "there is no flow 'nonsense'; the flows are: .*reception"),
            ("reception", "anna", {}, "'anna' is no telephone number; write it like"),
            ("reception", "12", {}, "'12' is no telephone number"),
            ("reception", "", {}, "'' is no telephone number"),
            ("reception", NUMBER, {"data": {"when": NOON}}, "data cannot be written as JSON"),
            ("reception", NUMBER, {"data": {1: "x"}}, "data does not come out of JSON as it went in"),
            ("reception", NUMBER, {"data": {"x": (1, 2)}}, "data does not come out of JSON"),
            ("reception", NUMBER, {"data": {"x": float("nan")}}, "data cannot be written as JSON"),
            ("reception", NUMBER, {"due": datetime(2026, 3, 2)}, "due=2026-03-02T00:00:00 has no time zone"),
            ("reception", NUMBER, {"expires": datetime(2026, 3, 2)}, "expires=.* has no time zone"),
            ("reception", NUMBER, {"due": NOON, "expires": NOON}, "expires=.* is not after due="),
        ],
    )
    def test_what_cannot_be_done_is_refused(
        self, flow: str, to: str, options: dict[str, Any], problem: str
    ) -> None:
        with pytest.raises(ValueError, match=problem):
            dial(flow, to, **options)
        assert not Dial.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestLaunches:
    def test_one_number_is_called_now(self, platform: Platform) -> None:
        assert run("reception", "407 555 0142") == f"reception to {NUMBER}: launched.\n"
        row = Dial.objects.get()
        assert platform.launched == [{"token": VOICE, "dial": str(row.id), "attempt": "1"}]
        assert platform.meanwhile == [("launched", 1)]

    def test_one_number_is_texted_now(self, platform: Platform, settings: Settings) -> None:
        settings.CALLER_ID = "+15550100"
        run("reception", NUMBER, "--text")
        assert [launch["token"] for launch in platform.launched] == [TEXT]

    def test_one_number_is_called_later(self, platform: Platform) -> None:
        assert re.fullmatch(
            rf"reception to {re.escape(NUMBER)} is due 2031-12-24 09:00 \w+\.\n",
            run("reception", NUMBER, "--at", "2031-12-24T09:00"),
        )
        assert platform.launched == []

    def test_everything_due_is_launched_once(self, platform: Platform) -> None:
        for _ in range(3):
            dial("reception", NUMBER)
        dial("reception", NUMBER, due=datetime.now(UTC) + HOUR)
        optouts.add("+14075550143")
        dial("reception", "+14075550143")
        assert run("--due") == "3 launched, 1 opted out\n"
        assert run("--due") == "Nothing was due.\n"
        assert len(platform.launched) == 3
        assert {state for state, _ in platform.meanwhile} == {"launched"}

    def test_no_more_than_the_limit(self, platform: Platform) -> None:
        for _ in range(3):
            dial("reception", NUMBER)
        assert run("--due", "--limit", "2") == "2 launched\n"

    def test_outside_its_calling_hours_a_flow_calls_nobody(self, platform: Platform) -> None:
        with time_machine.travel(datetime(2026, 3, 7, 12, tzinfo=UTC), tick=False) as clock:  # a Saturday
            row = dial(DaytimeCall, NUMBER)
            assert run("--due") == "1 waiting\n"
            row.refresh_from_db()
            assert row.due_at == datetime(2026, 3, 9, 9, tzinfo=UTC)
            clock.move_to(row.due_at)
            assert run("--due") == "1 launched\n"

    def test_a_dry_run_tells_and_changes_nothing(self, platform: Platform) -> None:
        optouts.add("+14075550143")
        dial("reception", NUMBER)
        dial("reception", "+14075550143")
        before = list(Dial.objects.order_by("id").values())
        assert run("--due", "--dry-run") == (
            f"reception to {NUMBER}: would be launched\n"
            "reception to +14075550143: would be opted out\n"
            "2 due; nothing was changed.\n"
        )
        assert list(Dial.objects.order_by("id").values()) == before
        assert platform.launched == []

    def test_a_row_whose_flow_is_gone_fails(self, platform: Platform) -> None:
        dial("daytime_call", NUMBER)
        registry.pop("daytime_call")
        assert run("--due") == "1 failed\n"

    def test_a_platform_that_refuses_is_asked_once_and_the_row_waits(
        self, platform: Platform, settings: Settings
    ) -> None:
        settings.TROPO_VOICE_TOKEN = "wrong"
        rows = [dial("reception", NUMBER) for _ in range(2)]
        with pytest.raises(CommandError, match="did not start a session") as error:
            run("--due")
        assert error.value.returncode == 1
        assert sorted(Dial.objects.values_list("state", "attempts", "last_reason")) == [
            ("waiting", 0, ""),
            ("waiting", 0, "not launched"),
        ]
        settings.TROPO_VOICE_TOKEN = VOICE
        with time_machine.travel(max(row.due_at for row in rows) + HOUR):
            assert run("--due") == "2 launched\n"

    def test_a_launch_in_doubt_is_not_made_again_until_it_is_lost(
        self, platform: Platform, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(platform, "launch", lambda parameters: "")
        row = dial("reception", NUMBER)
        account = launch_due()
        assert (dict(account.states), "without a usable id" in account.problem) == ({"in doubt": 1}, True)
        assert launch_due().states == {}
        row.refresh_from_db()
        assert (row.state, row.attempts) == ("launched", 1)

    def test_without_a_platform_nothing_is_lost(self) -> None:
        dial("reception", NUMBER)
        with pytest.raises(CommandError, match="TROPO_VOICE_TOKEN is empty"):
            run("--due")
        assert Dial.objects.get().state == "waiting"

    def test_it_watches_until_it_is_interrupted(
        self, platform: Platform, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pauses: list[float] = []

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 3:
                raise KeyboardInterrupt
            dial("reception", NUMBER)

        monkeypatch.setattr(time, "sleep", pause)
        assert run("--due", "--watch", "7") == "1 launched\n1 launched\nStopped.\n"
        assert pauses == [7, 7, 7]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ([], "write FLOW NUMBER"),
        (["reception"], "write FLOW NUMBER"),
        (["reception", NUMBER, "--due"], "write FLOW NUMBER"),
        (["--due", "--text"], "write FLOW NUMBER"),
        (["--due", "--limit", "0"], "--limit must be above 0"),
        (["--due", "--watch", "0"], "--watch must be above 0"),
        (["reception", NUMBER, "--dry-run"], "--dry-run stands beside --due"),
        (["nonsense", NUMBER], "there is no flow 'nonsense'"),
        (["reception", "anna"], "no telephone number"),
        (["reception", NUMBER, "--at", "tomorrow"], "--at tomorrow is no time"),
        (["reception", NUMBER, "--at", "2026-13-01T09:00"], "month"),
    ],
)
def test_wrong_usage_is_exit_2(arguments: list[str], problem: str) -> None:
    with pytest.raises(CommandError, match=problem) as error:
        call_command("dial", *arguments)
    assert error.value.returncode == 2
    assert not Dial.objects.exists()
