"""Reads names and values from pasted text: header lines, a query or cookies."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

from spacebeam.net.request_rules import belongs_to_handshake

# The first line of a request or a response, which browsers copy as well.
_START_LINE = re.compile(r"[A-Z]+ \S+ HTTP/\d(\.\d)?|HTTP/\d(\.\d)? \d{3}.*")


@dataclass(frozen=True, slots=True)
class PastedPairs:
    """Names and values; `left_out` counts the header lines that every handshake sends itself."""

    pairs: tuple[tuple[str, str], ...]
    left_out: int = 0


def headers(text: str) -> PastedPairs:
    """Read lines of `Name: value`. A line without a colon becomes a name with an empty value."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not _START_LINE.fullmatch(line)]
    pairs = [_split(line, ":") for line in lines if not _is_handshake_header(line)]
    return PastedPairs(tuple(pairs), len(lines) - len(pairs))


def _is_handshake_header(line: str) -> bool:
    """Whether every handshake sends this header, because of the address or the protocol."""
    name = line.partition(":")[0].strip().lower()
    return name in ("", "host") or belongs_to_handshake(name)  # no name: HTTP/2's `:authority`


def parameters(text: str) -> PastedPairs:
    """Read an address's query, or lines of `name=value`, and decode the percent signs."""
    address, mark, query = text.strip().partition("?")
    text = query.partition("#")[0] if mark and "=" not in address else text
    found = [_split(one, "=") for one in re.split(r"[&\n\r]+", text) if one.strip()]
    return PastedPairs(tuple((unquote_plus(name), unquote_plus(value)) for name, value in found))


def cookies(text: str) -> PastedPairs:
    """Read a Cookie header, with or without its name, or lines of `name=value`."""
    text = re.sub(r"^\s*cookie:", "", text, flags=re.IGNORECASE)
    return PastedPairs(
        tuple(_split(one, "=") for one in re.split(r"[;\n\r]+", text) if one.strip())
    )


def _split(text: str, at: str) -> tuple[str, str]:
    name, _, value = text.partition(at)
    return name.strip(), value.strip()
