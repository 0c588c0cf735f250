"""Points in time in the person's zone."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from spacebeam.wording.moments import local_words


@pytest.fixture(autouse=True)
def _berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ((1_795_995_133, 0), "2026-11-30 00:32:13 CET"),
        ((1_795_995_133, 25_000_000), "2026-11-30 00:32:13.025 CET"),
        ((1_785_000_000, 17), "2026-07-25 19:20:00.000000017 CEST"),
        ((-1, 0), "1970-01-01 00:59:59 CET"),
        ((10**15, 0), ""),
        ((-(10**15), 0), ""),
    ],
)
def test_a_time_has_its_zone(moment: tuple[int, int], words: str) -> None:
    assert local_words(*moment) == words
