"""Finds the links in a text, which are opened only after the person has seen the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from spacebeam.protocol.host import parse_host

MAX_LINKS = 3  # of a message
_MAX_LENGTH = 2000  # characters
_LINK = re.compile(r"\bhttps?://[^\s<>\"'`{}|\\^\x00-\x20\x7f]+", re.IGNORECASE)
_TRAILING = ".,;:!?…»”"
_BRACKETS = {")": "(", "]": "["}


@dataclass(frozen=True, slots=True)
class Link:
    """An address in a text."""

    url: str  # as it is opened: ASCII in the host, nothing invisible
    host: str  # in ASCII, so that a letter of another alphabet is seen


def links_in(text: str) -> tuple[Link, ...]:
    """Return the first links of a text, each once."""
    found: dict[Link, None] = {}
    for match in _LINK.finditer(text):
        link = _link(_trimmed(match[0]))
        if link is not None:
            found[link] = None
        if len(found) == MAX_LINKS:
            break
    return tuple(found)


def _trimmed(written: str) -> str:
    """Return a link without the punctuation of the sentence around it."""
    while written:
        last = written[-1]
        opening = _BRACKETS.get(last)
        is_unmatched = opening is not None and written.count(last) > written.count(opening)
        if last not in _TRAILING and not is_unmatched:
            break
        written = written[:-1]
    return written


def _link(written: str) -> Link | None:
    if len(written) > _MAX_LENGTH or not written.isprintable():
        return None
    try:
        parts = urlsplit(written)
        host, port = parse_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    netloc = f"[{host}]" if ":" in host else host
    if port is not None:
        netloc = f"{netloc}:{port}"
    # A user before the host looks like the host: https://bank.example@evil.example/
    return Link(parts._replace(netloc=netloc).geturl(), host)
