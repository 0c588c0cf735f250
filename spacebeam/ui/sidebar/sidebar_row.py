"""A row of the sidebar: a connection, a folder, or a heading; its name can be edited in place."""

from __future__ import annotations

from typing import NamedTuple

from gi.repository import Gdk, GObject, Gtk, Pango

from spacebeam.decode.visible import one_line
from spacebeam.library.titles import MAX_TITLE
from spacebeam.ui.compat import name_row
from spacebeam.ui.input_method import edit_all
from spacebeam.ui.sidebar.node import Row, RowKind
from spacebeam.ui.template import template
from spacebeam.ui.window.headline import ConnectionStatus
from spacebeam.wording.i18n import _

_INDENT = 14  # pixels a level
_KIND_WORDS = {
    RowKind.LIBRARY: _("library"),
    RowKind.FOLDER: _("folder"),
    RowKind.CONNECTION: _("connection"),
    RowKind.RECENT: _("recent address"),
}

_STATE_WORDS = {
    ConnectionStatus.CONNECTING: _("connecting"),
    ConnectionStatus.CONNECTED: _("connected"),
    ConnectionStatus.CLOSED: _("not connected"),
    ConnectionStatus.LOST: _("connection lost"),
    ConnectionStatus.RECONNECTING: _("reconnecting"),
    ConnectionStatus.RECORDING: _("recording"),
}


class _Shown(NamedTuple):
    """What a row shows; the defaults are those of its template."""

    margin: int = 0
    name: str = ""
    is_heading: bool = False
    place: str = ""
    is_favorite: bool = False
    has_problem: bool = False
    icon: str | None = None
    style: str = ""


@template("sidebar_row.ui")
class SidebarRow(Gtk.Box):
    """Emits `renamed` (the typed name, or "" if the person cancelled) when editing ends."""

    __gtype_name__ = "SpacebeamSidebarRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "renamed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    _image: Gtk.Image = Gtk.Template.Child()
    _name_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._entry: Gtk.Entry | None = None  # while the name is edited
        self.row: Row | None = None
        self._shown = _Shown()
        # Few rows have them, and GTK makes up to 200 rows at once.
        self._place_label: Gtk.Label | None = None
        self._marks: dict[str, Gtk.Image] = {}  # by the names of their icons
        self.set_has_tooltip(True)
        self.connect("query-tooltip", self._on_query_tooltip)

    def show_row(self, row: Row, state: ConnectionStatus | None) -> None:
        """Show a node, and the state of the tab that has it.

        GTK makes up to 200 rows for a list, so only what differs is set.
        """
        self.row = row
        node = row.node
        is_heading = node.kind in (RowKind.SECTION, RowKind.NOTE)
        icon, style = self._image_of(row, state)
        wanted = _Shown(
            row.depth * _INDENT,
            one_line(node.name),
            is_heading,
            one_line(row.place),
            node.is_favorite,
            bool(node.problem),
            icon,
            style,
        )
        shown, self._shown = self._shown, wanted
        if wanted.margin != shown.margin:
            self.set_margin_start(wanted.margin)
        if wanted.name != shown.name:
            self._name_label.set_text(wanted.name)
        if is_heading is not shown.is_heading:
            self._name_label.set_css_classes(["caption-heading", "dim-label"] if is_heading else [])
        if wanted.place != shown.place:
            self._show_place(wanted.place)
        if wanted.is_favorite is not shown.is_favorite:
            self._mark("starred-symbolic", "dim-label", is_marked=wanted.is_favorite)
        if wanted.has_problem is not shown.has_problem:
            self._mark("dialog-warning-symbolic", "warning", is_marked=wanted.has_problem)
        if icon != shown.icon:
            self._image.set_from_icon_name(icon)
        if style != shown.style:
            self._image.set_css_classes([style])

    def _show_place(self, place: str) -> None:
        if self._place_label is None:
            self._place_label = Gtk.Label(max_width_chars=16)
            self._place_label.set_ellipsize(Pango.EllipsizeMode.START)
            self._place_label.set_css_classes(["caption", "dim-label"])
            self.insert_child_after(self._place_label, self._name_label)
        self._place_label.set_text(place)
        self._place_label.set_visible(bool(place))

    def _mark(self, icon: str, style: str, *, is_marked: bool) -> None:
        if icon not in self._marks:
            image = Gtk.Image(icon_name=icon, accessible_role=Gtk.AccessibleRole.PRESENTATION)
            image.set_css_classes([style])
            self.append(image)
            self._marks[icon] = image
        self._marks[icon].set_visible(is_marked)

    def name(self, item: Gtk.ListItem, row: Row, state: ConnectionStatus | None) -> None:
        """Give the list's own widget an accessible name."""
        name_row(item, ", ".join(_spoken(row, state)))

    def edit(self) -> None:
        """Let the person edit the name in place, where it is the node's own."""
        if self.row is None or self._entry is not None or not self.row.node.kind.has_own_name:
            return
        entry = Gtk.Entry(text=self.row.node.name, max_length=MAX_TITLE, has_frame=False)
        entry.update_property([Gtk.AccessibleProperty.LABEL], [_("Name")])
        entry.connect("activate", self._on_entry_activate)
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_entry_key_pressed)
        entry.add_controller(keys)
        focus = Gtk.EventControllerFocus()
        focus.connect("leave", self._on_entry_focus_leave)
        entry.add_controller(focus)
        self._entry = entry
        entry.set_hexpand(True)
        self._name_label.set_visible(False)
        self.insert_child_after(entry, self._name_label)
        edit_all(entry)

    @property
    def is_editing(self) -> bool:
        """Whether the name is being edited."""
        return self._entry is not None

    def end_editing(self) -> None:
        """Show the name again."""
        entry, self._entry = self._entry, None
        if entry is not None:
            self._name_label.set_visible(True)
            self.remove(entry)

    def _finish(self, name: str) -> None:
        if self._entry is not None:
            self.end_editing()
            self.emit("renamed", name)

    def _image_of(self, row: Row, state: ConnectionStatus | None) -> tuple[str | None, str]:
        """Return the icon at the beginning of a row, and its style class."""
        if row.node.kind.has_children:
            return "pan-down-symbolic" if row.is_expanded else "pan-end-symbolic", "dim-label"
        return (None, "dim-label") if state is None else (state.icon_name, state.style_class)

    def _on_query_tooltip(
        self, _row: Gtk.Widget, _x: int, _y: int, _is_keyboard: bool, tooltip: Gtk.Tooltip
    ) -> bool:
        tooltip.set_text(self.hint)
        return bool(self.hint)

    @property
    def hint(self) -> str:
        """The tooltip: the address, and why the file cannot be read."""
        node = None if self.row is None else self.row.node
        words = () if node is None else (one_line(node.address), one_line(node.problem))
        return "\n".join(filter(None, words))

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
        words.append(_("expanded") if row.is_expanded else _("collapsed"))
    if state is not None:
        words.append(_STATE_WORDS[state])
    if node.is_favorite:
        words.append(_("favorite"))
    if node.problem:
        words.append(one_line(node.problem))
    return words
