"""A row of the sidebar: a connection, a folder, or a heading; its name can be edited in place."""

from __future__ import annotations

from gi.repository import Gdk, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.library.titles import MAX_TITLE
from spacebeam.ui.compat import name_row
from spacebeam.ui.sidebar.node import Row, RowKind
from spacebeam.ui.template import template
from spacebeam.ui.window.headline import ConnectionStatus

_INDENT = 14  # pixels a level
_KIND_WORDS = {
    RowKind.LIBRARY: "library",
    RowKind.FOLDER: "folder",
    RowKind.CONNECTION: "connection",
    RowKind.RECENT: "recent address",
}

_STATE_WORDS = {
    ConnectionStatus.CONNECTING: "connecting",
    ConnectionStatus.CONNECTED: "connected",
    ConnectionStatus.CLOSED: "not connected",
    ConnectionStatus.LOST: "connection lost",
    ConnectionStatus.RECONNECTING: "reconnecting",
    ConnectionStatus.RECORDING: "recording",
}


@template("sidebar_row.ui")
class SidebarRow(Gtk.Box):
    """Emits `renamed` (the typed name, or "" if the person cancelled) when editing ends."""

    __gtype_name__ = "SpacebeamSidebarRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "renamed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _image: Gtk.Image = Gtk.Template.Child()
    _name_stack: Gtk.Stack = Gtk.Template.Child()
    _name_label: Gtk.Label = Gtk.Template.Child()
    _place_label: Gtk.Label = Gtk.Template.Child()
    _star_image: Gtk.Image = Gtk.Template.Child()
    _problem_image: Gtk.Image = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._entry: Gtk.Entry | None = None  # while the name is edited
        self.row: Row | None = None

    def show_row(self, row: Row, state: ConnectionStatus | None) -> None:
        """Show a node, and the state of the tab that has it."""
        self.row = row
        node = row.node
        self.set_margin_start(row.depth * _INDENT)
        is_heading = node.kind is RowKind.SECTION
        self._name_label.set_text(one_line(node.name))
        self._name_label.set_css_classes(["caption-heading", "dim-label"] if is_heading else [])
        self._place_label.set_text(one_line(row.place))
        self._place_label.set_visible(bool(row.place))
        self._star_image.set_visible(node.is_favorite)
        self._problem_image.set_visible(bool(node.problem))
        self._show_image(row, state)
        words = [one_line(node.address), one_line(node.problem)]
        self.set_tooltip_text("\n".join(filter(None, words)) or None)

    def name(self, item: Gtk.ListItem, row: Row, state: ConnectionStatus | None) -> None:
        """Give the list's own widget an accessible name."""
        name_row(item, ", ".join(_spoken(row, state)))

    def edit(self) -> None:
        """Let the person edit the name in place."""
        if self.row is None or self._entry is not None:
            return
        entry = Gtk.Entry(text=self.row.node.name, max_length=MAX_TITLE, has_frame=False)
        entry.update_property([Gtk.AccessibleProperty.LABEL], ["Name"])
        entry.connect("activate", self._on_entry_activate)
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_entry_key_pressed)
        entry.add_controller(keys)
        focus = Gtk.EventControllerFocus()
        focus.connect("leave", self._on_entry_focus_leave)
        entry.add_controller(focus)
        self._entry = entry
        self._name_stack.add_named(entry, "entry")
        self._name_stack.set_visible_child(entry)
        entry.grab_focus()

    @property
    def is_editing(self) -> bool:
        """Whether the name is being edited."""
        return self._entry is not None

    def end_editing(self) -> None:
        """Show the name again."""
        entry, self._entry = self._entry, None
        if entry is not None:
            self._name_stack.set_visible_child_name("name")
            self._name_stack.remove(entry)

    def _finish(self, name: str) -> None:
        if self._entry is not None:
            self.end_editing()
            self.emit("renamed", name)

    def _show_image(self, row: Row, state: ConnectionStatus | None) -> None:
        classes, icon = ["dim-label"], None
        if row.node.kind.has_children:
            icon = "pan-down-symbolic" if row.is_expanded else "pan-end-symbolic"
        elif state is not None:
            icon, classes = state.icon_name, ["status-icon", state.style_class]
        self._image.set_from_icon_name(icon)
        self._image.set_css_classes(classes)

    def _on_entry_activate(self, entry: Gtk.Entry) -> None:
        self._finish(entry.get_text().strip())

    def _on_entry_focus_leave(self, _focus: Gtk.EventControllerFocus) -> None:
        if self._entry is not None:
            self._finish(self._entry.get_text().strip())

    def _on_entry_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, _state: Gdk.ModifierType
    ) -> bool:
        if key == Gdk.KEY_Escape:
            self._finish("")
            return True
        return False


def _spoken(row: Row, state: ConnectionStatus | None) -> list[str]:
    """Return what a screen reader says of a row."""
    node = row.node
    words = [one_line(node.name)]
    if node.kind in _KIND_WORDS:
        words.append(_KIND_WORDS[node.kind])
    if node.kind.has_children:
        words.append("expanded" if row.is_expanded else "collapsed")
    if state is not None:
        words.append(_STATE_WORDS[state])
    if node.is_favorite:
        words.append("favorite")
    if node.problem:
        words.append(one_line(node.problem))
    return words
