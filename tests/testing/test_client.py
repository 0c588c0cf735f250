"""`spacebeam.connect` in tests: on any loop of asyncio, and with pytest's plugin."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import spacebeam
from spacebeam.testing import NotMetError
from tests.scenario.feed import feed
from tests.support.loop import run


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with feed() as address:
        yield f"ws://{address}/feed"


async def talk(url: str) -> None:
    async with spacebeam.connect(url, headers={"X-A": "1"}) as ws:
        welcome = await ws.receive()
        assert welcome.json() == {"type": "welcome", "path": "/feed"}
        await ws.send({"op": "sub", "id": 7, "ticks": 2})
        reply = await ws.expect("json:id=7", within=5)
        assert (reply.number, reply.json()["token"]) == (4, "t-7")
        await ws.send(b"12345")
        assert (await ws.expect_next("json:size=5")).json()["size"] == 5
        await ws.send({"op": "bytes"})
        assert (await ws.expect("is:binary")).data == b"\0\1\2"
        await ws.ping(b"beat")
        await ws.expect("is:pong beat")
        await ws.expect_none("json:type=error", within=0.05)
        await ws.send({"op": "close", "code": 4001})
        await ws.expect_close(4001)
        assert ws.close_reason is not None
        with pytest.raises(ConnectionError, match="has ended"):
            await ws.send("late")


def test_it_runs_on_the_loop_of_spacebeam(url: str) -> None:
    run(talk(url))


EXAMPLE = """
import pytest
import spacebeam

@pytest.fixture
def url():
    return {url!r}

async def test_an_order_is_confirmed(url):
    async with spacebeam.connect(url) as ws:
        await ws.send({{"op": "sub", "id": 7}})
        reply = await ws.expect("json:id=7", within=10)
        assert reply.json()["type"] == "subscribed"

async def test_what_came_instead_is_told(url):
    async with spacebeam.connect(url) as ws:
        await ws.send({{"op": "sub", "id": 6}})
        await ws.send({{"op": "close", "code": 1000}})
        await ws.expect("json:type=subscribed json:id=7", within=10)
"""


def test_with_pytest_it_needs_no_other_plugin(url: str, tmp_path: Path) -> None:
    (tmp_path / "test_order.py").write_text(EXAMPLE.format(url=url))
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    words += ["-p", "spacebeam.testing.plugin", str(tmp_path)]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        words, cwd=tmp_path, env=alone, capture_output=True, text=True, timeout=60
    )
    assert "1 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert "NotMetError: expect json:type=subscribed json:id=7" in done.stdout
    assert "json:id=7: it is 6" in done.stdout


def test_it_runs_beside_a_loop_of_asyncio(url: str) -> None:
    code = f"import asyncio; from tests.testing.test_client import talk; asyncio.run(talk({url!r}))"
    folder = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_what_did_not_come_is_told_with_what_came(url: str) -> None:
    async def wait() -> None:
        async with spacebeam.connect(url) as ws:
            with pytest.raises(NotMetError) as caught:
                await ws.expect_next("json:type=bye")
            assert 'json:type=bye: it is "welcome"' in str(caught.value)

    run(wait())


@pytest.mark.parametrize(
    ("address", "error"),
    [("ws://127.0.0.1:1/", ConnectionError), ("ws://a b/", ValueError), ("", ValueError)],
)
def test_a_connection_that_cannot_be_made_is_an_error(address: str, error: type[Exception]) -> None:
    async def wait() -> None:
        async with spacebeam.connect(address):
            pass

    with pytest.raises(error):
        run(wait())
