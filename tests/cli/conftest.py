"""One `spacebeam serve` for all tests of the terminal."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from tests.cli.program import interrupt, read_until, started


@pytest.fixture(scope="session")
def served() -> Iterator[str]:
    """Run `spacebeam serve`; yield its address."""
    with started("serve", stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        yield read_until(child.stdout.fileno(), b"\n").decode().strip()
        assert interrupt(child) == 0
