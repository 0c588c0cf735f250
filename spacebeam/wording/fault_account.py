"""The account of a step that did not pass, in lines that are safe to show anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.decode.decoder import Context
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.visible import one_line
from spacebeam.scenario.scenario import Step
from spacebeam.scenario.verdict import Fault, Miss
from spacebeam.wording.scenarios import (
    fault_words,
    message_number_words,
    miss_words,
    misses_words,
    step_words,
)

_MAX_LINE = 200  # characters


def fault_account(fault: Fault, step: Step | None = None, place: str = "") -> Iterator[str]:
    """Yield what was to be done, why that did not pass, and what came instead."""
    if step is not None:
        yield cut(f"{place}{step_words(step)}")
    yield one_line(fault_words(fault))
    if fault.misses:
        yield misses_words(fault)
        for miss in fault.misses:
            yield f"  {message_number_words(miss)}: {cut(_summary(miss))}"
            for failed in miss.failed:
                yield f"    {cut(miss_words(failed))}"
    for line in fault.difference:
        yield f"  {cut(line)}"


def cut(text: str) -> str:
    """Return a text on one line that is not too long."""
    text = one_line(text)
    return text if len(text) <= _MAX_LINE else f"{text[: _MAX_LINE - 1]}…"


def _summary(miss: Miss) -> str:
    return REGISTRY.summary(miss.payload, Context(miss.kind.name.lower(), "received"))
