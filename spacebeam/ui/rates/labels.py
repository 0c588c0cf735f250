"""What the rate graph says in words: how fast it goes, how far a scale reaches, what was chosen."""

from __future__ import annotations

from collections.abc import Callable

from spacebeam.decode.preview import size
from spacebeam.recording.rates import Measure, Sums

_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def rate(second: Sums) -> str:
    """What went in one second, both ways: 12,300 messages/s · 1.6 MiB/s."""
    return f"{second.entries:,} {_messages(second.entries)}/s · {size(second.bytes)}/s"


def both_rates(second: Sums) -> str:
    """How fast each direction went, a line each."""
    return _both(second, rate)


def both_amounts(sums: Sums) -> str:
    """How much each direction had, a line each."""
    return _both(sums, _amount)


def _both(sums: Sums, words: Callable[[Sums], str]) -> str:
    received = Sums(received_entries=sums.received_entries, received_bytes=sums.received_bytes)
    sent = Sums(sums.sent_entries, sums.sent_bytes)
    return f"Received: {words(received)}\nSent: {words(sent)}"


def scale(top: float, measure: Measure) -> str:
    """Where a scale ends: 2,000/s, 0.15/s, 2.0 MiB/s."""
    if measure is Measure.BYTES and top >= 1:
        return f"{size(round(top))}/s"
    amount = f"{top:,.0f}" if top >= 10 else f"{top:.3g}"
    return f"{amount} B/s" if measure is Measure.BYTES else f"{amount}/s"


def duration(seconds: float) -> str:
    """A time span in its two largest units: 20 s, 3 min 20 s, 2 h."""
    rest = round(seconds)
    parts = []
    for length, name in _UNITS:
        count, rest = divmod(rest, length)
        parts.append(f"{count} {name}" if count else "")
    first = next((at for at, part in enumerate(parts) if part), len(parts) - 1)
    return " ".join(part for part in parts[first : first + 2] if part) or "0 s"


def chosen(began: float, ended: float, sums: Sums) -> str:
    """How long a chosen time is, and what went in it."""
    return f"{duration(ended - began)} · {_amount(sums)}"


def _amount(sums: Sums) -> str:
    return f"{sums.entries:,} {_messages(sums.entries)} · {size(sums.bytes)}"


def _messages(count: int) -> str:
    return "message" if count == 1 else "messages"
