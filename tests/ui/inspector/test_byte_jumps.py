"""A value in the tree is shown in the hex dump, and a byte of the dump in the tree."""

from __future__ import annotations

import base64
import gzip
import json
from functools import partial

import pytest
from gi.repository import Gio, GLib, Gtk

from spacebeam.decode.bson import BsonDecoder
from spacebeam.decode.cbor import CborDecoder
from spacebeam.decode.decoder import Value
from spacebeam.decode.hex import HexRendering, width_for
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording
from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from spacebeam.ui.inspector.paged_text import PagedText
from tests.support.waiting import eventually
from tests.ui.doing import resize, shown
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import child
from tests.ui.recordings import entry

_VALUE: Value = {"type": "order", "order": {"id": 7, "name": "alphabetical", "all": [1, 2]}}


def marked_bytes(page: InspectorPage) -> bytes:
    """The marked digits of a hex dump, as bytes."""
    return bytes.fromhex(" ".join(page.coloured("selected-bytes")[::2]))


def text_range(payload: bytes, text: bytes) -> tuple[int, int]:
    """Where the whole groups of four digits are that Base64 has inside of a text."""
    begin = base64.b64decode(payload).index(text)
    return -(-begin // 3) * 4, (begin + len(text)) // 3 * 4


def tree_of(inspector: Inspector) -> TreePage:
    return TreePage(child(inspector, "_tree_view", JsonTreeView))


async def select(tree: TreePage, row: str) -> None:
    await eventually(lambda: row in tree.rows)
    tree.select(tree.rows.index(row))


@pytest.mark.parametrize(
    "shown_entry",
    [
        entry(json.dumps(_VALUE).encode()),
        entry(MessagePackDecoder().encode(_VALUE), Kind.BINARY),
        entry(CborDecoder().encode(_VALUE), Kind.BINARY),
        entry(BsonDecoder().encode(_VALUE), Kind.BINARY),
    ],
    ids=["json", "messagepack", "cbor", "bson"],
)
async def test_a_value_is_marked_in_both_halves_and_found_again(shown_entry: Entry) -> None:
    async with shown(Inspector()) as inspector:
        page, tree = InspectorPage(inspector), tree_of(inspector)
        inspector.show_entry(shown_entry)
        format_name = page.chosen
        await select(tree, 'name: "alphabetical"')
        tree.do("show-bytes")
        await eventually(lambda: page.chosen == "Hex")
        # It is on several lines, which are marked one after the other.
        await eventually(lambda: b"alphabetical" in marked_bytes(page))
        assert "alphabetical" in "".join(page.coloured("selected-bytes")[1::2])
        page.put_cursor(page.ranges("selected-bytes")[0][0])
        page.do("show-value")
        await eventually(lambda: tree.selected == 'name: "alphabetical"')
        assert page.chosen == format_name
        inspector.show_entry(shown_entry)  # the hex dump was not chosen
        assert page.chosen == format_name


async def test_what_is_selected_in_one_half_is_marked_in_the_other() -> None:
    async with shown(Inspector()) as inspector:
        page = InspectorPage(inspector)
        inspector.show_entry(entry(bytes(range(0x30, 0x60)), Kind.BINARY))
        await eventually(lambda: page.text.startswith("00000000"))
        lines = page.text.split("\n")
        text = lines[0].index("01234")
        page.select(text + 2, text + 5)
        await eventually(lambda: page.coloured("selected-bytes") == ["32 33 34", "234"])
        page.select(lines[0].index("3e"), len(lines[0]) + 1 + lines[1].index("42"))
        await eventually(lambda: page.coloured("selected-bytes") == ["3e 3f", ">?", "40 41", "@A"])
        page.select(0, 0)
        await eventually(lambda: page.coloured("selected-bytes") == [])


async def test_what_is_selected_before_the_page_is_coloured_is_marked() -> None:
    async with shown(PagedText()) as view:
        page, payload = InspectorPage(view), bytes(range(0x30, 0x60)) * 200
        width = width_for(view.columns)
        view.show_rendering(HexRendering(payload, width), len(payload), dump_width=width)
        await eventually(lambda: "01234" in page.text)
        assert len(page.ranges("offset")) < len(payload) // width
        text = page.text.index("01234")
        page.select(text + 2, text + 5)
        await eventually(lambda: page.coloured("selected-bytes") == ["32 33 34", "234"])


async def test_bytes_on_a_later_page_are_shown_there() -> None:
    document = json.dumps([{"number": one} for one in range(5000)]).encode()
    async with shown(Inspector()) as inspector:
        page, tree = InspectorPage(inspector), tree_of(inspector)
        inspector.show_entry(entry(document))
        await eventually(lambda: tree.count == 5001)
        page.find("4000")
        await eventually(lambda: "number: 4000" in tree.rows)
        tree.do("show-bytes")
        await eventually(lambda: "4000" in "".join(page.coloured("selected-bytes")))
        assert page.page > 1
        await eventually(lambda: page.sees(f"{document.index(b'4000') // 16 * 16:08x}"))
        page.do("show-value")
        await eventually(lambda: "number: 4000" in tree.rows)


async def test_bytes_at_the_break_of_a_page_are_shown() -> None:
    payload = bytes(40_000)
    async with shown(PagedText()) as view:
        page, seen = InspectorPage(view), set()
        for offset in range(13_552, 13_700, 16):
            rendering = HexRendering(payload)
            marked = (offset, offset + 1)
            view.show_rendering(
                rendering, len(payload), offset=offset, dump_width=16, marked=marked
            )
            await eventually(partial(_sees_marked, page, f"{offset:08x}"))
            seen.add(page.page)
        assert seen == {1, 2}


def _sees_marked(page: InspectorPage, offset: str) -> bool:
    places = page.ranges("selected-bytes")
    return bool(places) and page.text[places[0][0] - 10 : places[0][0] - 2] == offset


async def test_the_bytes_of_a_long_payload_are_found_in_a_thread() -> None:
    rows: list[Value] = [{"number": one} for one in range(20_000)]
    async with shown(Inspector()) as inspector:
        page, tree = InspectorPage(inspector), tree_of(inspector)
        inspector.show_entry(entry(MessagePackDecoder().encode({"rows": rows}), Kind.BINARY))
        page.find("19999")
        await eventually(lambda: "number: 19999" in tree.rows)
        tree.do("show-bytes")
        await eventually(lambda: marked_bytes(page) == b"\xcd\x4e\x1f")
        page.do("show-value")
        await eventually(lambda: "number: 19999" in tree.rows)


async def test_marked_bytes_stay_marked_on_lines_of_another_width() -> None:
    async with shown(Inspector(), 900, 400) as inspector:
        window = inspector.get_root()
        assert isinstance(window, Gtk.Window)
        page, tree = InspectorPage(inspector), tree_of(inspector)
        inspector.show_entry(entry(json.dumps(_VALUE).encode()))
        await select(tree, 'name: "alphabetical"')
        tree.do("show-bytes")
        await eventually(lambda: page.coloured("selected-bytes"))
        await resize(window, 420, 400, lambda: "\n00000008" in page.text)
        await eventually(lambda: "".join(page.coloured("selected-bytes")[1::2]) == '"alphabetical"')


async def test_a_value_of_a_protocol_over_json_is_marked() -> None:
    recording = Recording()
    recording.set_fact("address", "ws://localhost/socket.io/?EIO=4&transport=websocket")
    async with shown(Inspector()) as inspector:
        page, tree = InspectorPage(inspector), tree_of(inspector)
        inspector.show_recording(recording)
        inspector.show_entry(entry(b'42["hello",{"id":789}]'))
        await select(tree, "id: 789")
        tree.do("show-bytes")
        await eventually(lambda: "".join(page.coloured("selected-bytes")[1::2]) == "789")
        page.do("show-value")
        await eventually(lambda: tree.selected == "id: 789")


async def test_all_bytes_of_a_wrapper_are_marked_and_that_is_said() -> None:
    payload = gzip.compress(json.dumps(_VALUE).encode())
    heard: list[str] = []
    actions = Gio.SimpleActionGroup()
    notify = Gio.SimpleAction.new("notify", GLib.VariantType.new("s"))
    notify.connect("activate", lambda _action, words: heard.append(words.get_string()))
    actions.add_action(notify)
    async with shown(Inspector()) as inspector:
        inspector.insert_action_group("tab", actions)
        page, tree = InspectorPage(inspector), tree_of(inspector)
        inspector.show_entry(entry(payload, Kind.BINARY))
        await select(tree, 'name: "alphabetical"')
        tree.do("show-bytes")
        await eventually(lambda: marked_bytes(page) == payload)
        assert heard == [
            "This value has no bytes of its own: those of the whole message are marked"
        ]


async def test_the_digits_of_a_value_in_base64_are_marked_and_lead_back() -> None:
    payload = base64.b64encode(json.dumps(_VALUE).encode())
    async with shown(Inspector()) as inspector:
        page, tree = InspectorPage(inspector), tree_of(inspector)
        inspector.show_entry(entry(payload))
        await select(tree, 'name: "alphabetical"')
        tree.do("show-bytes")
        begin, end = text_range(payload, b"alphabetical")
        await eventually(lambda: payload[begin:end] in marked_bytes(page))
        page.do("show-value")
        await eventually(lambda: tree.selected == 'name: "alphabetical"')


async def test_a_format_without_byte_ranges_offers_no_jump() -> None:
    async with shown(Inspector()) as inspector:
        page, tree = InspectorPage(inspector), tree_of(inspector)
        inspector.show_entry(entry(b"name=ada&more=two+words"))
        page.choose(next(one for one in page.offered if one.startswith("Form")))
        await eventually(lambda: tree.rows)
        shown_as = page.chosen
        tree.select(1)
        tree.do("show-bytes")
        assert page.chosen == shown_as
        page.choose("Hex")
        await eventually(lambda: page.text.startswith("00000000"))
        page.do("show-value")
        assert page.chosen == "Hex"
