"""A tab's recording: saved to a file, private, paused, not writable, or opened from a file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from gi.repository import Gio

from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile
from spacebeam.session import recorder
from spacebeam.ui.recordings import save_as
from tests.library.files import another_program_writes, write_recording
from tests.support.feed import feed_server
from tests.support.floods import BlockedFolder, flood_server
from tests.support.listener import listener
from tests.support.recorder import logged
from tests.support.recordings import read, store_of
from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.pageobjects.tab import TabPage, opened_tab
from tests.ui.pageobjects.window import opened_window
from tests.ui.timeline.lists import said

PROJECT = Path(__file__).parents[3]


async def connected(tab: TabPage, address: str, settings: Profile | None = None) -> None:
    tab.connect_with(address, settings)
    await eventually(lambda: tab.is_conversation and tab.state is not ConnectionState.CONNECTING)


def notice(tab: TabPage) -> str:
    """Return the notice about the recording's storage, or ""."""
    return tab.session_page.storage_notice.text


def is_paused(tab: TabPage) -> bool:
    is_on = tab.is_on("tab.pause")
    assert is_on is tab.timeline.widget.is_paused
    return is_on


async def test_a_private_conversation_says_so_and_discards_old_entries(
    monkeypatch: pytest.MonkeyPatch, settings_path: Path
) -> None:
    monkeypatch.setattr(recorder, "PRIVATE_BYTES", 2**20)
    async with opened_tab() as tab:
        with flood_server(50_000) as flood:
            await connected(tab, flood.url, Profile(record=False))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            assert notice(tab).startswith("Private: nothing of this is written to the disk.")
            assert "The newest 1.0 MiB" in notice(tab)
            await tab.timeline.at_rest()
            gone = tab.recording.first_number
            assert gone > 10_000
            assert tab.timeline.model.number(0) == gone
            assert f"· {gone:,} discarded" in tab.session_page.count
    assert not list(settings_path.parents[2].rglob("*.beam"))


async def test_the_selected_entry_can_be_discarded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "PRIVATE_BYTES", 2_000_000)
    async with serving() as url, opened_tab() as tab:
        await connected(tab, f"{url}/echo", Profile(record=False))
        page, session = tab.session_page, tab.session
        await session.session.send("x" * 600_000)
        await eventually(lambda: len(tab.recording) == 3)
        await tab.timeline.at_rest()
        await page.select(1)
        await eventually(lambda: page.offers("Show all"))
        for _time in range(3):
            tab.recording.append(said("x" * 600_000))
        assert tab.recording.first_number > 1
        # No frame was drawn since, so the entry is still in the list.
        page.press("Show all")
        assert tab.timeline.selected == 1
        assert page.widget.selected_entry() is None
        await page.widget.copy_selected()
        await eventually(lambda: "This entry has been discarded." in page.inspector.text)
        await session.session.send("y")
        await tab.timeline.at_rest()
        assert tab.timeline.selected == -1
        assert not page.widget.inspector.get_visible()


async def test_an_unwritable_folder_is_explained_and_try_again_resumes_recording(
    tmp_path: Path,
) -> None:
    blocked_folder = BlockedFolder(tmp_path / "data")
    with flood_server(150_000) as flood:
        async with opened_tab() as tab:
            await connected(tab, flood.url)
            await eventually(lambda: notice(tab).startswith("Nothing can be written in "))
            assert "Allow writing there" in notice(tab)
            blocked_folder.unblock()
            tab.press("Try Again")
            await eventually(lambda: not notice(tab), within=60)
            await eventually(lambda: tab.state is ConnectionState.CLOSED, within=60)
            assert tab.recording.size > 150_000 * 120


async def test_a_recording_without_title_and_address_is_named_after_its_file(
    tmp_path: Path,
) -> None:
    async with opened_tab() as tab:
        assert tab.title == "New Connection"
        await tab.widget.open_recording(
            write_recording(tmp_path / "the crash.beam", "one", address="")
        )
        assert tab.title == "the crash"
        assert "the crash" in tab.header.words


async def test_a_saved_copy_is_confirmed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "<b>&.beam"

    async def chosen(*_about: object) -> Gio.File:
        return Gio.File.new_for_path(str(target))

    monkeypatch.setattr(save_as, "choose_target", chosen)
    async with opened_tab() as tab:
        await tab.widget.open_recording(write_recording(tmp_path / "a.beam", "one"))
        tab.do("tab.save-as")
        await eventually(lambda: "Saved as “<b>&.beam”" in tab.words)
        assert len(read(target)) == 1


async def test_a_file_name_that_is_not_utf_8_is_shown_and_saved_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "b\udcff.beam"

    async def chosen(*_about: object) -> Gio.File:
        return Gio.File.new_for_path(str(target))

    monkeypatch.setattr(save_as, "choose_target", chosen)
    async with opened_tab() as tab:
        await tab.widget.open_recording(write_recording(tmp_path / "caf\udce9.beam", "one"))
        assert tab.title == "caf\ufffd"
        tab.do("tab.save-as")
        await eventually(lambda: "Saved as “b\ufffd.beam”" in tab.words)
        assert len(read(target)) == 1


async def test_a_pause_ends_with_the_next_recording() -> None:
    with listener() as first, listener() as second:
        async with opened_tab() as tab:
            await connected(tab, first.url)
            tab.press("Hold back new entries; they are still recorded (Ctrl+P)")
            assert is_paused(tab)
            await tab.session.session.send("one")
            await tab.timeline.at_rest()
            assert tab.session_page.count == "2 entries, 3 B"
            tab.do("tab.pause")
            assert not is_paused(tab)
            await tab.timeline.at_rest()
            assert tab.session_page.count == "2 entries, 3 B"
            tab.do("tab.pause")
            await tab.session.connect_to(second.url)
            assert not is_paused(tab)
            await tab.timeline.at_rest()
            assert tab.timeline.numbers == [0]


async def test_clearing_one_recording_does_not_affect_another() -> None:
    with listener() as first, listener() as second:
        async with opened_tab() as tab:
            await connected(tab, first.url)
            undo = tab.session.clear()
            await tab.session.connect_to(second.url)
            tab.session.clear()
            undo()
            assert tab.session.shown_from == len(tab.recording)


# Opened from a file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "a.beam", "one", "two", address="ws://host.test/feed")


async def test_an_opened_recording_is_shown_with_its_address(path: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(path)
        assert tab.is_conversation
        await tab.timeline.at_rest()
        assert {"one", "two"} <= set(tab.words)
        assert tab.header.words[:2] == ["host.test/feed", "Recording"]
        assert notice(tab) == ""
        assert tab.session_page.count == "2 entries, 6 B"
        assert tab.state is ConnectionState.CLOSED


async def test_markup_and_control_characters_in_a_recording_are_shown_as_text(
    tmp_path: Path,
) -> None:
    for address in ("ws://host.test/<b>\n\x1b[31m", "no address\n", "x" * 100_000, ""):
        path = write_recording(tmp_path / "x.beam", "<b>&\x1b[31m", address=address, title="<i>\n")
        async with opened_tab() as tab:
            await tab.widget.open_recording(path)
            await tab.timeline.at_rest()
            assert "<b>&␛[31m" in tab.words
            assert not any("\x1b" in seen or "\n" in seen for seen in tab.words)
        path.unlink()


async def test_a_recording_whose_program_was_killed_says_that_it_was_not_closed(
    tmp_path: Path,
) -> None:
    path, log = tmp_path / "a.beam", tmp_path / "log"
    with feed_server(rate=100) as address:
        command = [sys.executable, "-m", "tests.support.recorder", address, str(path), str(log)]
        child = subprocess.Popen(command, cwd=PROJECT)
        try:
            await eventually(lambda: logged(log) > 60)
        finally:
            child.kill()
            child.wait()
    async with opened_tab() as tab:
        await tab.widget.open_recording(path)
        await tab.timeline.at_rest()
        assert notice(tab).startswith("This recording was not closed properly: ")
        assert tab.timeline.length > 1
    assert "ended" not in read(path).facts  # it is not said to be whole because it was looked at


async def test_a_recording_that_is_still_written_says_so(path: Path) -> None:
    with another_program_writes(path):
        async with opened_tab() as tab:
            await tab.widget.open_recording(path)
            assert tab.is_conversation
            assert notice(tab).startswith("This recording is still being written.")


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        (b"something else " * 1000, "is not a recording of Spacebeam."),
        (None, "There is no file "),
    ],
)
async def test_a_file_that_cannot_be_opened_is_explained(
    tmp_path: Path, contents: bytes | None, expected: str
) -> None:
    path = tmp_path / "<b>\x1b.beam"
    if contents is not None:
        path.write_bytes(contents)
    async with opened_tab() as tab:
        await tab.widget.open_recording(path)
        assert not tab.is_conversation
        assert any(expected in seen and "<b>" in seen for seen in tab.words)
        assert not tab.says("\x1b")


async def test_a_damaged_block_is_reported_and_skipped_by_filters(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.beam", *("x" * 70_000 for _ in range(3)), "needle")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE content SET entries = x'00' WHERE first = 1")
    connection.close()
    async with opened_tab() as tab:
        await tab.widget.open_recording(path)
        page = tab.session_page
        await tab.timeline.at_rest()
        assert tab.says("is damaged")
        await page.select(1)
        await eventually(lambda: "is damaged" in page.inspector.text)
        await page.widget.copy_selected()  # does nothing
        tab.do("tab.find")
        page.filter.type_filter("needle")
        await tab.timeline.at_rest()
        assert tab.timeline.numbers == [1, 3]


async def test_connecting_again_from_an_opened_recording_leaves_it_and_opens_a_tab(
    tmp_path: Path,
) -> None:
    with listener() as peer:
        path = write_recording(tmp_path / "a.beam", "one", address=peer.url)
        before = path.read_bytes()
        async with opened_window() as window:
            opened = window.tab
            await opened.widget.open_recording(path)
            opened.header.press("Connect Again")
            newer = window.tab
            assert newer != opened
            await eventually(lambda: newer.is_connected)
            await newer.session.session.send("two")
            new_path = store_of(newer.recording).path
            assert new_path != path
            assert opened.shows(path)
            assert opened.entries == ["one"]
    assert path.read_bytes() == before
    await eventually(lambda: read(new_path).facts.get("ended"))
    assert read(new_path).entry(1).payload == b"two"


async def test_opening_a_recording_closes_the_connection(path: Path) -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await connected(tab, peer.url)
            await tab.widget.open_recording(path)
            assert tab.state is ConnectionState.CLOSED
            assert tab.can("tab.reconnect")
            await eventually(lambda: peer.close_codes == [1000])
            await tab.timeline.at_rest()
            assert tab.timeline.numbers == [0, 1]
