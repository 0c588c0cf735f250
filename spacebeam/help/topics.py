"""The topics of the help, in the order in which they are listed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from spacebeam.help.page import HelpPage
from spacebeam.help.parsing import parse_page

TOPICS = (
    "start",
    "messages",
    "protocols",
    "inspector",
    "search",
    "calls",
    "keys",
    "options",
    "decoders",
    "comparing",
    "values",
    "recordings",
    "windows",
    "chat",
    "formats",
    "connections",
    "scenarios",
    "replay",
    "terminal",
    "recording-format",
)


@cache
def page(topic: str) -> HelpPage:
    """Return the page of a topic."""
    file = files("spacebeam.help") / "topics" / f"{topic}.md"
    return parse_page(topic, file.read_text(encoding="utf-8"))
