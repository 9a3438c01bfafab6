"""A network that fails: what a plan of faults says, what each does, and that the application stores once."""

import random
from typing import Any

import pytest

from calls.models import Call, Turn
from phone.errors import LineDeadError
from phone.events import Post, Reply
from phone.faults import FaultyTransport, Plan, PlanError, parse_plan
from phone.testing import Caller
from phone.transports import Transport
from phone.wire import Request


class Recorder(Transport):
    """Counts what arrives; answers with the statuses it was given, then with 200."""

    def __init__(self, *statuses: int) -> None:
        super().__init__("http://testserver", "t0ken")
        self.statuses = list(statuses)
        self.arrived: list[str] = []

    def is_ours(self, url: str) -> bool:
        return True

    def send(self, request: Request) -> Reply:
        self.arrived.append(request.url[-1])
        return Reply(self.statuses.pop(0) if self.statuses else 200, b"")


def faulty(plan: str, *statuses: int, **options: Any) -> tuple[FaultyTransport, Recorder, list[str]]:
    recorder, notices = Recorder(*statuses), list[str]()
    return FaultyTransport(recorder, parse_plan(plan), notice=notices.append, **options), recorder, notices


def post(transport: Transport, number: int = 1) -> Reply:
    return transport.post(Post(f"http://testserver/{number}", {}))


def test_a_plan_is_read_item_by_item() -> None:
    assert parse_plan("duplicate, Lose  Reply 0.1,late 1, retries 5") == Plan(
        {"duplicate": 1.0, "lose reply": 0.1, "late": 1.0}, 5
    )


@pytest.mark.parametrize(
    ("plan", "problem"),
    [
        ("", "'' is no fault"),
        ("duplicate,", "'' is no fault"),
        ("burn", "'burn' is no fault"),
        ("lose", "'lose' is no fault"),
        ("late 2", "from 0 to 1"),
        ("late -1", "from 0 to 1"),
        ("late 1e", "from 0 to 1"),
        ("retries", "whole number"),
        ("retries 0.5", "whole number"),
        ("retries 101", "whole number"),
    ],
)
def test_an_item_of_a_plan_that_means_nothing_is_named(plan: str, problem: str) -> None:
    with pytest.raises(PlanError, match=problem):
        parse_plan(plan)


def test_a_duplicate_arrives_twice() -> None:
    transport, recorder, _ = faulty("duplicate")
    assert post(transport).status == 200
    assert recorder.arrived == ["1", "1"]


def test_a_late_copy_arrives_after_the_next_turn_and_the_last_one_after_the_call() -> None:
    transport, recorder, _ = faulty("late")
    post(transport, 1)
    post(transport, 2)
    assert recorder.arrived == ["1", "2", "1"]
    transport.close()
    assert recorder.arrived == ["1", "2", "1", "2"]


def test_a_lost_request_never_arrives() -> None:
    transport, recorder, notices = faulty("lose request, retries 2")
    with pytest.raises(LineDeadError, match="the request was lost"):
        post(transport)
    assert recorder.arrived == []
    assert notices == ["sent again: the request was lost"] * 2


def test_a_lost_reply_makes_the_platform_send_again() -> None:
    transport, recorder, _ = faulty("lose reply, retries 2")
    with pytest.raises(LineDeadError, match="the reply was lost"):
        post(transport)
    assert recorder.arrived == ["1", "1", "1"]


def test_a_server_error_is_sent_again_and_a_refusal_is_not() -> None:
    transport, recorder, notices = faulty("retries 3", 500, 503)
    assert post(transport).status == 200
    assert recorder.arrived == ["1", "1", "1"]
    assert notices == ["answered 500, and sent again", "answered 503, and sent again"]
    assert post(faulty("retries 3", 401)[0]).status == 401
    assert post(faulty("retries 1", 500, 500)[0]).status == 500


def test_a_delay_is_waited_for() -> None:
    waited: list[float] = []
    transport, _, _ = faulty("delay", wait=waited.append)
    post(transport)
    (seconds,) = waited
    assert 0 < seconds <= 0.2


def test_the_same_seed_gives_the_same_faults() -> None:
    def arrivals(seed: int) -> list[str]:
        transport, recorder, _ = faulty("duplicate 0.5, late 0.5", seed=seed)
        for number in range(9):
            post(transport, number)
        return recorder.arrived

    assert arrivals(1) == arrivals(1)
    assert arrivals(1) != arrivals(2)


WORST = "lose request 0.3, lose reply 0.4, duplicate 0.5, late 0.5, retries 50"


def book(caller: Caller) -> None:
    caller.dials("booking").presses("1").says("atlantis").says("chicago").presses("90210")
    caller.hears("call you back about Chicago, 9 0 2 1 0").hears_hang_up()
    caller.closes()


def rows() -> list[tuple[object, ...]]:
    fields = ("call__run__outcome", "number", "step", "visit", "attempt", "result", "utterance", "value")
    return list(Turn.objects.order_by("call", "number").values_list(*fields))


@pytest.mark.django_db
@pytest.mark.parametrize("plan", ["duplicate", "late", "lose reply 0.5, retries 50", WORST])
def test_every_answer_is_stored_once_whatever_the_network_does(plan: str) -> None:
    book(Caller())
    stored = rows()
    seeds = random.Random(plan).sample(range(1000), 3)
    for seed in seeds:
        Call.objects.all().delete()
        book(caller := Caller(faults=plan, seed=seed))
        assert rows() == stored
        assert "fault" in caller.transcript
    assert len(stored) == 4
