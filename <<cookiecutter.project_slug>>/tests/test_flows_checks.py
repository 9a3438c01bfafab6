"""What is wrong with the flows themselves speaks at start-up."""

from django.core import checks
from pytest_django import Settings


def test_a_default_flow_that_does_not_exist_is_named(settings: Settings) -> None:
    settings.DEFAULT_FLOW = "nowhere"
    found = [message for message in checks.run_checks() if message.id == "flows.E002"]
    assert [message.msg for message in found] == ["DEFAULT_FLOW is 'nowhere', and there is no such flow."]
