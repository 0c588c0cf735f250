"""The subprotocol that the server agrees on, with sockets, Node's `ws` and a browser."""

from __future__ import annotations

import asyncio

import pytest

from tests.server.test_server import answer
from tests.support.browser import SITE, told_by_page
from tests.support.node_peer import node_client
from tests.support.serving import request, serving


@pytest.mark.parametrize(
    ("offers", "accepted", "served"),
    [
        ((), (), None),
        (("",), (), None),
        (("chat.v1",), (), "chat.v1"),
        (("chat.v2, chat.v1",), (), "chat.v2"),
        (("chat.v2", "chat.v1"), (), "chat.v2"),
        (("no good, chat.v1",), (), "chat.v1"),
        (("a\tb, \x1b,,\t chat.v1 ",), (), "chat.v1"),
        (("chat.v2, chat.v1",), ("chat.v1", "chat.v3"), "chat.v1"),
        (("CHAT.V1",), ("chat.v1",), None),
        (("chat.v2",), ("chat.v1",), None),
        ((), ("chat.v1",), None),
    ],
)
async def test_the_first_subprotocol_that_is_offered_and_accepted_is_agreed(
    offers: tuple[str, ...], accepted: tuple[str, ...], served: str | None
) -> None:
    lines = [f"Sec-WebSocket-Protocol: {offer}" for offer in offers]
    async with serving(subprotocols=accepted) as server:
        head = await answer(server, request("/echo", *lines))
    assert head.startswith("HTTP/1.1 101 ")
    found = [line for line in head.split("\r\n") if line.startswith("Sec-WebSocket-Protocol")]
    assert found == ([] if served is None else [f"Sec-WebSocket-Protocol: {served}"])


async def _node(url: str, *subprotocols: str) -> str:
    return await asyncio.to_thread(node_client, f"{url}/echo", *subprotocols)


async def test_a_client_of_node_gets_its_subprotocol() -> None:
    async with serving() as server:
        assert await _node(server.url) == " hi"
        assert await _node(server.url, "chat.v2", "chat.v1") == "chat.v2 hi"
    async with serving(subprotocols=["chat.v1"]) as server:
        assert await _node(server.url, "chat.v2", "chat.v1") == "chat.v1 hi"
        assert await _node(server.url, "chat.v2") == "Server sent no subprotocol"


def _script(url: str) -> str:
    return f"""
        const peer = new WebSocket("{url}/echo", ["chat.v2", "chat.v1"]);
        peer.onopen = () => peer.send("hi");
        peer.onmessage = event => tell(peer.protocol + " " + event.data);
        peer.onclose = event => tell(event.code);
    """


async def test_a_browser_gets_its_subprotocol() -> None:
    async with serving() as server:
        told = await asyncio.to_thread(told_by_page, _script(server.url))
    assert told == "chat.v2 hi"


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [((), "1006"), ((f"http://{SITE}",), "1006"), (("*",), "chat.v2 hi")],
)
async def test_a_page_of_another_site_connects_only_if_its_origin_is_allowed(
    allowed: tuple[str, ...], expected: str
) -> None:
    async with serving(origins=allowed) as server:
        told = await asyncio.to_thread(told_by_page, _script(server.url), SITE)
    assert told == expected
