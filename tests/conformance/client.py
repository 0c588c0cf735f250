"""Spacebeam as the suite's client: runs every case as an echo client.

`python -m tests.conformance.client PORT` is a process of its own, as a program would be.
"""

from __future__ import annotations

import sys

from spacebeam.cli.loop import run
from spacebeam.net.connection import Connection
from spacebeam.protocol.batch import Batch, Direction
from spacebeam.protocol.endpoint import parse
from spacebeam.server.inbox import messages
from spacebeam.server.services import echo
from tests.conformance.autobahn import AGENT


async def ask(url: str) -> list[str | bytes]:
    """Return what the suite sends at an address."""
    said: list[str | bytes] = []

    def listen(batch: Batch) -> None:
        if batch.direction is Direction.RECEIVED:
            said.extend(messages(batch))

    connection = Connection(listen)
    await connection.open(parse(url))
    await connection.ended
    return said


async def converse(url: str) -> None:
    """Run one case."""
    connection = Connection()
    await connection.open(parse(url))
    await echo(connection)
    await connection.ended


async def main(port: int) -> None:
    suite = f"ws://127.0.0.1:{port}"
    (count,) = await ask(f"{suite}/getCaseCount")
    for case in range(1, int(count) + 1):
        await converse(f"{suite}/runCase?case={case}&agent={AGENT}")
    await ask(f"{suite}/updateReports?agent={AGENT}")


if __name__ == "__main__":
    run(main(int(sys.argv[1])))
