"""Shows a JSON document as a tree that can be folded, by pointer and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from functools import partial

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.compare.difference import Differences
from spacebeam.decode.binary_values import is_media
from spacebeam.decode.decoder import Data
from spacebeam.decode.json_table import is_table
from spacebeam.decode.json_tree import JsonTree
from spacebeam.search.edits import json_term
from spacebeam.search.filter import Filter
from spacebeam.search.highlights import has_highlights
from spacebeam.ui.actions import add, enable, insert
from spacebeam.ui.compat import leave_by_tab, name_row
from spacebeam.ui.focus import has_focus
from spacebeam.ui.handlers import weakly
from spacebeam.ui.inspector.copying import Copy, copied_value, place
from spacebeam.ui.inspector.folding import Change, Folding
from spacebeam.ui.inspector.json_row import JsonRow
from spacebeam.ui.inspector.json_tree_model import JsonItem, JsonTreeModel, number_of
from spacebeam.ui.inspector.match_bar import MatchBar
from spacebeam.ui.inspector.remarks import remark
from spacebeam.ui.inspector.rows_in_sight import last_row_in_sight, scrolled_to
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.inspector.tree_changes import TreeChanges
from spacebeam.ui.inspector.tree_folding import TreeFolding
from spacebeam.ui.inspector.tree_keys import tree_keys
from spacebeam.ui.inspector.tree_marks import Place, marked
from spacebeam.ui.inspector.tree_match_steps import TreeMatchSteps
from spacebeam.ui.popover_place import open_at
from spacebeam.ui.pressed import release
from spacebeam.ui.tab_stop import TabStop
from spacebeam.ui.template import menu, template
from spacebeam.wording.i18n import _

_SLICE_S = 0.003
_Find = Callable[[JsonTree], Generator[None, None, int]]  # returns a value's number
_MAX_ROWS = 150  # that are shown before anything is unfolded
_TOO_DEEP = _("This value is nested too deeply to filter by it")


@template("json_tree_view.ui")
class JsonTreeView(Gtk.Box):
    """A tree of values, of which few exist as widgets.

    Emits `filter-requested` with the term that finds a value; `bytes-requested`, `table-requested`
    and `media-requested` with the number of a value; `matches-ended` with 1 or -1 if there is no
    further match in that direction; and `tree-changed` when another document is read or cleared.
    """

    __gtype_name__ = "SpacebeamJsonTreeView"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "filter-requested": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "bytes-requested": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "table-requested": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "media-requested": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "tree-changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "matches-ended": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
    }

    _match_bar: MatchBar = Gtk.Template.Child()
    _progress_bar: Gtk.ProgressBar = Gtk.Template.Child()
    _menu: Gtk.PopoverMenu = Gtk.Template.Child()
    _list_view: Gtk.ListView = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(TabStop)  # the template has one
        super().__init__()
        self._menu.set_menu_model(menu(__name__, "json_tree_view.ui", "value_menu"))
        self._tree = JsonTree(b"")
        self._size = 1  # of the payload in bytes
        self._highlighted: Filter | None = None
        self._waiting: list[Iterator[None]] = []  # changes after the one in progress
        self._task = SlicedTask(_SLICE_S, self._on_task_done, self._show_progress)
        self._match_steps = TreeMatchSteps(
            self._match_bar, weakly(self._reveal), weakly(self._tell_end)
        )
        self._changes = TreeChanges()
        self._bound: set[Gtk.ListItem] = set()
        self._model = JsonTreeModel()
        self._folds = TreeFolding(self._model, weakly(self._change), weakly(self._focus))
        self._selection = Gtk.SingleSelection(
            model=self._model, autoselect=False, can_unselect=True
        )
        factory = Gtk.SignalListItemFactory()
        factory.connect("setup", self._on_factory_setup)
        factory.connect("bind", self._on_factory_bind)
        factory.connect("unbind", self._on_factory_unbind)
        leave_by_tab(self._list_view)
        self._list_view.set_factory(factory)
        self._selection.connect("notify::selected", self._on_selection_notify_selected)
        self._list_view.set_model(self._selection)
        self._actions = Gio.SimpleActionGroup()
        self._add_actions()
        Adw.StyleManager.get_default().connect("notify::dark", self._on_manager_notify_dark)

    def show_payload(
        self, payload: Data, *, is_whole: bool = True, keeps_place: bool = False
    ) -> None:
        """Show a document; `is_whole` is false for its beginning.

        With `keeps_place`, the rows stay folded and scrolled as they are, if there are as many.
        """
        tree, self._size = JsonTree(payload), max(len(payload), 1)
        last = last_row_in_sight(self._list_view) if keeps_place else -1
        if not keeps_place or self._task.is_busy:
            self.clear()
            self._tree = tree
        self._match_steps.await_tree(is_whole=is_whole)
        self._run(self._read(tree, last))

    def clear(self) -> None:
        """Show nothing."""
        self._task.stop()
        self._waiting.clear()
        self._tree = JsonTree(b"")
        self._match_steps.clear()
        self._changes = TreeChanges()
        self._model.show(Folding(self._tree))
        self._progress_bar.set_visible(False)
        self.emit("tree-changed")

    def mark(self, words: Mapping[Place, str]) -> None:
        """Mark the values at places with what is wrong with them, once the document is read."""
        self._run(marked(self._tree, self._model, words, self._changed))

    def enable_bytes(self, *, can_find: bool) -> None:
        """Offer to show the bytes of values, or not."""
        enable(self._actions, "show-bytes", can_find)

    def go_to_found(self, find: _Find) -> None:
        """Go to the value whose number `find` returns, -1 for none, once the document is read."""
        self._run(self._gone_to_found(find))

    def _gone_to_found(self, find: _Find) -> Iterator[None]:
        yield from self._gone_to((yield from find(self._tree)))

    def _gone_to(self, number: int) -> Iterator[None]:
        if number >= 0:
            yield from self._revealed(number)
            self._focus(number)

    def close(self) -> None:
        """Show nothing. GTK would use the model to its end, which may be after Python's."""
        self.clear()
        self._list_view.set_model(None)

    @property
    def tree(self) -> JsonTree:
        """The document's values."""
        return self._tree

    def go_to(self, number: int) -> None:
        """Show a value, select it and focus its row."""
        self._run(self._gone_to(number))

    @property
    def selected(self) -> int:
        """The number of the selected value, or -1."""
        item = self._selection.get_selected_item()
        return item.number if isinstance(item, JsonItem) else -1

    def focus(self) -> bool:
        """Focus the selected value's row, or the first one; return whether it has the focus."""
        self._focus(max(self.selected, 0))
        return has_focus(self._list_view)

    def show_changes(self, found: Differences | None, since: str = "") -> None:
        """Mark the values that differ from an earlier entry's, or none; `since` tells which."""
        self._run(self._marked(found, since))

    def _marked(self, found: Differences | None, since: str) -> Iterator[None]:
        yield from self._changes.read(self._tree, found, since)
        self._fill_rows()

    # Matches

    def show_highlights(self, wanted: Filter | None) -> None:
        """Highlight a filter's matches, in this document and in later ones."""
        is_shown = wanted is not None and has_highlights(wanted)
        self._highlighted = wanted if is_shown else None
        self._fill_rows()
        self._match_steps.look_for(self._highlighted)

    def next_match(self) -> bool:
        """Go to the next value with a match; return whether there may be one."""
        return self._match_steps.go(1)

    def previous_match(self) -> bool:
        """Go to the previous value with a match, at first to the last one; as `next_match`."""
        return self._match_steps.go(-1)

    def enter(self, direction: int) -> None:
        """Go to the first value with a match, or with -1 to the last one."""
        self._match_steps.enter(direction)

    def _reveal(self, number: int) -> None:
        self._run(self._revealed(number))

    def _revealed(self, number: int) -> Iterator[None]:
        if number < len(self._tree):
            yield from self._changed(self._model.folding.reveal(number))
            self._select(number)

    def _tell_end(self, direction: int) -> None:
        self.emit("matches-ended", direction)

    # Folding

    def _read(self, tree: JsonTree, last: int) -> Iterator[None]:
        """Read a document; scroll to the row `last` if it needs other rows than the one before."""
        yield from tree.read()
        self._tree, self._changes = tree, TreeChanges()
        if not self._model.replace(tree):
            folding = Folding(tree)
            self._model.show(folding)
            yield from self._changed(folding.show_level(folding.level_for(_MAX_ROWS)))
            yield from scrolled_to(self._list_view, last)
        self._fill_rows()
        self._match_steps.search(tree)
        self.emit("tree-changed")

    def _show_level(self, level: int) -> Iterator[None]:
        number, folding = self.selected, self._model.folding
        yield from self._changed(folding.show_level(level))
        while number >= 0 and folding.position(number) < 0:
            number = self._tree.parent(number)
        self._focus(number)

    def _change(self, changes: Iterable[Change]) -> None:
        self._run(self._changed(changes))

    def _changed(self, changes: Iterable[Change]) -> Iterator[None]:
        for change in changes:
            self._model.apply(change)
            yield
        self._fill_rows()

    def _run(self, steps: Iterator[None]) -> None:
        """Make a change after those in progress."""
        self._waiting.append(steps)
        if not self._task.is_busy:
            self._on_task_done()

    def _on_task_done(self) -> None:
        if self._waiting:
            self._task.start(self._waiting.pop(0))
        else:
            self._progress_bar.set_visible(False)

    def _show_progress(self) -> None:
        self._progress_bar.set_visible(True)
        self._progress_bar.set_fraction(min(self._tree.offset / self._size, 1))

    def _select(self, number: int) -> None:
        position = self._model.folding.position(number)
        if position >= 0:
            self._selection.set_selected(position)
            self._list_view.activate_action("list.scroll-to-item", GLib.Variant("u", position))

    def _focus(self, number: int) -> None:
        """Select a visible value and focus its row."""
        self._select(number)
        row = self._row(number)
        cell = None if row is None else row.get_parent()
        if cell is not None:
            cell.grab_focus()

    # Rows

    def _row(self, number: int) -> Gtk.Widget | None:
        """Return a value's row, if there is one."""
        return next((one.get_child() for one in self._bound if number_of(one) == number), None)

    def _fill_rows(self) -> None:
        for item in self._bound:
            self._fill(item)

    def _fill(self, item: Gtk.ListItem) -> None:
        row, shown, position = item.get_child(), item.get_item(), item.get_position()
        folding = self._model.folding
        if isinstance(row, JsonRow) and isinstance(shown, JsonItem) and position < len(folding):
            row.show_node(
                self._tree.node(shown.number),
                self._highlighted,
                is_unfolded=folding.is_unfolded(position),
                remark=remark(self._tree, shown.number),
                changes=self._changes.of(shown.number),
                mistake=self._model.marks.get(shown.number, ""),
            )
            name_row(item, row.accessible_name)

    def _on_factory_setup(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        row = JsonRow()
        row.connect("arrow-clicked", self._on_row_arrow_clicked, item)
        row.connect("menu-requested", self._on_row_menu_requested, item)
        item.set_child(row)

    def _on_factory_bind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        self._bound.add(item)
        self._fill(item)

    def _on_factory_unbind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        self._bound.discard(item)

    def _on_row_arrow_clicked(self, _row: JsonRow, item: Gtk.ListItem) -> None:
        self._selection.set_selected(item.get_position())
        self._folds.toggle(item.get_position())

    def _on_row_menu_requested(self, row: JsonRow, x: float, y: float, item: Gtk.ListItem) -> None:
        self._selection.set_selected(item.get_position())
        open_at(self._menu, row, x, y)

    def _show_menu_of(self, number: int) -> None:
        if (row := self._row(number)) is not None:
            open_at(self._menu, row, 0, row.get_height())

    @Gtk.Template.Callback()
    def _on_list_view_activate(self, _view: Gtk.ListView, position: int) -> None:
        self._folds.toggle(position)

    @Gtk.Template.Callback()
    def _on_menu_closed(self, _menu: Gtk.PopoverMenu) -> None:
        release(self._row(self.selected))
        self._focus(self.selected)  # else the focus would leave the tree

    def _on_selection_notify_selected(
        self, _selection: Gtk.SingleSelection, _property: object
    ) -> None:
        number = self.selected
        for name, can_show in (("show-table", is_table), ("show-media", is_media)):
            enable(self._actions, name, number >= 0 and can_show(self._tree, number))

    def _on_manager_notify_dark(self, _manager: Adw.StyleManager, _property: object) -> None:
        self._fill_rows()

    # Actions

    def _add_actions(self) -> None:
        group = self._actions
        reactions = {
            "copy-value": partial(self._with_selected, self._copy_value),
            "copy-path": partial(self._with_selected, self._copy_path),
            "filter": partial(self._with_selected, self._filter),
            "pin": partial(self._with_selected, self._pin),
            "show-bytes": partial(self._with_selected, self._request, "bytes-requested"),
            "show-table": partial(self._with_selected, self._request, "table-requested"),
            "show-media": partial(self._with_selected, self._request, "media-requested"),
            "fold": partial(self._with_selected, self._folds.fold),
            "unfold": partial(self._with_selected, self._folds.unfold),
            "unfold-all": partial(self._with_selected, self._folds.unfold_all),
            "menu": partial(self._with_selected, self._show_menu_of),
        }
        add(group, reactions)
        to_level = Gio.SimpleAction.new("level", GLib.VariantType("i"))
        to_level.connect("activate", self._on_level_activate)
        group.add_action(to_level)
        insert(self, "json", group)
        self._list_view.add_controller(tree_keys())

    def _with_selected(self, react: Callable[..., None], *arguments: object) -> None:
        if self.selected >= 0:
            react(*arguments, self.selected)

    def _on_level_activate(self, _action: Gio.SimpleAction, level: GLib.Variant) -> None:
        self._run(self._show_level(level.get_int32()))

    def _copy_value(self, number: int) -> None:
        self._notify(place(copied_value(self._tree, number), self.get_clipboard()))

    def _copy_path(self, number: int) -> None:
        self._notify(place(Copy(self._tree.path(number) or "@"), self.get_clipboard()))

    def _filter(self, number: int) -> None:
        if term := json_term(self._tree, number):
            self.emit("filter-requested", term)
        else:
            self._notify(_TOO_DEEP)

    def _pin(self, number: int) -> None:
        path = (self._tree.path(number) or "@").encode(errors="replace").decode()
        self.activate_action("tab.pin-value", GLib.Variant("s", path))

    def _request(self, signal: str, number: int) -> None:
        self.emit(signal, number)

    def _notify(self, words: str) -> None:
        if words:
            self.activate_action("tab.notify", GLib.Variant("s", words))
