"""Exit codes are a promise to scripts."""

from __future__ import annotations

from spacebeam.cli.status import Status


def test_the_numbers() -> None:
    assert {status.name: int(status) for status in Status} == {
        "DONE": 0,
        "FAILED": 1,
        "USAGE": 2,
        "CUT_SHORT": 3,
    }
