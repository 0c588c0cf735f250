"""The bar about saving: a storage error with its remedies, or a remark."""

from __future__ import annotations

from pathlib import Path

from gi.repository import Gio, Gtk

from spacebeam.recording.errors import StorageCause, StorageError
from spacebeam.ui.pages.storage_bar import StorageBar
from tests.ui.doing import button, click, descendants, shown, words

FULL = StorageError(StorageCause.DISK_FULL, Path("/there/x.beam"))


def offered(bar: StorageBar) -> list[str | None]:
    """The buttons that can be seen."""
    return [one.get_label() for one in descendants(bar, Gtk.Button) if one.get_visible()]


def in_a_window(bar: StorageBar) -> Gtk.Box:
    box = Gtk.Box()
    box.append(bar)
    return box


async def test_the_bar_is_hidden_without_error_and_remark() -> None:
    bar = StorageBar()
    async with shown(in_a_window(bar)):
        assert not bar.get_visible()
        bar.show_state(None, "")
        assert not bar.get_visible()


async def test_an_error_is_shown_with_its_remedies_until_it_is_over() -> None:
    bar = StorageBar()
    async with shown(in_a_window(bar)):
        bar.show_state(FULL, "A remark")
        assert bar.has_css_class("fault")
        assert words(bar)[0].startswith("The disk is full")
        assert offered(bar) == ["Try Again", "Save Elsewhere…"]
        bar.show_state(None)
        assert not bar.get_visible()
        assert not bar.has_css_class("fault")


async def test_a_remark_has_no_buttons() -> None:
    bar = StorageBar()
    async with shown(in_a_window(bar)):
        bar.show_state(None, "Private: nothing is written down.")
        assert words(bar) == ["Private: nothing is written down."]
        assert offered(bar) == []
        assert not bar.has_css_class("fault")


async def test_markup_in_an_error_is_shown_as_text() -> None:
    bar = StorageBar()
    async with shown(in_a_window(bar)):
        bar.show_state(StorageError(StorageCause.NOT_WRITABLE, Path("/<b>&amp;/x.beam")))
        assert words(bar)[0].startswith("Nothing can be written in /<b>&amp;. Allow")


def with_actions(bar: StorageBar, asked: list[str]) -> Gtk.Box:
    """The bar where something notes what it asks for."""
    group = Gio.SimpleActionGroup()
    for name in ("retry-saving", "save-elsewhere"):
        action = Gio.SimpleAction.new(name, None)
        action.connect("activate", lambda one, _parameter: asked.append(one.get_name()))
        group.add_action(action)
    box = in_a_window(bar)
    box.insert_action_group("tab", group)
    return box


async def test_the_buttons_activate_the_tabs_actions() -> None:
    bar = StorageBar()
    asked: list[str] = []
    async with shown(with_actions(bar, asked)):
        bar.show_state(FULL)
        click(button(bar, "Try Again"))
        click(button(bar, "Save Elsewhere…"))
    assert asked == ["retry-saving", "save-elsewhere"]


async def test_the_retry_button_shows_that_it_is_trying() -> None:
    bar = StorageBar()
    async with shown(with_actions(bar, [])):
        bar.show_state(FULL)
        click(button(bar, "Try Again"))
        assert offered(bar) == ["Trying…", "Save Elsewhere…"]
        bar.show_state(FULL)
        assert offered(bar) == ["Try Again", "Save Elsewhere…"]


async def test_it_fits_a_narrow_window() -> None:
    bar = StorageBar()
    async with shown(in_a_window(bar)):
        bar.show_state(StorageError(StorageCause.NOT_WRITABLE, Path("A" * 200, "x.beam")))
        bar.show_narrow(True)
        minimum, *_rest = bar.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 360
        bar.show_narrow(False)
        assert bar.get_orientation() == Gtk.Orientation.HORIZONTAL
