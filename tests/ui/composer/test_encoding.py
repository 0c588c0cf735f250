"""A JSON value goes out in another format, with its bytes shown before."""

from __future__ import annotations

from pathlib import Path

from gi.repository import GLib

from spacebeam.profiles.collection import Variable
from spacebeam.profiles.profile import Profile, SchemaFiles
from spacebeam.ui.composer.draft import PayloadFormat
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import application
from tests.ui.pageobjects.sidebar import sidebar_of
from tests.ui.pageobjects.tab import TabPage, opened_tab
from tests.ui.pageobjects.window import opened_window, windows_of
from tests.ui.sidebar.conftest import Saved, library

__all__ = ["library"]  # a fixture

WIRE = Path(__file__).parents[2] / "decode" / "wire"
PACKED = bytes.fromhex("82a26f70a3627579a2696407")
ORDER = '{"op": "buy", "id": 7}'
PREVIEW = "MessagePack, 12 bytes: 82 a2 6f 70 a3 62 75 79 a2 69 64 07"


def choose(tab: TabPage, name: str) -> None:
    """Choose a format in the composer's menu."""
    tab.composer.widget.activate_action("encoding.as", GLib.Variant("s", name))


async def test_the_bytes_are_shown_and_sent_as_a_binary_message() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            choose(tab, "MessagePack")
            assert tab.composer.widget.form is PayloadFormat.JSON
            tab.composer.type_message(ORDER)
            await eventually(lambda: tab.says(PREVIEW))
            tab.composer.press_enter()
            await eventually(lambda: peer.messages == [PACKED])
            choose(tab, "")
            tab.composer.say(ORDER)
            await eventually(lambda: peer.messages == [PACKED, ORDER])


async def test_a_value_that_has_no_place_in_the_format_is_said_and_stays() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            choose(tab, "BSON")
            tab.composer.type_message("[7]")
            await eventually(lambda: tab.says("BSON: a BSON document is an object."))
            tab.composer.press_enter()
            assert tab.composer.typed == "[7]"
            tab.composer.type_message('{"a": ')
            tab.composer.press_enter()
            assert any(one.startswith("Line 1, column 7: BSON: Expecting") for one in tab.words)
            assert peer.messages == []


async def test_a_long_text_is_encoded_beside_the_window() -> None:
    async with opened_tab() as tab:
        with listener() as peer:
            await tab.connect(peer.url)
            choose(tab, "CBOR")
            tab.composer.type_message(f'["{"a" * 5000}"]')
            await eventually(
                lambda: any(one.startswith("CBOR, 5,004 bytes: 81") for one in tab.words)
            )


async def test_protobuf_has_the_type_that_the_schema_says() -> None:
    with listener() as peer:
        files = SchemaFiles(str(WIRE / "feed.desc"), ("sent:feed.v1.Request",))
        async with opened_tab() as tab:
            tab.connect_with(peer.url, Profile(schemas=files))
            await eventually(lambda: tab.is_connected)
            choose(tab, "Protobuf")
            tab.composer.type_message('{"id": 7, "subscribe": {"all": true}}')
            await eventually(lambda: tab.says("Protobuf, 6 bytes: 08 07 12 02 10 01"))
            tab.composer.type_message('{"order": 7}')
            wrong = "Protobuf: feed.v1.Request has no field “order”."
            await eventually(lambda: tab.says(wrong))


async def test_variables_are_replaced_before(library: Saved) -> None:
    with listener() as peer:
        library.add("Feed", peer.url, variables=(Variable("id", "7"),))
        async with opened_window() as window:
            sidebar = await sidebar_of(window)
            await sidebar.shows("Feed")
            sidebar.activate("Feed")
            tab = window.tab
            await eventually(lambda: tab.is_connected)
            choose(tab, "MessagePack")
            tab.composer.say('{"op": "buy", "id": {{id}}}')
            await eventually(lambda: peer.messages == [PACKED])
            tab.composer.say('{"op": "{{nobody}}", "id": {{id}}}')
            assert tab.says("The variable “nobody” has no value.")
            assert peer.messages == [PACKED]


async def test_a_known_binary_message_is_edited_as_json() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(f"{peer.url}msgpack")
            tab.composer.type_message(PACKED.hex(), PayloadFormat.HEX)
            tab.composer.press_enter()
            await eventually(lambda: peer.messages == [PACKED])
            await tab.timeline.at_rest()
            await tab.session_page.select(len(tab.recording) - 1)
            tab.do("tab.edit-and-resend")
            assert tab.composer.typed == '{"op":"buy","id":7}'
            await eventually(lambda: tab.says(PREVIEW))
            tab.composer.press_enter()
            await eventually(lambda: peer.messages == [PACKED, PACKED])


async def test_the_format_of_a_draft_comes_back_after_a_restart() -> None:
    with listener() as peer:
        async with application() as program:
            program.activate()
            await eventually(lambda: windows_of(program))
            tab = await windows_of(program)[0].connect(peer.url)
            choose(tab, "MessagePack")
            tab.composer.type_message(ORDER)
        async with application() as program:
            program.activate()
            await eventually(lambda: windows_of(program))
            tab = windows_of(program)[0].tab
            await eventually(lambda: tab.is_conversation)
            await eventually(lambda: tab.says(PREVIEW))


async def test_a_draft_is_encoded_even_while_its_tab_closes() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            choose(tab, "MessagePack")
            tab.composer.type_message(ORDER)
            composer = tab.composer.widget
        assert composer.encoding.message(PayloadFormat.JSON, ORDER) == PACKED
