"""Payloads of other formats than JSON are read as trees too, however long they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from spacebeam.decode.decoder import Value
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.recording import Recording
from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from tests.support.waiting import eventually
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import child
from tests.ui.recordings import entry

_ORDER: Value = {"op": "new", "order": {"id": 7, "digest": b"\x00\xff"}}
_SOCKET_IO = "ws://localhost/socket.io/?EIO=4&transport=websocket"


@asynccontextmanager
async def inspecting(address: str = "ws://localhost/") -> AsyncIterator[Inspector]:
    recording = Recording()
    recording.set_fact("address", address)
    async with shown(Inspector()) as inspector:
        inspector.show_recording(recording)
        yield inspector


def tree_of(inspector: Inspector) -> TreePage:
    return TreePage(child(inspector, "_tree_view", JsonTreeView))


async def test_a_binary_format_is_a_tree() -> None:
    async with inspecting() as inspector:
        inspector.show_entry(entry(MessagePackDecoder().encode(_ORDER), Kind.BINARY))
        assert InspectorPage(inspector).chosen == "MessagePack"
        await eventually(lambda: any("AP8=" in row for row in tree_of(inspector).rows))
        asked = Heard(inspector, "filter-requested")
        tree = tree_of(inspector)
        place = next(at for at, row in enumerate(tree.rows) if "7" in row)
        tree.select(place)
        tree.do("filter")
        assert list(asked) == ["json:order.id=7"]


async def test_a_protocol_is_known_by_the_address() -> None:
    text = b'42["hello",{"id":7}]'
    async with inspecting(_SOCKET_IO) as inspector:
        inspector.show_entry(entry(text))
        page = InspectorPage(inspector)
        assert page.chosen == "Socket.IO"
        await eventually(lambda: any("EVENT" in row for row in tree_of(inspector).rows))
        page.choose("Text")
        await page.shows(text.decode())


async def test_a_long_payload_is_decoded_in_a_thread() -> None:
    rows: list[Value] = [{"number": one} for one in range(20_000)]
    payload = MessagePackDecoder().encode({"rows": rows})
    async with inspecting() as inspector:
        inspector.show_entry(entry(payload, Kind.BINARY, Direction.RECEIVED))
        page = InspectorPage(inspector)
        await eventually(lambda: any("rows" in row for row in tree_of(inspector).rows))
        page.toggle_tree()
        await eventually(lambda: '"number": 0' in page.text)
        inspector.show_entry(entry(b"short"))
        await page.shows("short")


async def test_a_broken_payload_is_shown_as_bytes() -> None:
    whole = MessagePackDecoder().encode(_ORDER)
    async with inspecting("ws://localhost/msgpack") as inspector:
        inspector.show_entry(entry(whole[:-1], Kind.BINARY))
        page = InspectorPage(inspector)
        assert page.chosen == "Hex"
        assert "MessagePack" not in page.offered
