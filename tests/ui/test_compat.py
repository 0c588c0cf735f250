"""What differs between library versions behaves the same."""

from __future__ import annotations

import re
from pathlib import Path

from gi.repository import Adw, Gdk, Gio, GLib, Gtk

from spacebeam.ui import compat
from spacebeam.ui.tasks import Tasks
from tests.support.waiting import eventually
from tests.ui.doing import presented, shown


async def test_a_file_is_chosen_or_none(
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


async def test_closing_a_window_closes_its_chooser(
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


async def test_a_target_is_chosen_with_a_suggested_name(
    tmp_path: Path, choosers: list[Gtk.FileChooserNative]
) -> None:
    async with shown(Gtk.Label(label="a window")) as label:
        window = label.get_root()
        assert isinstance(window, Adw.Window)
        every = Gtk.FileFilter()
        every.add_pattern("*")
        asked = Tasks().start(compat.choose_target(window, "Save", "one.beam", [every]))
        await eventually(lambda: choosers)
        (chooser,) = choosers
        assert chooser.get_action() is Gtk.FileChooserAction.SAVE
        assert chooser.get_current_name() == "one.beam"
        assert list(chooser.get_filters()) == [every]
        await eventually(chooser.get_file)  # it has found where it begins
        chooser.set_current_folder(Gio.File.new_for_path(str(tmp_path)))

        def is_there() -> bool:
            file = chooser.get_file()
            return file is not None and file.get_path() == str(tmp_path / "one.beam")

        await eventually(is_there)
        chooser.emit("response", Gtk.ResponseType.ACCEPT)
        file = await asked
        assert file is not None
        assert file.get_path() == str(tmp_path / "one.beam")


_FILE_MANAGER = """
<node><interface name="org.freedesktop.FileManager1"><method name="ShowItems">
<arg type="as" direction="in"/><arg type="s" direction="in"/>
</method></interface></node>
"""


async def test_a_file_is_shown_in_the_file_manager(tmp_path: Path) -> None:
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    shown_items: list[object] = []

    def on_call(*about: object) -> None:
        parameters, invocation = about[5:7]
        assert isinstance(parameters, GLib.Variant)
        assert isinstance(invocation, Gio.DBusMethodInvocation)
        shown_items.append(parameters.unpack())
        invocation.return_value(None)

    (interface,) = Gio.DBusNodeInfo.new_for_xml(_FILE_MANAGER).interfaces
    path = "/org/freedesktop/FileManager1"
    registered = bus.register_object(path, interface, on_call, None, None)
    has_name: list[str] = []
    owner = Gio.bus_own_name_on_connection(
        bus,
        "org.freedesktop.FileManager1",
        Gio.BusNameOwnerFlags.NONE,
        lambda _bus, name: has_name.append(name),
        None,
    )
    await eventually(lambda: has_name)
    file = Gio.File.new_for_path(str(tmp_path / "a b.beam"))
    assert await compat.show_in_files(file)
    assert shown_items == [([file.get_uri()], "")]
    Gio.bus_unown_name(owner)
    bus.unregister_object(registered)


async def test_without_a_file_manager_nothing_is_shown(tmp_path: Path) -> None:
    assert not await compat.show_in_files(Gio.File.new_for_path(str(tmp_path / "one.beam")))


def test_x11_and_wayland_are_not_a_browser() -> None:
    display = Gdk.Display.get_default()
    assert display is not None
    assert not compat.is_in_browser(display)


async def test_the_text_colour_is_the_styles() -> None:
    async with shown(Gtk.Label(label="x")) as label:
        before = compat.text_color(label)
        label.add_css_class("error")
        await eventually(lambda: not compat.text_color(label).equal(before))


PARENTS = re.compile(r"transient_for(?:=|\((?!None|\)))|MessageDialog\.new\((?!None)")


def test_only_one_function_gives_dialogs_a_parent() -> None:
    """GTK 4.8 would use a parent that is gone."""
    folder = Path(compat.__file__).parent
    found = [path.name for path in folder.rglob("*.py") if PARENTS.search(path.read_text())]
    assert found == ["compat.py"]


async def test_a_closed_window_is_no_dialogs_parent() -> None:
    dialog = Gtk.Window()
    async with presented(Gtk.Window()) as parent:
        compat.set_parent(dialog, parent)
        assert dialog.get_transient_for() is parent
    assert dialog.get_transient_for() is None
    dialog.destroy()


async def test_a_dialog_that_goes_with_its_parent_does() -> None:
    dialog = Gtk.Window(destroy_with_parent=True)
    async with presented(Gtk.Window()) as parent:
        compat.set_parent(dialog, parent)
        dialog.present()
        await eventually(dialog.get_mapped)
    assert dialog not in Gtk.Window.list_toplevels()
