"""The words of rates, scales, durations and selected time spans."""

from __future__ import annotations

import pytest

from spacebeam.recording.rates import Measure, Sums
from spacebeam.ui.rates.bars import both_rates, chosen, duration, rate, scale


def test_a_rate_sums_both_directions() -> None:
    assert rate(Sums(1, 1024, 12_299, 1024 * 1024)) == "12,300 messages/s · 1.0 MiB/s"
    assert rate(Sums(received_entries=1, received_bytes=5)) == "1 message/s · 5 B/s"
    assert rate(Sums()) == "0 messages/s · 0 B/s"


def test_each_direction_has_a_label() -> None:
    words = both_rates(Sums(1, 10, 2, 20))
    assert words == "Received: 2 messages/s · 20 B/s\nSent: 1 message/s · 10 B/s"


@pytest.mark.parametrize(
    ("top", "measure", "words"),
    [
        (15_000, Measure.ENTRIES, "15,000/s"),
        (1.5, Measure.ENTRIES, "1.5/s"),
        (0.08, Measure.ENTRIES, "0.08/s"),
        (2 * 1024**2, Measure.BYTES, "2.0 MiB/s"),
        (100, Measure.BYTES, "100 B/s"),
        (0.5, Measure.BYTES, "0.5 B/s"),
    ],
)
def test_a_scale_has_a_unit(top: float, measure: Measure, words: str) -> None:
    assert scale(top, measure) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (1, "1 s"),
        (60, "1 min"),
        (200, "3 min 20 s"),
        (3600, "1 h"),
        (3605, "1 h"),
        (90_000, "1 d 1 h"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_selected_span_has_its_length_and_totals() -> None:
    assert chosen(10, 30, Sums(1, 24, 12_299, 1000)) == "20 s · 12,300 messages · 1.0 KiB"
