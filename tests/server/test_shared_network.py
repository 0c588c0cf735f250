"""The shared room and a real second computer, with its own addresses and a cable."""

from __future__ import annotations

import asyncio

from spacebeam.server.local_chat import LocalChat
from tests.support.other_computer import other_computer
from tests.support.processes import LOOPBACK, free_port
from tests.support.waiting import eventually


async def test_another_computer_joins_once_it_is_allowed_and_never_before() -> None:
    asked: list[str] = []
    allowing = asyncio.Event()

    async def ask(remote: str) -> bool:
        asked.append(remote)
        await allowing.wait()
        return True

    chat = LocalChat(free_port())
    chat.address()
    try:
        with other_computer() as other:
            address = chat.url.replace(LOOPBACK, other.here)
            refused = other.start("connect", address)
            assert await asyncio.to_thread(refused.wait, 30) == 1
            assert refused.stderr is not None
            assert "Connection refused" in refused.stderr.read()

            chat.share(ask)
            url = next(one for one in chat.shared_urls if f"//{other.here}:" in one)
            joining = other.start("connect", f"{url}?name=Ada", "--expect", "2")
            await eventually(lambda: asked == [other.there])
            assert joining.poll() is None
            allowing.set()
            output, _errors = await asyncio.to_thread(joining.communicate, timeout=30)
            assert '"waiting"' in output.splitlines()[0]
            assert '"name":"Ada"' in output.splitlines()[1]
    finally:
        await chat.stop()
