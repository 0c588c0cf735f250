"""The decoders and schemas of a conversation are chosen in the window, and come back."""

from __future__ import annotations

import json
from pathlib import Path

from spacebeam.decode.protobuf.messages import MessageWriter
from spacebeam.decode.protobuf.schema import ProtobufSchema
from spacebeam.decode.visible import one_line
from spacebeam.library.settings import default_path, load
from spacebeam.profiles.profile import Profile, SchemaFiles
from spacebeam.protocol.batch import Kind
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.decoding.decoding_window import DecodingWindow
from spacebeam.ui.timeline.timeline_row import TimelineRow
from tests.library.files import write_recording
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.connections.test_variables import tab_with_environment
from tests.ui.doing import application, descendants, words
from tests.ui.pageobjects.form import FormPage
from tests.ui.pageobjects.sidebar import saved_of, sidebar_of
from tests.ui.pageobjects.tab import TabPage, opened_tab
from tests.ui.pageobjects.window import opened_window, windows_of
from tests.ui.sidebar.conftest import Saved, library

__all__ = ["library"]  # a fixture

WIRE = Path(__file__).parents[2] / "decode" / "wire"
PROTO, DESC = WIRE / "feed.proto", WIRE / "feed.desc"
SCHEMA = ProtobufSchema(DESC.read_bytes())
QUOTE = MessageWriter(SCHEMA).written(
    SCHEMA.messages["feed.v1.Envelope"], {"seq": 41, "quote": {"symbol": "BTC-EUR", "bid": 9.5}}
)
TITLE = "Schema (.proto or descriptor set)"
TYPES = "Message types, separated by commas"


def rows(tab: TabPage) -> str:
    """All that the rows of the timeline say."""
    every = descendants(tab.timeline.widget, TimelineRow)
    return "\n".join(word for row in every if row.get_mapped() for word in words(row))


async def decoding(tab: TabPage) -> FormPage[DecodingWindow]:
    """Open the window about decoding."""
    return FormPage(await tab.open_dialog("tab.decoding", DecodingWindow))


async def send(tab: TabPage, payload: bytes) -> None:
    tab.composer.type_message(payload.hex(" "), PayloadFormat.HEX)
    tab.composer.press_enter()
    await eventually(lambda: bytes(tab.recording.entry(len(tab.recording) - 1).payload) == payload)


async def test_a_proto_file_and_a_type_are_chosen_and_everything_reads_by_them() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            await send(tab, QUOTE)
            await tab.timeline.at_rest()
            tab.timeline.select_number(len(tab.recording) - 1)
            assert "BTC-EUR" in rows(tab)
            assert "quote" not in rows(tab)
            page = await decoding(tab)
            page.type_in(TITLE, str(PROTO))
            await eventually(lambda: page.shows("Sent messages") == [True])
            page.choose("Sent messages", "feed.v1.Envelope")
            assert page.entry(TYPES).get_text() == "sent:feed.v1.Envelope"
            page.widget.close()
            await eventually(lambda: '"quote"' in rows(tab))
            inspector = tab.session_page.inspector
            await eventually(lambda: inspector.chosen == "Protobuf")
            assert "quote" in " ".join(inspector.words)
            tab.session_page.filter.type_filter("json:quote.symbol=BTC-EUR")
            await tab.timeline.at_rest()
            assert tab.timeline.numbers == [len(tab.recording) - 1]
            # The address has it the next time, also in the file of the settings.
            profile = tab.widget.conversation.connecting.profile_of(peer.url)
            assert profile.schemas == SchemaFiles(str(PROTO), ("sent:feed.v1.Envelope",))
            await eventually(
                lambda: load(default_path()).profiles.get(peer.url, Profile()) == profile
            )


async def test_values_of_variables_are_not_remembered_with_the_choice(library: Saved) -> None:
    with listener() as peer:
        library.add_environment("Staging", base=peer.url)
        library.add("Feed", "{{base}}")
        async with opened_window() as window:
            tab = await tab_with_environment(window, "Staging", is_saved=False)
            tab.connect_page.submit("{{base}}")
            await eventually(lambda: tab.is_connected)
            page = await decoding(tab)
            page.type_in(TITLE, str(PROTO))
            await eventually(lambda: page.shows("Sent messages") == [True])
            page.widget.close()
            files = tab.widget.conversation.connecting.profile_of("{{base}}").schemas
            assert files.protobuf == str(PROTO)
            assert tab.connect_page.recent == {}
            assert load(default_path()).profiles == {}


async def test_a_wrong_file_is_said_with_its_line(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.proto"
    wrong.write_text('syntax = "proto3";\nmessage Order {\n  uint64 id;\n}\n')
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            page = await decoding(tab)
            page.type_in(TITLE, str(wrong))
            await eventually(lambda: any("wrong.proto:3:" in one for one in page.words))
            page.type_in(TITLE, "/missing.proto")
            missing = "Could not read the file: No such file or directory."
            await eventually(lambda: missing in page.words)
            page.type_in(TITLE, "")
            await eventually(lambda: missing not in page.words)
            page.widget.close()


async def test_the_choice_is_kept_with_the_saved_connection(library: Saved) -> None:
    (library.root / "feed.desc").write_bytes(DESC.read_bytes())
    with listener() as peer:
        file = library.add(
            "Feed", peer.url, profile=Profile(schemas=SchemaFiles("feed.desc", ("feed.v1.Quote",)))
        )
        async with opened_window() as window:
            sidebar = await sidebar_of(window)
            await sidebar.shows("Feed")
            sidebar.click("Feed")
            tab = window.tab
            tab.connect_page.entry.emit("activate")
            await eventually(lambda: tab.is_connected)
            page = await decoding(tab)
            assert page.entry(TITLE).get_text() == "feed.desc"
            await eventually(lambda: page.shows("Received messages") == [True])
            assert "feed.v1.Quote" in page.words
            page.type_in(TYPES, "feed.v1.Envelope")
            page.choose("Binary messages", "Protobuf")
            page.widget.close()
            await send(tab, QUOTE)
            await eventually(lambda: '"quote"' in rows(tab))
            window.do("win.save-connection")
            await eventually(lambda: "feed.v1.Envelope" in file.read_text())
            saved = library.folder.connection("Feed.yml")
            assert saved.profile.schemas == SchemaFiles("feed.desc", ("feed.v1.Envelope",))
            assert saved.binary_decoder == "Protobuf"
            assert saved_of(tab).name == "Feed"


async def test_an_opened_recording_is_read_by_it_and_after_a_restart_too(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.beam", QUOTE, address="ws://feed.test/")
    async with application() as program:
        program.activate()
        await eventually(lambda: windows_of(program))
        window = windows_of(program)[0]
        await window.tab.widget.open_recording(path)
        tab = window.tab
        page = await decoding(tab)
        page.type_in(TITLE, str(DESC))
        page.type_in(TYPES, "feed.v1.Envelope")
        page.widget.close()
        await eventually(lambda: '"quote"' in rows(tab))
        tab.session_page.widget.inspector.choose_decoder(Kind.TEXT, "Hex")
    async with application() as program:
        program.activate()
        await eventually(lambda: windows_of(program))
        tab = windows_of(program)[0].tab
        await eventually(lambda: tab.is_conversation)
        await eventually(lambda: '"quote"' in rows(tab))
        assert tab.session_page.widget.inspector.decoder_of(Kind.TEXT) == "Hex"


async def test_an_opened_recording_is_read_by_the_connection_saved_for_its_address(
    library: Saved, tmp_path: Path
) -> None:
    profile = Profile(schemas=SchemaFiles("feed.desc", ("feed.v1.Envelope",)))
    (library.root / "feed.desc").write_bytes(DESC.read_bytes())
    library.add("Feed", "ws://{{host}}/v1", profile=profile, decoder="Hex")
    library.add_environment("Test", host="feed.test")
    path = write_recording(tmp_path / "a.beam", QUOTE, address="ws://feed.test/v1")
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Feed")
        await window.tab.widget.open_recording(path)
        await eventually(lambda: '"quote"' in rows(window.tab))
        inspector = window.tab.session_page.widget.inspector
        await eventually(lambda: inspector.decoder_of(Kind.TEXT) == "Hex")


async def test_as_text_is_one_key_away_and_back() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.composer.say(json.dumps({"a": "b"}))
            await eventually(lambda: len(tab.recording) > 1)
            await tab.timeline.at_rest()
            await tab.session_page.select(len(tab.recording) - 1)
            inspector = tab.session_page.inspector
            assert inspector.chosen == "JSON"
            tab.do("tab.as-text")
            assert inspector.chosen == "Text"
            assert one_line('{"a": "b"}') in rows(tab)
            tab.do("tab.as-text")
            assert inspector.chosen == "JSON"
