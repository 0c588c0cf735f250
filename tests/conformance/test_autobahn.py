"""The fast part of the suite, in both roles: no case fails or is non-strict."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.conformance import autobahn
from tests.support.processes import free_port

CASES = 247  # of sections 1 to 8 and 10


@pytest.fixture(scope="module", autouse=True)
def _suite() -> None:
    try:
        autobahn.install()
    except autobahn.UnavailableError as error:
        pytest.skip(str(error))


@pytest.fixture
def echo() -> Iterator[str]:
    command = [sys.executable, "-m", "spacebeam", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"{server.stdout.readline().strip()}/echo"
        server.terminate()


@pytest.mark.timeout(300)
def test_as_a_client_every_case_is_strict() -> None:
    verdicts = autobahn.as_client(free_port(), autobahn.FAST)
    assert [verdict for verdict in verdicts if not verdict.is_strict] == []
    assert len(verdicts) == CASES


@pytest.mark.timeout(300)
def test_as_a_server_every_case_is_strict(echo: str) -> None:
    verdicts = autobahn.as_server(echo, autobahn.FAST)
    assert [verdict for verdict in verdicts if not verdict.is_strict] == []
    assert len(verdicts) == CASES
