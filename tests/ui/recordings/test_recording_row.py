"""A row of the list shows a recording, and emits what a person does with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gi.repository import Gtk

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.recording.errors import RecordingError, RecordingFault
from spacebeam.ui.recordings.recording_row import RecordingRow
from spacebeam.ui.recordings.recording_store import RecordingItem
from tests.ui.doing import Heard, shown, words
from tests.ui.pageobjects.recordings import RecordingRowPage
from tests.ui.recordings import NOON


def item(**more: Any) -> RecordingItem:
    values: dict[str, Any] = {
        "state": RecordingState.COMPLETE,
        "address": "ws://one.test/",
        "began": NOON,
        "entries": 3,
    }
    return RecordingItem(RecordingInfo(Path("one.beam"), **(values | more)))


async def test_name_and_details_are_shown() -> None:
    async with shown(RecordingRow()) as row:
        row.show_item(item(title="<b>The</b> crash & more"))
        name, details = words(row)
        assert name == "<b>The</b> crash & more"
        assert "3\xa0entries" in details


async def test_every_state_but_complete_is_shown() -> None:
    async with shown(RecordingRow()) as row:
        for state in RecordingState:
            row.show_item(item(state=state))
            assert (state.value in words(row)) is (state is not RecordingState.COMPLETE)


async def test_only_changes_of_the_shown_item_are_shown() -> None:
    async with shown(RecordingRow()) as row:
        one, other = item(), item(title="other")
        row.show_item(one)
        one.update(item(title="changed").info)
        assert "changed" in words(row)
        row.show_item(other)
        one.update(item(title="not here").info)
        assert words(row)[0] == "other"
        row.show_item(None)
        other.update(item(title="not here").info)
        assert words(row)[0] == "other"


async def test_only_the_person_emits_starred() -> None:
    async with shown(RecordingRow()) as row:
        asked = Heard(row, "starred")
        row.show_item(item(is_starred=True))
        row.show_item(item(is_starred=False))
        assert not asked
        RecordingRowPage(row).press_star()
        assert asked == [True]


async def test_a_damaged_recording_cannot_be_starred() -> None:
    async with shown(RecordingRow()) as row:
        row.show_item(
            item(
                state=RecordingState.DAMAGED,
                error=RecordingError(RecordingFault.CUT_OFF, Path("one")),
            )
        )
        assert not RecordingRowPage(row).star_button.get_sensitive()
        assert any("one is damaged" in one for one in words(row))


async def test_the_button_and_a_right_click_request_the_menu() -> None:
    async with shown(RecordingRow()) as row:
        row.show_item(item())
        asked = Heard(row, "menu-requested")
        RecordingRowPage(row).press_menu()
        RecordingRowPage(row).right_click(5.0, 6.0)
        assert len(asked) == 2
        assert asked[1] == 5.0


async def test_a_row_fits_a_narrow_window() -> None:
    async with shown(RecordingRow()) as row:
        row.show_item(
            item(title="x" * 200, state=RecordingState.ENDED_ABRUPTLY, entries=10**12, size=10**12)
        )
        assert row.measure(Gtk.Orientation.HORIZONTAL, -1)[0] <= 340
