"""Journeys start from a new account each time: no settings, nothing remembered."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_runtest_setup() -> None:
    if not os.environ.get("DISPLAY"):
        pytest.skip("there is no display")


@pytest.fixture(autouse=True)
def _new_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
