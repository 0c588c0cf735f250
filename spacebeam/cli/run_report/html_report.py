"""A run as a page for browsers, in one file without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape
from itertools import groupby

from spacebeam.cli.run_report.account import trouble
from spacebeam.decode.visible import one_line
from spacebeam.scenario.verdict import Outcome, ScenarioResult
from spacebeam.wording.durations import rounded_words
from spacebeam.wording.scenarios import step_words

_STYLE = """\
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
pre, code { font: 13px/1.5 ui-monospace, monospace; overflow-x: auto; }
summary { cursor: pointer; }
.passed summary::before { content: "\\2713  "; color: #2a8a3f; }
.failed summary::before, .error summary::before { content: "\\2717  "; color: #c01c28; }
.skipped summary::before { content: "-  "; color: #9a6700; }
time { opacity: .7; }
"""


def html_report(results: Iterable[ScenarioResult]) -> str:
    """Return the report of a run."""
    every = list(results)
    counts = [one.outcome for one in every]
    passed = counts.count(Outcome.PASSED)
    title = f"{passed} of {len(every)} scenarios passed"
    when = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1><p><time>{escape(when)}</time></p>",
    ]
    for file, group in groupby(every, lambda one: one.file):
        parts.append(f"<h2>{_text(str(file))}</h2>")
        for result in group:
            parts += _scenario(result)
    return "\n".join((*parts, "</body></html>")) + "\n"


def _scenario(result: ScenarioResult) -> Iterator[str]:
    is_open = " open" if result.fault is not None else ""
    took = (
        ""
        if result.outcome is Outcome.SKIPPED
        else f" <time>{rounded_words(result.seconds)}</time>"
    )
    yield f'<details class="{result.outcome.value}"{is_open}>'
    yield f"<summary>{_text(result.scenario.name)}{took}</summary>"
    if result.steps:
        yield "<ol>"
        for one in result.steps:
            yield (
                f"<li><code>{_text(step_words(one.step))}</code>"
                f" <time>{rounded_words(one.seconds)}</time></li>"
            )
        yield "</ol>"
    if result.fault is not None:
        yield f"<pre>{escape(chr(10).join(trouble(result)))}</pre>"
    if result.recording is not None:
        yield f"<p>Recorded in <code>{_text(str(result.recording))}</code>.</p>"
    yield "</details>"


def _text(text: str) -> str:
    return escape(one_line(text))
