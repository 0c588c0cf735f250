"""The window with the recordings: all that is done there to the files, in a folder of its own."""

from __future__ import annotations

import time
from pathlib import Path

from gi.repository import Gdk, Gtk

from spacebeam.library.retention import RetentionPolicy
from spacebeam.library.settings import load
from spacebeam.ui.recordings.recording_row import RecordingRow
from spacebeam.ui.recordings.recordings_window import RecordingsWindow
from spacebeam.ui.settings_service import SettingsService
from tests.library.files import copies, write_recording
from tests.support.kept import read
from tests.support.waiting import eventually
from tests.ui.doing import Heard, descendants, key, presented, resize, words
from tests.ui.recordings import NOON
from tests.ui.recordings.test_dialogs import dialog, dialogs, entry
from tests.ui.recordings.windows import act, names, opened


def page(window: RecordingsWindow) -> str:
    return window._stack.get_visible_child_name() or ""


async def test_the_newest_one_is_selected_and_has_the_cursor(
    keeper: SettingsService, one: Path
) -> None:
    async with opened(keeper) as window:
        assert window._list.position == 0
        assert has_cursor(window)
        window._list._selection.set_selected(1)
        window.reload()
        await eventually(lambda: not window._is_loading)
        assert window._list.selected is not None
        assert window._list.selected.path == one


async def test_what_is_new_is_seen_at_the_top(keeper: SettingsService) -> None:
    copies(keeper.recordings.folder, 100)
    async with opened(keeper) as window:
        window._list.select(0)
        for number in range(5):
            name = f"new {number}"
            began = NOON + 1000 * (number + 1)
            write_recording(keeper.recordings.folder / f"{name}.beam", "x", began=began)
            window.reload()
            await eventually(lambda name=name: top(window) == name)  # type: ignore[misc]


def top(window: RecordingsWindow) -> str:
    """The file of the row that is seen at the top of the list."""
    view = window._list._list_view
    for row in descendants(view, RecordingRow):
        is_there, bounds = row.compute_bounds(view)
        is_seen = is_there and row.get_mapped() and abs(bounds.get_y()) < row.get_height() / 2
        if is_seen and row.item is not None:
            return str(row.item.info.path.stem)
    return ""


async def test_without_recordings_it_says_so(keeper: SettingsService) -> None:
    async with opened(keeper) as window:
        assert page(window) == "empty"
        assert not window._search_button.get_sensitive()
        assert "Recordings are kept for 30 days, up to 10 GiB; starred ones stay." in words(window)


async def test_the_newest_is_first_and_the_bar_says_how_much_there_is(
    keeper: SettingsService, one: Path
) -> None:
    async with opened(keeper) as window:
        assert page(window) == "list"
        assert names(window) == ["ws://two.test/", "ws://one.test/"]
        assert any(said.startswith("2 recordings, ") for said in words(window))


async def test_a_search_that_finds_nothing_says_so(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        window.activate_action("recordings.search", None)
        assert window._search_bar.get_search_mode()
        window._search_entry.set_text("nowhere")
        await eventually(lambda: page(window) == "no-match")
        window._search_entry.set_text("ONE")
        await eventually(lambda: window._list.found == 1)
        assert page(window) == "list"


async def test_escape_in_the_list_leaves_the_search_and_is_else_not_the_lists(
    keeper: SettingsService, one: Path
) -> None:
    async with opened(keeper) as window:
        assert not window._window_actions.get_action_enabled("close-search")
        window.activate_action("recordings.search", None)
        window._search_entry.set_text("one")
        assert window._window_actions.get_action_enabled("close-search")
        window.activate_action("recordings.close-search", None)
        await eventually(lambda: window._list.found == 2)
        assert not window._search_bar.get_search_mode()
        assert not window._window_actions.get_action_enabled("close-search")


async def test_a_search_needs_the_keyboard_alone(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        asked = Heard(window, "open-requested")
        window.activate_action("recordings.search", None)
        window._search_entry.set_text("one")
        window._search_entry.emit("activate")
        await eventually(lambda: asked == [str(one)])
        assert key(window._search_entry, Gdk.KEY_Down)
        assert has_cursor(window)
        window._search_entry.grab_focus()
        window._search_entry.emit("stop-search")
        await eventually(lambda: window._list.found == 2)
        assert has_cursor(window)
        assert window._list.selected is not None
        assert window._list.selected.path == one


def has_cursor(window: RecordingsWindow) -> bool:
    """Whether the keyboard is on the row that is selected."""
    held = window.get_focus()
    row = held.get_first_child() if held is not None else None
    return (
        isinstance(row, RecordingRow)
        and row.item is not None
        and row.item.info is window._list.selected
    )


async def test_without_a_selection_nothing_can_be_done(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        window._list._selection.set_selected(1)
        window._list._selection.set_selected(Gtk.INVALID_LIST_POSITION)
        names = window._recording_actions.list_actions()
        assert len(names) == 5
        assert not any(window._recording_actions.get_action_enabled(name) for name in names)


async def test_opening_one_asks_for_its_path(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        asked = Heard(window, "open-requested")
        window._list._selection.set_selected(1)
        window._list._list_view.emit("activate", 1)
        await eventually(lambda: asked)
        assert asked == [str(one)]


async def test_one_is_renamed(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        act(window, "rename")
        shown = await dialog()
        assert entry(shown).get_placeholder_text() == "ws://one.test/"
        entry(shown).set_text("The crash")
        shown.response("rename")
        await eventually(lambda: "The crash" in names(window))
        assert window._list.selected is not None
        assert window._list.selected.name == "The crash"
    assert read(one).facts["title"] == "The crash"


async def test_one_that_is_open_is_renamed_through_what_has_it_open(
    keeper: SettingsService, one: Path
) -> None:
    recording = read(one)
    keeper.recordings.opened.add(one, recording, is_live=False)
    async with opened(keeper) as window:
        act(window, "rename")
        shown = await dialog()
        entry(shown).set_text("The crash")
        told = Heard(keeper, "changed")
        shown.response("rename")
        await eventually(lambda: "The crash" in names(window))
        assert told  # its tab is called so from now on
    assert recording.facts["title"] == "The crash"
    recording.close()


async def test_one_that_cannot_be_renamed_says_why(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        one.write_bytes(b"words")
        act(window, "rename")
        (await dialog()).response("rename")
        await eventually(
            lambda: any("Could not change the recording" in words(each) for each in dialogs())
        )
        dialogs()[0].close()
        await eventually(lambda: not dialogs())


async def test_one_that_cannot_be_read_is_not_renamed(keeper: SettingsService, one: Path) -> None:
    one.write_bytes(b"words")
    async with opened(keeper) as window:
        window._list._selection.set_selected(names(window).index("one"))
        assert not window._recording_actions.get_action_enabled("rename")
        assert window._recording_actions.get_action_enabled("delete")


async def test_a_star_is_kept(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        kept = window._store.every[1]
        window._list.emit("starred", kept, True)
        await eventually(lambda: window._store.every[1].is_starred)
    assert read(one).facts["starred"] == 1


async def test_a_copy_is_saved_elsewhere(
    keeper: SettingsService, one: Path, tmp_path: Path, choosers: list[Gtk.FileChooserNative]
) -> None:
    async with opened(keeper) as window:
        act(window, "save-as")
        await eventually(lambda: choosers)
        assert choosers[0].get_current_name() == "one.beam"
        choosers[0].emit("response", Gtk.ResponseType.CANCEL)
        await eventually(lambda: not window._tasks.are_running)


async def test_without_a_file_manager_it_is_said_where_it_is(
    keeper: SettingsService, one: Path
) -> None:
    async with opened(keeper) as window:
        act(window, "show-in-files")
        shown = await dialog()
        assert any(str(one.parent) in said for said in words(shown))
        shown.close()
        await eventually(lambda: not dialogs())


async def test_how_long_they_are_kept_can_be_changed(
    keeper: SettingsService, settings_path: Path
) -> None:
    async with opened(keeper) as window:
        window._retention_popover.emit("changed", RetentionPolicy(7, None))
        assert "Recordings are kept for 7 days; starred ones stay." in words(window)
    assert load(settings_path).retention_policy == RetentionPolicy(7, None)


async def test_what_is_wrong_is_said_at_the_bottom(keeper: SettingsService) -> None:
    keeper.delete_error = "Deleted recordings cannot be removed: why."
    async with opened(keeper) as window:
        assert any("cannot be removed: why." in said for said in words(window))


async def test_what_others_did_meanwhile_is_seen_when_it_is_looked_at_again(
    keeper: SettingsService, one: Path
) -> None:
    async with opened(keeper) as window:
        one.unlink()
        window.reload()
        window.reload()
        await eventually(lambda: names(window) == ["ws://two.test/"])


async def test_a_thousand_do_not_hold_up_the_window(keeper: SettingsService) -> None:
    copies(keeper.recordings.folder, 1000)
    async with presented(RecordingsWindow(keeper)) as window:
        # What this thread works: others may have the processor meanwhile.
        longest, before = 0.0, time.thread_time()

        def done() -> bool:
            nonlocal longest, before
            now = time.thread_time()
            longest, before = max(longest, now - before), now
            return len(window._store.every) == 1000 and page(window) == "list"

        await eventually(done)
        assert longest < 0.5
        assert len(words(window)) > 10


async def test_it_fits_a_narrow_screen(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        await resize(window, 360, 400, lambda: 0 < window.get_width() <= 360)
