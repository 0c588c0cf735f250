"""`spacebeam mcp`, used by the client of the library `mcp`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession, StdioServerParameters, stdio_client

from tests.scenario.feed import feed

Use = Callable[[ClientSession], Awaitable[None]]


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with feed() as address:
        yield address


@asynccontextmanager
async def assistant(folder: Path, *arguments: str) -> AsyncIterator[ClientSession]:
    words = ["-m", "spacebeam", "mcp", "--recordings", str(folder), *arguments]
    server = StdioServerParameters(command=sys.executable, args=words)
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        yield session


def used(use: Use, folder: Path, *arguments: str) -> None:
    async def main() -> None:
        async with asyncio.timeout(60), assistant(folder, *arguments) as session:
            await use(session)

    asyncio.run(main())


async def call(session: ClientSession, tool: str, /, **arguments: Any) -> Any:
    """Return what a tool returned."""
    result: Any = await session.call_tool(tool, arguments)
    assert not result.is_error, result.content
    structured = result.structured_content
    return structured.get("result", structured)


async def refused(session: ClientSession, tool: str, /, **arguments: Any) -> str:
    """Return why a tool did nothing."""
    result: Any = await session.call_tool(tool, arguments)
    assert result.is_error
    return str(result.content[0].text)


def test_an_assistant_talks_to_an_allowed_server_and_reads_the_recording(
    host: str, tmp_path: Path
) -> None:
    async def use(session: ClientSession) -> None:
        opened = await call(session, "connect", url=f"ws://{host}/feed?token=very-secret")
        assert "very-secret" not in str(opened)
        number = opened["connection"]
        await call(session, "send", connection=number, json={"op": "sub", "id": 7, "ticks": 2})
        told = await call(session, "expect", connection=number, filter="json:id=7", within=20)
        assert told["text"] == '{"type": "subscribed", "id": 7, "token": "t-7"}'
        await call(session, "send", connection=number, base64="AAEC")
        page = await call(session, "receive", connection=number, within=20)
        assert [one["text"] for one in page["messages"]] == ['{"type": "size", "size": 3}']
        words = await refused(session, "expect", connection=number, filter="json:id=8", within=0.1)
        assert "No message came within 100 ms." in words
        closed = await call(session, "close", connection=number)
        assert (closed["state"], closed["recording"]) == ("closed", opened["recording"])
        assert [one["state"] for one in await call(session, "list_connections")] == ["closed"]

        (recording,) = await call(session, "list_recordings")
        assert recording["name"] == opened["recording"]
        assert "very-secret" not in str(recording)
        first = await call(
            session, "read_recording", name=recording["name"], filter="json:type=tick", count=1
        )
        assert [one["text"] for one in first["messages"]] == ['{"type": "tick", "count": 0}']
        rest = await call(
            session,
            "read_recording",
            name=recording["name"],
            filter="json:type=tick",
            first=first["next_first"],
        )
        assert [one["text"] for one in rest["messages"]] == ['{"type": "tick", "count": 1}']
        assert rest["next_first"] is None

    used(use, tmp_path)


def test_what_is_not_allowed_is_refused_in_words(host: str, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "in").mkdir()

    async def use(session: ClientSession) -> None:
        words = await refused(session, "connect", url="wss://feed.example/")
        assert "spacebeam mcp --allow feed.example" in words
        assert "There is no connection 9." in await refused(session, "send", connection=9, text="a")
        opened = await call(session, "connect", url=f"ws://{host}/")
        assert opened["recording"] == ""
        both = await refused(session, "send", connection=1, text="a", base64="AA==")
        assert "Give one of text, json and base64." in both
        for name in ("../outside/a.beam", "/etc/passwd", "none.beam"):
            await refused(session, "read_recording", name=name)
        assert await call(session, "list_recordings") == []

    used(use, tmp_path / "in", "--no-record")


def test_the_tools_are_described(tmp_path: Path) -> None:
    async def use(session: ClientSession) -> None:
        tools = (await session.list_tools()).tools
        assert {one.name for one in tools} == {
            "connect",
            "send",
            "expect",
            "receive",
            "close",
            "list_connections",
            "list_recordings",
            "read_recording",
        }
        assert [one.name for one in tools if not (one.description and one.output_schema)] == []

    used(use, tmp_path)
