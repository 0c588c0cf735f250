"""A handshake's stages behind each other, to scale."""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.wire.report import Stages


@dataclass(frozen=True, slots=True)
class Span:
    """One stage; `start` and `share` are parts of the whole, from 0 to 1."""

    name: str
    took: float  # milliseconds
    start: float
    share: float


def spans(stages: Stages) -> list[Span]:
    """The stages that were gone through, in order."""
    named = [
        ("Name lookup", stages.dns),
        ("TCP connection", stages.connect),
        ("TLS handshake", stages.tls),
        ("Upgrade", stages.upgrade),
    ]
    known = [(name, took) for name, took in named if took is not None]
    whole = sum(took for _name, took in known)
    found, before = [], 0.0
    for name, took in known:
        start, share = (before / whole, took / whole) if whole else (0.0, 0.0)
        found.append(Span(name, took, start, share))
        before += took
    return found


def total(stages: Stages) -> float:
    """Milliseconds of all stages together."""
    return sum(span.took for span in spans(stages))
