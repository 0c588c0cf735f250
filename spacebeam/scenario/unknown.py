"""Names that a scenario uses, and those without a value, before it is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from spacebeam.profiles.collection import Variable, by_name
from spacebeam.profiles.variables import Resolver, TooLongError
from spacebeam.scenario.scenario import (
    Capture,
    Expect,
    ExpectNext,
    ExpectNone,
    Repeat,
    Scenario,
    SendText,
    Step,
)


def unknown_names(
    scenarios: Iterable[Scenario], variables: Mapping[str, Variable]
) -> tuple[str, ...]:
    """Return the names in addresses, headers and filters that have no value.

    Captured names have one by then. In a message, a name without a value stays as it is.
    """
    names: dict[str, None] = {}
    for scenario in scenarios:
        steps = list(_all(scenario.steps))
        captured = [Variable(one.name, "") for one in steps if isinstance(one, Capture)]
        known = {**by_name(scenario.variables), **variables, **by_name(captured)}
        resolver = Resolver(known)
        with suppress(TooLongError):
            resolver.text(scenario.address)
            resolver.profile(scenario.profile)
            for step in steps:
                for filter_ in _filters(step):
                    resolver.text(filter_)
        names |= dict.fromkeys((*resolver.unresolved.unknown, *resolver.unresolved.missing_secrets))
    return tuple(names)


def used_names(scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """Return all names that are used, those in the file's own variables and messages too.

    Captured names are not among them: a step gives them their values.
    """
    names: dict[str, None] = {}
    for scenario in scenarios:
        resolver = Resolver({})
        steps = list(_all(scenario.steps))
        texts = [scenario.address]
        texts += [one.value or "" for one in scenario.variables]
        texts += [text for step in steps for text in (*_filters(step), *_messages(step))]
        with suppress(TooLongError):
            resolver.profile(scenario.profile)
            for text in texts:
                resolver.text(text)
        captured = {one.name for one in steps if isinstance(one, Capture)}
        names |= {one: None for one in resolver.unresolved.unknown if one not in captured}
    return tuple(names)


def _all(steps: Iterable[Step]) -> Iterator[Step]:
    for step in steps:
        if isinstance(step, Repeat):
            yield from _all(step.steps)
        else:
            yield step


def _filters(step: Step) -> tuple[str, ...]:
    match step:
        case Expect(expectations=expectations):
            return tuple(one.filter for one in expectations)
        case ExpectNext(filter=filter_) | ExpectNone(filter=filter_):
            return (filter_,)
        case _:
            return ()


def _messages(step: Step) -> tuple[str, ...]:
    return (step.text,) if isinstance(step, SendText) else ()
