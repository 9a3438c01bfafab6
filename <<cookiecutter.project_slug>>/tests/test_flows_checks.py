"""What is wrong with the flows themselves speaks at start-up."""

from django.core import checks
from pytest_django import Settings

from flows.flow import Flow, registry, twins


def test_a_default_flow_that_does_not_exist_is_named(settings: Settings) -> None:
    settings.DEFAULT_FLOW = "nowhere"
    found = [message for message in checks.run_checks() if message.id == "flows.E002"]
    assert [message.msg for message in found] == ["DEFAULT_FLOW is 'nowhere', and there is no such flow."]


def test_a_finding_is_a_check_with_its_place() -> None:
    before = registry["reception"]
    other = type("Reception", (before,), {"__module__": "elsewhere"})
    assert issubclass(other, Flow)
    (found,) = [message for message in checks.run_checks() if message.id == "flows.E001"]
    twins.clear()
    assert "elsewhere.Reception" in found.msg
    assert (found.level, found.hint) == (checks.ERROR, "Rename one of the classes.")
    assert found.obj
