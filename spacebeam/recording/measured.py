"""What is measured of messages: the latency of answers, and the size of payloads.

Its names stand among the paths of values in messages. No path in JMESPath has a colon outside of
brackets, so `latency:`, `latency:getBook` and `size:` are none.
"""

from __future__ import annotations

from enum import StrEnum


class Measured(StrEnum):
    """What is measured; each is the beginning of its paths."""

    LATENCY = "latency:"  # in seconds, of first answers; then a method, or nothing for all
    SIZE = "size:"  # in bytes


def measured_of(path: str) -> Measured | None:
    """Return what the series of a path measures; None for values in messages."""
    return next((one for one in Measured if path.startswith(one)), None)


def method_of(path: str) -> str:
    """Return the method whose latency a path asks for; "" for all."""
    return path.removeprefix(Measured.LATENCY)
