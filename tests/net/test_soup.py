"""The version of libsoup, and modules that must not load it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from spacebeam.net.soup import Soup


def test_the_soup_namespace_has_version_3() -> None:
    assert Soup.get_major_version() == 3


@pytest.mark.parametrize("module", ["spacebeam.recording.opening", "spacebeam.exchange.json_lines"])
def test_reading_recordings_loads_neither_libsoup_nor_glib(module: str) -> None:
    code = f"import sys, {module}; print('gi' in sys.modules)"
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert finished.stdout == b"False\n"
