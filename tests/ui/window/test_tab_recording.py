"""A tab and its recording: kept, private, held up, paused, opened from a file."""

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
from spacebeam.ui.window.tab import Tab
from tests.library.files import another_program_writes, write_recording
from tests.support.feed import feed_server
from tests.support.floods import Obstacle, flood_server
from tests.support.kept import read, shelf
from tests.support.listener import listener
from tests.support.recorder import logged
from tests.support.waiting import eventually
from tests.ui.doing import button, click, serving, shown_tab, words
from tests.ui.inspector.inspector_page import InspectorPage
from tests.ui.timeline.lists import at_rest, numbers, said

PROJECT = Path(__file__).parents[3]


async def connected(tab: Tab, address: str, settings: Profile | None = None) -> None:
    tab._start_connecting(address, settings)
    await eventually(lambda: tab.is_conversation and tab.state is not ConnectionState.CONNECTING)


def count(tab: Tab) -> str:
    return tab._conversation_page._count_label.get_text()


def bar(tab: Tab) -> str:
    """What the bar about the keeping says; nothing where it is not shown."""
    keeping = tab._conversation_page.storage_bar
    return keeping._label.get_text() if keeping.get_mapped() else ""


def is_paused(tab: Tab) -> bool:
    state = tab._actions.get_action_state("pause")
    assert state is not None
    timeline = tab._conversation_page.timeline
    assert state.get_boolean() is timeline.is_paused
    return timeline.is_paused


async def test_a_private_talk_says_so_and_drops_what_was_let_go(
    monkeypatch: pytest.MonkeyPatch, settings_path: Path
) -> None:
    monkeypatch.setattr(recorder, "PRIVATE_BYTES", 2**20)
    async with shown_tab() as tab:
        with flood_server(50_000) as flood:
            await connected(tab, flood.url, Profile(record=False))
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            assert bar(tab).startswith("Private: nothing of this is written to the disk.")
            assert "The newest 1.0 MiB" in bar(tab)
            timeline, recording = tab._conversation_page.timeline, tab._session.recording
            await at_rest(timeline)
            gone = recording.first_number
            assert gone > 10_000
            assert timeline._model.number(0) == gone
            assert f"· {gone:,} discarded" in count(tab)
    assert not list(settings_path.parents[2].rglob("*.beam"))


async def test_what_is_read_can_be_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "PRIVATE_BYTES", 200_000)
    async with serving() as url, shown_tab() as tab:
        await connected(tab, f"{url}/echo", Profile(record=False))
        page, session = tab._conversation_page, tab._session
        await session.session.send("x" * 70_000)
        await eventually(lambda: len(session.recording) == 3)
        await at_rest(page.timeline)
        page.timeline._selection.set_selected(1)
        await eventually(page.inspector.get_mapped)
        for _time in range(3):
            session.recording.append(said("x" * 70_000))
        assert session.recording.first_number > 1
        # The list has not heard of it yet, for no frame was drawn since: reading it is safe.
        page._show_entry(1, None)
        assert page.timeline.selected == 1
        assert page.selected_entry() is None
        page.copy_selected()
        await eventually(
            lambda: "This entry has been discarded." in InspectorPage(page.inspector).text
        )
        await session.session.send("y")
        await at_rest(page.timeline)
        assert page.timeline.selected == -1
        assert not page.inspector.get_visible()


async def test_where_nothing_can_be_kept_the_bar_says_why_and_try_again_goes_on(
    tmp_path: Path,
) -> None:
    obstacle = Obstacle(tmp_path / "data")
    with flood_server(150_000) as flood:
        async with shown_tab() as tab:
            await connected(tab, flood.url)
            await eventually(lambda: bar(tab).startswith("Nothing can be written in "))
            assert "Allow writing there" in bar(tab)
            obstacle.clear_away()
            click(button(tab, "Try Again"))
            await eventually(lambda: not bar(tab), within=60)
            await eventually(lambda: tab.state is ConnectionState.CLOSED, within=60)
            assert tab._session.recording.size > 150_000 * 120


async def test_one_without_an_address_is_called_as_its_file_is(tmp_path: Path) -> None:
    async with shown_tab() as tab:
        assert tab.title == "New connection"
        await tab.open_recording(write_recording(tmp_path / "the crash.beam", "one", address=""))
        assert tab.title == "the crash"
        assert "the crash" in words(tab)


async def test_what_is_saved_elsewhere_is_said_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "<b>&.beam"

    async def chosen(*_about: object) -> Gio.File:
        return Gio.File.new_for_path(str(target))

    monkeypatch.setattr(save_as, "choose_target", chosen)
    async with shown_tab() as tab:
        await tab.open_recording(write_recording(tmp_path / "a.beam", "one"))
        tab.activate_action("tab.save-as", None)
        await eventually(lambda: "Saved as “<b>&.beam”" in words(tab))
        assert len(read(target)) == 1


async def test_the_pause_ends_with_its_recording() -> None:
    with listener() as first, listener() as second:
        async with shown_tab() as tab:
            await connected(tab, first.url)
            timeline = tab._conversation_page.timeline
            click(button(tab, "Hold back new entries; they are still recorded (Ctrl+P)"))
            assert is_paused(tab)
            await tab._session.session.send("one")
            await at_rest(timeline)
            assert count(tab) == "2 entries, 3 B · 1 held back"
            tab.activate_action("tab.pause", None)
            assert not is_paused(tab)
            await at_rest(timeline)
            assert count(tab) == "2 entries, 3 B"
            tab.activate_action("tab.pause", None)
            await tab._session.connect_to(second.url)
            assert not is_paused(tab)
            await at_rest(timeline)
            assert numbers(timeline) == [0]


async def test_what_was_cleared_from_one_recording_does_not_change_another() -> None:
    with listener() as first, listener() as second:
        async with shown_tab() as tab:
            await connected(tab, first.url)
            undo = tab._session.clear()
            await tab._session.connect_to(second.url)
            tab._session.clear()
            undo()
            assert tab._session.shown_from == len(tab._session.recording)


# Opened from a file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "a.beam", "one", "two", address="ws://host.test/feed")


async def test_a_recording_is_shown_with_where_it_is_from(path: Path) -> None:
    async with shown_tab() as tab:
        await tab.open_recording(path)
        assert tab.is_conversation
        await at_rest(tab._conversation_page.timeline)
        assert {"one", "two", "host.test/feed", "Not connected"} <= set(words(tab))
        assert bar(tab) == ""
        assert count(tab) == "2 entries, 6 B"
        assert tab.state is ConnectionState.CLOSED


async def test_what_is_in_a_strangers_file_is_shown_and_not_obeyed(tmp_path: Path) -> None:
    for address in ("ws://host.test/<b>\n\x1b[31m", "no address\n", "x" * 100_000, ""):
        path = write_recording(tmp_path / "x.beam", "<b>&\x1b[31m", address=address, title="<i>\n")
        async with shown_tab() as tab:
            await tab.open_recording(path)
            await at_rest(tab._conversation_page.timeline)
            assert "<b>&␛[31m" in words(tab)
            assert not any("\x1b" in seen or "\n" in seen for seen in words(tab))
        path.unlink()


async def test_one_whose_program_was_killed_says_that_it_ended_abruptly(tmp_path: Path) -> None:
    path, log = tmp_path / "a.beam", tmp_path / "log"
    with feed_server(rate=100) as address:
        command = [sys.executable, "-m", "tests.support.recorder", address, str(path), str(log)]
        child = subprocess.Popen(command, cwd=PROJECT)
        try:
            await eventually(lambda: logged(log) > 60)
        finally:
            child.kill()
            child.wait()
    async with shown_tab() as tab:
        await tab.open_recording(path)
        await at_rest(tab._conversation_page.timeline)
        assert bar(tab).startswith("This recording was not closed properly: ")
        assert len(numbers(tab._conversation_page.timeline)) > 1
    assert "ended" not in read(path).facts  # it is not said to be whole because it was looked at


async def test_one_that_another_program_writes_says_so(path: Path) -> None:
    with another_program_writes(path):
        async with shown_tab() as tab:
            await tab.open_recording(path)
            assert tab.is_conversation
            assert bar(tab).startswith("This recording is still being written.")


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        (b"something else " * 1000, "is not a recording of Spacebeam."),
        (None, "There is no file "),
    ],
)
async def test_what_cannot_be_opened_is_explained(
    tmp_path: Path, contents: bytes | None, expected: str
) -> None:
    path = tmp_path / "<b>\x1b.beam"
    if contents is not None:
        path.write_bytes(contents)
    async with shown_tab() as tab:
        await tab.open_recording(path)
        assert not tab.is_conversation
        assert any(expected in seen and "<b>" in seen for seen in words(tab))
        assert not any("\x1b" in seen for seen in words(tab))


async def test_a_damaged_block_is_told_where_it_is_and_filtered_around(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.beam", *("x" * 70_000 for _ in range(3)), "needle")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE content SET entries = x'00' WHERE first = 1")
    connection.close()
    async with shown_tab() as tab:
        await tab.open_recording(path)
        page = tab._conversation_page
        await at_rest(page.timeline)
        assert any("is damaged" in seen for seen in words(tab))
        page.timeline._selection.set_selected(1)
        await eventually(page.inspector.get_mapped)
        await eventually(lambda: "is damaged" in InspectorPage(page.inspector).text)
        page.copy_selected()  # does nothing
        page.filter_bar.show_text("needle")
        page.filter_bar.open()
        tab._finder._on_filter_changed(page.filter_bar, "needle")
        await at_rest(page.timeline)
        assert numbers(page.timeline) == [1, 3]


async def test_to_connect_again_from_a_recording_begins_another(tmp_path: Path) -> None:
    with listener() as peer:
        path = write_recording(tmp_path / "a.beam", "one", address=peer.url)
        before = path.read_bytes()
        async with shown_tab() as tab:
            await tab.open_recording(path)
            click(button(tab, "Reconnect"))
            await eventually(lambda: tab.state is ConnectionState.OPEN)
            await tab._session.session.send("two")
            newer = shelf(tab._session.recording).path
            assert newer != path
    assert path.read_bytes() == before
    await eventually(lambda: read(newer).facts.get("ended"))
    assert read(newer).entry(1).payload == b"two"


async def test_an_opened_recording_takes_the_place_of_a_connection(path: Path) -> None:
    with listener() as peer:
        async with shown_tab() as tab:
            await connected(tab, peer.url)
            await tab.open_recording(path)
            assert tab.state is ConnectionState.CLOSED
            assert tab._actions.get_action_enabled("reconnect")
            await eventually(lambda: peer.goodbyes == [1000])
            await at_rest(tab._conversation_page.timeline)
            assert numbers(tab._conversation_page.timeline) == [0, 1]


async def test_what_signed_in_is_asked_for_before_connecting_again(tmp_path: Path) -> None:
    address = "ws://host.test/feed?token=not-kept"
    path = write_recording(tmp_path / "one.beam", "a", address=address)
    async with shown_tab() as tab:
        await tab.open_recording(path)
        click(button(tab, "Reconnect"))
        await eventually(lambda: not tab.is_conversation)
        assert tab._connection_page.address == address
        assert "Write it in the address, in place of not-kept." in words(tab)
