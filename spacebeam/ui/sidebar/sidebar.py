"""The sidebar's contents: a search, the tree of connections, and ways to other windows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from gi.repository import Gdk, Gio, GLib, GObject, Gtk

from spacebeam.ui.actions import add, insert
from spacebeam.ui.focus import select_all
from spacebeam.ui.sidebar.dragging import Dragging
from spacebeam.ui.sidebar.node import Index, Row, RowKind, SidebarNode, find, rows
from spacebeam.ui.sidebar.row_menus import RowMenus
from spacebeam.ui.sidebar.row_model import RowItem, RowModel
from spacebeam.ui.sidebar.sidebar_row import SidebarRow
from spacebeam.ui.template import template
from spacebeam.ui.window.headline import ConnectionStatus
from spacebeam.wording.i18n import _

_KEYS = {
    "F2": "sidebar.rename",
    "Delete": "sidebar.delete",
    "<Control>Return": "sidebar.connect-in-tab",
    "<Alt>Up": "sidebar.up",
    "<Alt>Down": "sidebar.down",
    "<Control>z": "sidebar.undo",
    "Left": "sidebar.collapse",
    "Right": "sidebar.expand",
}
# What is done with the selected node elsewhere: the signal `requested` says which.
COMMANDS = (
    "connect",
    "connect-in-tab",
    "edit",
    "favorite",
    "duplicate",
    "move",
    "files",
    "recordings",
    "delete",
    "save",
    "close-folder",
    "up",
    "down",
    "new-connection",
    "new-folder",
    "open-folder",
    "import",
    "undo",
)
_MAX_MATCHES = 100
_EMPTY = _("Connections that you save are here.\nCtrl+S saves the typed address.")


@template("sidebar.ui")
class Sidebar(Gtk.Box):
    """Emits `chosen` (a node) after a click, `requested` (one of COMMANDS, and a node or None),
    `copy-requested` (a format, and a node), `renamed` (a node and its new name), `moved` (a node,
    the node it is put into, and the key of the node that follows it or ""), `collapsed` (the keys
    of all folders whose contents are hidden), and `left` when Escape is to leave the sidebar."""

    __gtype_name__ = "SpacebeamSidebar"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "chosen": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "requested": (GObject.SignalFlags.RUN_FIRST, None, (str, object)),
        "copy-requested": (GObject.SignalFlags.RUN_FIRST, None, (str, object)),
        "renamed": (GObject.SignalFlags.RUN_FIRST, None, (object, str)),
        "moved": (GObject.SignalFlags.RUN_FIRST, None, (object, object, str)),
        "left": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "collapsed": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _search_entry: Gtk.SearchEntry = Gtk.Template.Child()
    _list_view: Gtk.ListView = Gtk.Template.Child()
    _scrolled_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _status_label: Gtk.Label = Gtk.Template.Child()
    _menu: Gtk.PopoverMenu = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._roots: Sequence[SidebarNode] = ()
        self._index = Index(())
        self._collapsed: set[str] = set()
        self._states: Mapping[str, ConnectionStatus] = {}
        self._bound: dict[Gtk.ListItem, int] = {}  # with the handler of the item's signal
        self._is_double_click = False
        self._model = RowModel()
        self._selection = Gtk.SingleSelection(
            model=self._model, autoselect=False, can_unselect=True
        )
        factory = Gtk.SignalListItemFactory()
        factory.connect("setup", self._on_factory_setup)
        factory.connect("bind", self._on_factory_bind)
        factory.connect("unbind", self._on_factory_unbind)
        self._list_view.set_factory(factory)
        self._list_view.set_model(self._selection)
        self._add_actions()
        self._menus = RowMenus(self._list_view, self._menu, self._select_row)
        self._dragging = Dragging(self._list_view, self._move)
        search_keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        search_keys.connect("key-pressed", self._on_search_key_pressed)
        self._search_entry.add_controller(search_keys)
        self.connect("unrealize", self._on_unrealize)

    def show_nodes(
        self, roots: Sequence[SidebarNode], index: Index, collapsed: Sequence[str]
    ) -> None:
        """Show these libraries, folders and connections."""
        self._roots, self._index, self._collapsed = roots, index, set(collapsed)
        self._refresh()

    def show_states(self, states: Mapping[str, ConnectionStatus]) -> None:
        """Show the states of tabs beside the nodes with these keys."""
        if states != self._states:
            self._states = states
            for item in self._bound:
                self._fill(item)

    def do_grab_focus(self) -> bool:
        """Move the focus to the search, with its words selected."""
        return select_all(self._search_entry)

    @property
    def selected(self) -> SidebarNode | None:
        """The selected node."""
        item = self._selection.get_selected_item()
        return item.row.node if isinstance(item, RowItem) else None

    def select(self, key: str) -> None:
        """Select a node, unfold what it is in, and scroll to it."""
        if (path := _path_to(self._roots, key)) and self._collapsed.intersection(path):
            self._collapsed.difference_update(path)
            self._refresh()
        position = self._model.position(key)
        if position >= 0:
            self._selection.set_selected(position)
            self._list_view.activate_action("list.scroll-to-item", GLib.Variant("u", position))

    def edit_name(self, key: str) -> None:
        """Let the person edit the name of a node in its row."""
        self.select(key)
        # A row that was scrolled to is filled with the next layout; a menu gives the focus back.
        GLib.idle_add(self._on_idle_edit, key, priority=GLib.PRIORITY_LOW)

    def rename(self) -> None:
        """Let the person edit the selected name now: the next key that is typed belongs to it."""
        row = self._row_of(self.selected)
        if row is None:
            self._rename()
        else:
            row.edit()

    def focus_row(self) -> None:
        """Move the focus to the selected row."""
        row = self._row_of(self.selected)
        cell = None if row is None else row.get_parent()
        if cell is not None:
            cell.grab_focus()

    # Rows

    def _refresh(self) -> None:
        selected, typed = self.selected, self._search_entry.get_text()
        if typed.strip():
            sections = [one for one in self._roots if one.kind is RowKind.SECTION]
            shown = [*self._index.matches(typed), *Index(sections).matches(typed)]
            words = "" if shown else _("No connection has these words.")
            if len(shown) > _MAX_MATCHES:
                note = _("{count:,} more: type more words").format(count=len(shown) - _MAX_MATCHES)
                last = Row(SidebarNode("note:", RowKind.NOTE, note), 0)
                shown = [*shown[:_MAX_MATCHES], last]
        else:
            shown = rows(self._roots, self._collapsed)
            words = "" if shown else _EMPTY
        # GTK would look for the selected item among all that are added.
        self._selection.set_selected(Gtk.INVALID_LIST_POSITION)
        self._model.show(shown)
        self._status_label.set_text(words)
        self._status_label.set_visible(bool(words))
        position = -1 if selected is None else self._model.position(selected.key)
        if position >= 0:
            self._selection.set_selected(position)

    def _row_of(self, node: SidebarNode | None) -> SidebarRow | None:
        """Return a node's row, if it is on the screen."""
        key = None if node is None else node.key
        for item in self._bound:
            row, shown = item.get_child(), item.get_item()
            is_it = isinstance(shown, RowItem) and shown.row.node.key == key
            if is_it and isinstance(row, SidebarRow):
                return row
        return None

    def _fill(self, item: Gtk.ListItem) -> None:
        widget, shown = item.get_child(), item.get_item()
        if isinstance(widget, SidebarRow) and isinstance(shown, RowItem):
            state = self._states.get(shown.row.node.key)
            widget.show_row(shown.row, state)
            widget.name(item, shown.row, state)

    def _on_factory_setup(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        row = SidebarRow()
        row.connect("renamed", self._on_row_renamed)
        click = Gtk.GestureClick()
        click.connect("pressed", self._on_row_click_pressed)
        click.connect("released", self._on_row_click_released, item)
        row.add_controller(click)
        item.set_child(row)

    def _on_factory_bind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        shown = item.get_item()
        if isinstance(shown, RowItem):
            self._bound[item] = shown.connect("changed", self._on_item_changed, item)
            self._fill(item)

    def _on_factory_unbind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        handler, shown, row = self._bound.pop(item, 0), item.get_item(), item.get_child()
        if handler and isinstance(shown, RowItem):
            shown.disconnect(handler)
        if isinstance(row, SidebarRow):
            row.end_editing()

    def _on_item_changed(self, _shown: RowItem, item: Gtk.ListItem) -> None:
        self._fill(item)

    def _on_row_renamed(self, row: SidebarRow, name: str) -> None:
        if row.row is not None:
            if name and name != row.row.node.name:
                self.emit("renamed", row.row.node, name)
            cell = row.get_parent()
            if cell is not None:
                cell.grab_focus()

    def _on_row_click_pressed(
        self, _click: Gtk.GestureClick, presses: int, _x: float, _y: float
    ) -> None:
        self._is_double_click = presses > 1

    def _on_row_click_released(
        self, _click: Gtk.GestureClick, presses: int, _x: float, _y: float, item: Gtk.ListItem
    ) -> None:
        shown, widget = item.get_item(), item.get_child()
        is_editing = isinstance(widget, SidebarRow) and widget.is_editing
        if presses != 1 or is_editing or not isinstance(shown, RowItem):
            return
        self._selection.set_selected(item.get_position())
        if shown.row.node.kind.has_children:
            self._toggle(shown.row.node)
        else:
            self.emit("chosen", shown.row.node)

    @Gtk.Template.Callback()
    def _on_list_view_activate(self, _view: Gtk.ListView, _position: int) -> None:
        node = self.selected
        if node is None:
            return
        if not node.kind.has_children:
            self.emit("requested", "connect", node)
        elif not self._is_double_click:  # its first click has toggled the folder
            self._toggle(node)
        self._is_double_click = False

    # Folders

    def _toggle(self, node: SidebarNode) -> None:
        self._expand(node, is_expanded=node.key in self._collapsed)

    def _expand(self, node: SidebarNode, *, is_expanded: bool) -> None:
        if not node.kind.has_children or is_expanded is (node.key not in self._collapsed):
            return
        (self._collapsed.discard if is_expanded else self._collapsed.add)(node.key)
        self._refresh()
        self.emit("collapsed", sorted(self._collapsed))

    def _collapse(self, node: SidebarNode) -> None:
        """Hide a folder's contents, or go to the folder that a node is in."""
        if node.kind.has_children and node.key not in self._collapsed:
            self._expand(node, is_expanded=False)
            return
        row = self._selected_row()
        if row is not None and row.parent is not None:
            self.select(row.parent.key)
            self.focus_row()

    def _selected_row(self) -> Row | None:
        item = self._selection.get_selected_item()
        return item.row if isinstance(item, RowItem) else None

    def _move(self, key: str, into: SidebarNode, before: str) -> None:
        node = find(self._roots, key)
        if node is not None:
            self.emit("moved", node, into, before)

    # Actions

    def _add_actions(self) -> None:
        group = Gio.SimpleActionGroup()
        reactions: dict[str, Callable[[], object]] = {
            name: partial(self._request, name) for name in COMMANDS
        }
        reactions["rename"] = self._rename
        reactions["collapse"] = partial(self._with_selected, self._collapse)
        reactions["expand"] = partial(self._with_selected, partial(self._expand, is_expanded=True))
        add(group, reactions)
        copy = Gio.SimpleAction.new("copy", GLib.VariantType("s"))
        copy.connect("activate", self._on_copy_activate)
        group.add_action(copy)
        insert(self, "sidebar", group)
        keys = Gtk.ShortcutController()
        for key, name in _KEYS.items():
            trigger = Gtk.ShortcutTrigger.parse_string(key)
            keys.add_shortcut(Gtk.Shortcut.new(trigger, Gtk.NamedAction.new(name)))
        self._list_view.add_controller(keys)

    def _request(self, name: str) -> None:
        self.emit("requested", name, self.selected)

    def _with_selected(self, react: Callable[[SidebarNode], object]) -> None:
        if self.selected is not None:
            react(self.selected)

    def _rename(self) -> None:
        node = self.selected
        if node is not None and node.kind.has_own_name:
            self.edit_name(node.key)

    def _select_row(self, row: SidebarRow) -> SidebarNode | None:
        if row.row is None:
            return None
        self._selection.set_selected(self._model.position(row.row.node.key))
        return row.row.node

    def _on_copy_activate(self, _action: Gio.SimpleAction, form: GLib.Variant) -> None:
        if self.selected is not None:
            self.emit("copy-requested", form.get_string(), self.selected)

    def _on_idle_edit(self, key: str) -> bool:
        node = find(self._roots, key)
        row = self._row_of(node)
        if row is not None:
            row.edit()
        return GLib.SOURCE_REMOVE

    # The search

    @Gtk.Template.Callback()
    def _on_search_entry_changed(self, _entry: Gtk.SearchEntry) -> None:
        self._refresh()
        if self._search_entry.get_text().strip() and self._model.get_n_items():
            self._selection.set_selected(0)

    @Gtk.Template.Callback()
    def _on_search_entry_activate(self, _entry: Gtk.SearchEntry) -> None:
        if self.selected is not None and not self.selected.kind.has_children:
            self.emit("requested", "connect", self.selected)

    @Gtk.Template.Callback()
    def _on_search_entry_stop_search(self, entry: Gtk.SearchEntry) -> None:
        if entry.get_text():
            entry.set_text("")
        else:
            self.emit("left")

    def _on_search_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        pressed = state & Gtk.accelerator_get_default_mod_mask()
        if key in (Gdk.KEY_Return, Gdk.KEY_KP_Enter) and pressed == Gdk.ModifierType.CONTROL_MASK:
            self._request("connect-in-tab")
            return True
        if pressed or key not in (Gdk.KEY_Down, Gdk.KEY_KP_Down, Gdk.KEY_Up, Gdk.KEY_KP_Up):
            return False
        step = 1 if key in (Gdk.KEY_Down, Gdk.KEY_KP_Down) else -1
        at, count = self._selection.get_selected(), self._model.get_n_items()
        place = 0 if at == Gtk.INVALID_LIST_POSITION else min(max(at + step, 0), count - 1)
        if count:
            self._selection.set_selected(place)
            self._list_view.activate_action("list.scroll-to-item", GLib.Variant("u", place))
        return True

    @Gtk.Template.Callback()
    def _on_menu_closed(self, _menu: Gtk.PopoverMenu) -> None:
        self._menus.release()
        self.focus_row()

    def _on_unrealize(self, _widget: Gtk.Widget) -> None:
        self._list_view.set_model(None)  # GTK would use it to its end, after Python's


def _path_to(nodes: Sequence[SidebarNode], key: str) -> list[str]:
    """Return the keys of the nodes that a node is in."""
    for node in nodes:
        if any(one.key == key for one in node.children):
            return [node.key]
        if inside := _path_to(node.children, key):
            return [node.key, *inside]
    return []
