"""The window of recordings: the list, its search, and what is done with the files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from gi.repository import Gdk, Gtk

from spacebeam.library.retention import RetentionPolicy
from spacebeam.library.settings import load
from spacebeam.ui.settings_service import SettingsService
from tests.library.files import copies, write_recording
from tests.support.recordings import read
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, key, resize, words
from tests.ui.pageobjects.page import menu_items
from tests.ui.pageobjects.recordings import RecordingsPage, opened_recordings
from tests.ui.recordings import NOON
from tests.ui.recordings.test_dialogs import dialog, dialogs, entry

NAMES = ("open", "rename", "save-as", "show-in-files", "replay", "play-as-server", "delete")
ACTIONS = [f"recording.{name}" for name in NAMES]


async def test_the_newest_recording_is_selected_and_focused(
    keeper: SettingsService, one: Path
) -> None:
    async with opened_recordings(keeper) as window:
        assert window.recordings.selected == window.recordings.infos[0]
        assert has_cursor(window)
        window.recordings.select(1)
        await window.reload()
        assert window.selected_path == one


async def test_a_new_recording_is_visible_at_the_top(keeper: SettingsService) -> None:
    copies(keeper.recordings.folder, 100)
    async with opened_recordings(keeper) as window:
        window.recordings.select(0)
        for number in range(5):
            name = f"new {number}"
            began = NOON + 1000 * (number + 1)
            write_recording(keeper.recordings.folder / f"{name}.beam", "x", began=began)
            await window.reload()
            await eventually(partial(is_at_top, window, name))


def is_at_top(window: RecordingsPage, stem: str) -> bool:
    top = window.recordings.top
    return top is not None and top.path.stem == stem


async def test_without_recordings_it_says_so(keeper: SettingsService) -> None:
    async with opened_recordings(keeper) as window:
        assert window.message == "No Recordings"
        assert not window.can_search
        assert "Recordings are kept for 30 days, up to 10 GiB; starred ones stay." in window.words


async def test_the_newest_recording_is_first_and_the_total_is_shown(
    keeper: SettingsService, one: Path
) -> None:
    async with opened_recordings(keeper) as window:
        assert window.message == ""
        assert window.names == ["ws://two.test/", "ws://one.test/"]
        assert any(said.startswith("2 recordings, ") for said in window.words)


async def test_a_search_without_matches_says_so(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        window.search("nowhere")
        assert window.is_searching
        await eventually(lambda: window.message == "No Matches")
        window.search_entry.set_text("ONE")
        await eventually(lambda: window.names == ["ws://one.test/"])
        await eventually(lambda: window.message == "")


async def test_closing_the_search_is_possible_only_while_it_is_open(
    keeper: SettingsService, one: Path
) -> None:
    async with opened_recordings(keeper) as window:
        assert not window.can("recordings.close-search")
        window.search("one")
        assert window.can("recordings.close-search")
        window.do("recordings.close-search")
        await eventually(lambda: len(window.names) == 2)
        assert not window.is_searching
        assert not window.can("recordings.close-search")


async def test_a_search_works_with_the_keyboard_alone(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        asked = Heard(window.widget, "open-requested")
        window.search("one")
        window.search_entry.emit("activate")
        await eventually(lambda: asked == [one])
        assert key(window.search_entry, Gdk.KEY_Down, phase=Gtk.PropagationPhase.BUBBLE)
        assert has_cursor(window)
        assert window.names == ["ws://one.test/"]
        window.search_entry.grab_focus()
        window.search_entry.emit("stop-search")
        await eventually(lambda: len(window.names) == 2)
        assert has_cursor(window)
        assert window.selected_path == one


def has_cursor(window: RecordingsPage) -> bool:
    """Return whether the selected row has the keyboard focus."""
    focused = window.recordings.focused
    return focused is not None and focused is window.recordings.selected


async def test_without_a_selection_all_actions_are_disabled(
    keeper: SettingsService, one: Path
) -> None:
    async with opened_recordings(keeper) as window:
        window.recordings.select(1)
        window.recordings.unselect()
        assert list(menu_items(window.recordings.menu.get_menu_model()).values()) == ACTIONS
        assert not any(window.can(action) for action in ACTIONS)


async def test_opening_a_recording_emits_its_path(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        asked = Heard(window.widget, "open-requested")
        window.recordings.select(1)
        window.recordings.activate(1)
        await eventually(lambda: asked)
        assert asked == [one]


async def test_a_recording_is_renamed(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        window.act("rename")
        shown = await dialog()
        assert entry(shown).get_placeholder_text() == "ws://one.test/"
        entry(shown).set_text("The crash")
        shown.response("rename")
        await eventually(lambda: "The crash" in window.names)
        assert window.recordings.selected is not None
        assert window.recordings.selected.name == "The crash"
    assert read(one).facts["title"] == "The crash"


async def test_an_open_recording_is_renamed_through_its_open_file(
    keeper: SettingsService, one: Path
) -> None:
    recording = read(one)
    keeper.recordings.opened.add(one, recording, is_live=False)
    async with opened_recordings(keeper) as window:
        window.act("rename")
        shown = await dialog()
        entry(shown).set_text("The crash")
        told = Heard(keeper, "changed")
        shown.response("rename")
        await eventually(lambda: "The crash" in window.names)
        assert told  # its tab is called so from now on
    assert recording.facts["title"] == "The crash"
    recording.close()


async def test_a_failed_rename_is_explained(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        one.write_bytes(b"words")
        window.act("rename")
        (await dialog()).response("rename")
        await eventually(
            lambda: any("Could not change the recording" in words(each) for each in dialogs())
        )
        dialogs()[0].close()
        await eventually(lambda: not dialogs())


async def test_a_damaged_recording_can_be_deleted_but_not_renamed(
    keeper: SettingsService, one: Path
) -> None:
    one.write_bytes(b"words")
    async with opened_recordings(keeper) as window:
        window.recordings.select(window.names.index("one"))
        assert not window.can("recording.rename")
        assert window.can("recording.delete")


async def test_a_star_is_saved(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        await eventually(lambda: len(window.recordings.rows) == 2)
        window.recordings.rows[1].press_star()
        await eventually(lambda: window.recordings.infos[1].is_starred)
    assert read(one).facts["starred"] == 1


async def test_save_as_asks_for_a_file(
    keeper: SettingsService, one: Path, tmp_path: Path, choosers: list[Gtk.FileChooserNative]
) -> None:
    async with opened_recordings(keeper) as window:
        window.act("save-as")
        await eventually(lambda: choosers)
        assert choosers[0].get_current_name() == "one.test.beam"
        choosers[0].emit("response", Gtk.ResponseType.CANCEL)
        await eventually(lambda: not window.is_busy)


async def test_without_a_file_manager_the_folder_is_shown(
    keeper: SettingsService, one: Path
) -> None:
    async with opened_recordings(keeper) as window:
        window.act("show-in-files")
        shown = await dialog()
        assert any(str(one.parent) in said for said in words(shown))
        shown.close()
        await eventually(lambda: not dialogs())


async def test_the_retention_policy_can_be_changed(
    keeper: SettingsService, settings_path: Path
) -> None:
    async with opened_recordings(keeper) as window:
        window.retention.choose(window.retention.age, "7 days")
        window.retention.choose(window.retention.size, "Any size")
        assert "Recordings are kept for 7 days; starred ones stay." in window.words
    assert load(settings_path).retention_policy == RetentionPolicy(7, None)


async def test_a_deletion_error_is_shown_at_the_bottom(keeper: SettingsService) -> None:
    keeper.delete_error = "Deleted recordings cannot be removed: why."
    async with opened_recordings(keeper) as window:
        assert window.says("cannot be removed: why.")


async def test_a_reload_shows_what_changed_in_the_folder(
    keeper: SettingsService, one: Path
) -> None:
    async with opened_recordings(keeper) as window:
        one.unlink()
        window.widget.reload()
        window.widget.reload()
        await eventually(lambda: window.names == ["ws://two.test/"])


async def test_of_a_thousand_recordings_only_the_visible_ones_have_rows(
    keeper: SettingsService,
) -> None:
    copies(keeper.recordings.folder, 1000)
    async with opened_recordings(keeper) as window:
        await eventually(lambda: len(window.names) == 1000 and window.recordings.is_shown)
        await settled(lambda: len(window.recordings.rows))
        assert 0 < len(window.recordings.rows) < 300
        assert len(window.words) > 10


async def test_it_fits_a_narrow_screen(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        narrow = window.widget
        await resize(narrow, 360, 400, lambda: 0 < narrow.get_width() <= 360)


async def test_a_file_name_that_is_not_utf_8_is_shown_and_opened(keeper: SettingsService) -> None:
    path = write_recording(keeper.recordings.folder / "caf\udce9\n.beam", "hello")
    async with opened_recordings(keeper) as window:
        asked = Heard(window.widget, "open-requested")
        await eventually(lambda: "caf\ufffd␊" in window.words)
        window.search("caf")
        window.search_entry.emit("activate")
        await eventually(lambda: asked == [path])
