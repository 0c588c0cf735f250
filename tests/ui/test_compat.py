"""What differs between versions behaves the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from gi.repository import Adw, Gdk, Gio, Gtk

from spacebeam.ui import compat
from spacebeam.ui.tasks import Tasks
from tests.support.waiting import eventually
from tests.ui.doing import shown


@pytest.fixture
def choosers(monkeypatch: pytest.MonkeyPatch) -> list[Gtk.FileChooserNative]:
    """The choosers that were opened so far."""
    made: list[Gtk.FileChooserNative] = []
    original = Gtk.FileChooserNative.new

    def new(*arguments: object) -> Gtk.FileChooserNative:
        made.append(original(*arguments))  # type: ignore[arg-type]
        return made[-1]

    monkeypatch.setattr(Gtk.FileChooserNative, "new", new)
    return made


async def test_a_file_is_chosen_or_nothing(
    tmp_path: Path, choosers: list[Gtk.FileChooserNative]
) -> None:
    (tmp_path / "file").write_text("")
    async with shown(Gtk.Label(label="a window")) as label:
        window = label.get_root()
        assert isinstance(window, Adw.Window)
        asked = Tasks().start(compat.choose_file(window, "Send a file"))
        await eventually(lambda: choosers)
        assert choosers[0].get_title() == "Send a file"
        assert choosers[0].get_visible()
        choosers[0].set_file(Gio.File.new_for_path(str(tmp_path / "file")))
        await eventually(lambda: choosers[0].get_file())
        choosers[0].emit("response", Gtk.ResponseType.ACCEPT)
        file = await asked
        assert file is not None
        assert file.get_path() == str(tmp_path / "file")
        again = Tasks().start(compat.choose_file(window, "Send a file"))
        await eventually(lambda: len(choosers) == 2)
        choosers[1].emit("response", Gtk.ResponseType.CANCEL)
        assert await again is None


async def test_a_window_that_closes_while_it_asks_leaves_no_chooser(
    choosers: list[Gtk.FileChooserNative],
) -> None:
    async with shown(Gtk.Label(label="a window")) as label:
        window = label.get_root()
        assert isinstance(window, Adw.Window)
        tasks = Tasks()
        asked = tasks.start(compat.choose_file(window, "Send a file"))
        await eventually(lambda: choosers)
        tasks.cancel()
        await eventually(asked.done)
        assert not choosers[0].get_visible()


def test_a_display_of_its_own_is_no_browser() -> None:
    display = Gdk.Display.get_default()
    assert display is not None
    assert not compat.is_in_browser(display)


async def test_the_colour_of_text_is_the_styles() -> None:
    async with shown(Gtk.Label(label="x")) as label:
        before = compat.text_color(label)
        label.add_css_class("error")
        await eventually(lambda: not compat.text_color(label).equal(before))
