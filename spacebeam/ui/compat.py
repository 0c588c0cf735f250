"""Hides the differences between versions of GTK and libadwaita.

The floor is GTK 4.8 and libadwaita 1.2 (Debian 12).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from weakref import WeakKeyDictionary, WeakSet

from gi.repository import Adw, Gdk, Gio, GLib, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.ui.popovers import close_with

_FILE_MANAGER_TIMEOUT_MS = 5000

_dialogs: WeakKeyDictionary[Gtk.Window, WeakSet[Gtk.Window]] = WeakKeyDictionary()  # by parent


def is_in_browser(display: Gdk.Display) -> bool:
    """Whether the window is shown by GTK's Broadway backend, which has no window manager."""
    return display.__gtype__.name == "GdkBroadwayDisplay"


def text_color(widget: Gtk.Widget) -> Gdk.RGBA:
    """Return the text colour of a widget's style.

    GTK 4.10 added `get_color` and deprecated the style context.
    """
    if hasattr(widget, "get_color"):
        color: Gdk.RGBA = widget.get_color()
        return color
    return widget.get_style_context().get_color()


def name_row(item: Gtk.ListItem, name: str) -> None:
    """Name a row of a list for screen readers.

    GTK 4.12 added a way to do that. There the row's widget may be new and without an owner while
    the item is bound; Python would become its owner, and GTK would use it after its end.
    """
    if hasattr(item, "set_accessible_label"):
        item.set_accessible_label(name)
        return
    child = item.get_child()
    widget = None if child is None else child.get_parent()
    if widget is not None:
        widget.update_property([Gtk.AccessibleProperty.LABEL], [name])


def leave_by_tab(view: Gtk.ListView) -> None:
    """Let Tab come back to the row that it left.

    GTK 4.12 added that, and without it goes to the first or last row.
    """
    if hasattr(view, "set_tab_behavior"):
        view.set_tab_behavior(Gtk.ListTabBehavior.ITEM)


def name_mnemonic_button(button: Gtk.Button) -> None:
    """Name a button by its label: GTK 4.8 reads it out with the underline, and then without."""
    name_button(button, (button.get_label() or "").replace("_", "", 1))


def name_button(button: Gtk.Button, name: str) -> None:
    """Name a button that has a label: newer versions of GTK prefer the label to the name."""
    button.reset_relation(Gtk.AccessibleRelation.LABELLED_BY)
    button.update_property([Gtk.AccessibleProperty.LABEL], [name])


def add_to_header(window: Adw.PreferencesWindow, button: Gtk.Widget) -> None:
    """Add a button at the end of a window's header bar, for which libadwaita has no property."""
    level: list[Gtk.Widget] = [window]
    while level:
        for widget in level:
            if isinstance(widget, Adw.HeaderBar):
                widget.pack_end(button)
                return
        level = [child for widget in level for child in widget.observe_children()]


def set_movable(paned: Gtk.Paned, is_movable: bool) -> None:
    """Enable or disable the handle of a paned widget.

    Disable it while one child is hidden: GTK 4.8 would still take clicks where the handle was.
    """
    phase = Gtk.PropagationPhase.CAPTURE if is_movable else Gtk.PropagationPhase.NONE
    for controller in paned.observe_controllers():
        if isinstance(controller, Gtk.GestureDrag):
            controller.set_propagation_phase(phase)


def set_parent(dialog: Gtk.Window, parent: Gtk.Window) -> None:
    """Show a dialog in front of a window, until that is closed.

    GTK 4.8 and libadwaita 1.2 would use the parent after it is gone.
    """
    dialog.set_transient_for(parent)
    close_with(dialog)
    if parent not in _dialogs:
        _dialogs[parent] = WeakSet()
        parent.connect("unrealize", _on_parent_unrealize)
    _dialogs[parent].add(dialog)


def _on_parent_unrealize(parent: Gtk.Window) -> None:
    for dialog in _dialogs.pop(parent, ()):
        if dialog.get_transient_for() is parent:
            dialog.set_transient_for(None)
            if dialog.get_destroy_with_parent():  # it does not hear of the parent any more
                dialog.destroy()


# Gtk.FileDialog would do the same from GTK 4.10 on; the native chooser works everywhere.


async def choose_file(
    parent: Gtk.Window,
    title: str,
    filters: Sequence[Gtk.FileFilter] = (),
    folder: Gio.File | None = None,
) -> Gio.File | None:
    """Ask for a file to open; return None if the person cancels.

    The chooser starts in `folder` if that exists.
    """
    chooser = Gtk.FileChooserNative.new(title, parent, Gtk.FileChooserAction.OPEN, None, None)
    if folder is not None and folder.query_exists():
        chooser.set_current_folder(folder)
    return await _chosen(chooser, filters)


async def choose_folder(parent: Gtk.Window, title: str) -> Gio.File | None:
    """Ask for a folder; return None if the person cancels."""
    action = Gtk.FileChooserAction.SELECT_FOLDER
    return await _chosen(Gtk.FileChooserNative.new(title, parent, action, None, None), ())


async def choose_target(
    parent: Gtk.Window, title: str, name: str, filters: Sequence[Gtk.FileFilter] = ()
) -> Gio.File | None:
    """Ask where to save a file, proposing `name`; the chooser asks before it replaces a file."""
    chooser = Gtk.FileChooserNative.new(title, parent, Gtk.FileChooserAction.SAVE, None, None)
    chooser.set_current_name(one_line(name))
    return await _chosen(chooser, filters)


async def show_in_files(file: Gio.File) -> bool:
    """Show a file, or at least its folder, in the file manager; return whether one was found.

    Gtk.FileLauncher would do the same from GTK 4.10 on.
    """
    names = GLib.Variant("(ass)", ([file.get_uri()], ""))
    called: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def on_answer(bus: Gio.DBusConnection, result: Gio.AsyncResult) -> None:
        try:
            bus.call_finish(result)
        except GLib.Error:
            called.set_result(False)
        else:
            called.set_result(True)

    try:
        bus = Gio.bus_get_sync(Gio.BusType.SESSION)
        bus.call(
            "org.freedesktop.FileManager1",
            "/org/freedesktop/FileManager1",
            "org.freedesktop.FileManager1",
            "ShowItems",
            names,
            None,
            Gio.DBusCallFlags.NONE,
            _FILE_MANAGER_TIMEOUT_MS,
            None,
            on_answer,
        )
        if await called:
            return True
    except GLib.Error:  # there is no bus
        pass
    folder = file.get_parent()
    try:
        return folder is not None and Gio.AppInfo.launch_default_for_uri(folder.get_uri(), None)
    except GLib.Error:
        return False


async def _chosen(
    chooser: Gtk.FileChooserNative, filters: Sequence[Gtk.FileFilter]
) -> Gio.File | None:
    for one in filters:
        chooser.add_filter(one)
    answered: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    chooser.connect("response", lambda _chooser, response: answered.set_result(response))
    chooser.show()
    try:
        response = await answered
        return chooser.get_file() if response == Gtk.ResponseType.ACCEPT else None
    finally:
        chooser.destroy()
