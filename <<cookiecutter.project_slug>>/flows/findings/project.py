"""The findings of a whole project: those that a system check can be sure of, and all."""

from collections.abc import Iterator

from django.conf import settings

from flows.findings import prompts, steps, surroundings
from flows.findings.finding import Finding, place_of
from flows.findings.study import Study
from flows.flow import Flow, registry, twins


def certain() -> list[Finding]:
    """What the source and the settings say. No table and no file of the owner's is read for it."""
    found = [*_names(), *_default(), *surroundings.unknown_language()]
    for flow in _all_flows(Flow):
        found += steps.no_beginning(flow)
    for flow in registry.values():
        study = Study(flow)
        found += [
            *steps.unknown_names(study),
            *prompts.unknown_places(study),
            *prompts.built_texts(study),
            *steps.dead_ends(study),
            *steps.unreachable(study),
            *steps.keyless_options(study),
            *steps.open_secrets(study),
        ]
    return _in_order(found)


def at_deployment() -> list[Finding]:
    """What only matters where a platform is to reach the project."""
    studies = map(Study, registry.values())
    return [one for study in studies for one in surroundings.no_public_address(study, ask_grammars=False)]


def everything() -> list[Finding]:
    """All of it: files are looked for, and grammars are asked, which may read the tables behind them."""
    found = certain()
    for flow in registry.values():
        study = Study(flow)
        found += surroundings.missing_sounds(study)
        found += surroundings.no_public_address(study, ask_grammars=True)
    return _in_order(found)


def _in_order(found: list[Finding]) -> list[Finding]:
    """By place. What flows inherit is found once for each of them, and told once."""
    return sorted(dict.fromkeys(found), key=lambda one: (one.file, one.line, one.id, one.message))


def _all_flows(flow: type[Flow]) -> Iterator[type[Flow]]:
    for below in flow.__subclasses__():
        yield below
        yield from _all_flows(below)


def _names() -> Iterator[Finding]:
    for first, second in twins:
        file, line = place_of(second)
        yield Finding(
            id="flows.E001",
            message=f"Two flows have the name {first.name!r}: {_path(first)} and {_path(second)}.",
            hint="Rename one of the classes.",
            file=file,
            line=line,
        )


def _default() -> Iterator[Finding]:
    if settings.DEFAULT_FLOW not in registry:
        known = (
            ", ".join(sorted(registry)) or "none: write one in a module named flows.py of an installed app"
        )
        yield Finding(
            id="flows.E002",
            message=f"DEFAULT_FLOW is {settings.DEFAULT_FLOW!r}, and there is no such flow.",
            hint=f"The flows are: {known}.",
        )


def _path(flow: type) -> str:
    return f"{flow.__module__}.{flow.__qualname__}"
