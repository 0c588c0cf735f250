"""A child process whose clock can be set, by libfaketime."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


class SetClock:
    """The time of day of child processes that are started with `environment`."""

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr").glob("lib*/**/faketime/libfaketimeMT.so.1"))
        if not found:
            pytest.skip("libfaketime is not installed")
        self._file = folder / "clock"
        self.shift(0)
        self.environment = os.environ | {
            "LD_PRELOAD": str(found[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def shift(self, seconds: int) -> None:
        """Set the clock to so many seconds after the true time."""
        fresh = self._file.with_suffix(".new")
        fresh.write_text(f"{seconds:+d}s\n")
        fresh.replace(self._file)
