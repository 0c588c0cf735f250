"""Switches between the tree and the table of a list in it."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.decode.json_table import is_table
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.json_table_view import JsonTableView
from spacebeam.ui.inspector.json_tree_view import JsonTreeView


@weak_handlers
class TableSwitch:
    """Shows a table in the stack when the tree asks for it; `button` shows the whole document."""

    def __init__(
        self,
        stack: Gtk.Stack,
        tree_view: JsonTreeView,
        table_view: JsonTableView,
        button: Gtk.Button,
    ) -> None:
        self._stack, self._button = stack, button
        self._tree_view, self._table_view = tree_view, table_view
        tree_view.connect("table-requested", self._on_tree_view_table_requested)
        tree_view.connect("tree-changed", self._on_tree_view_tree_changed)
        table_view.connect("tree-requested", self._on_table_view_tree_requested)
        button.connect("clicked", self._on_button_clicked)
        stack.connect("notify::visible-child", self._on_stack_notify_visible_child)

    @property
    def is_table(self) -> bool:
        """Whether the table is shown."""
        return self._stack.get_visible_child() is self._table_view

    def show_tree(self, number: int = -1) -> None:
        """Go back to the tree, and to a value in it."""
        if self.is_table:
            self._stack.set_visible_child(self._tree_view)
            self._tree_view.go_to(number)

    def _show_table(self, number: int) -> None:
        tree = self._tree_view.tree
        if number < len(tree) and is_table(tree, number):
            self._table_view.show_value(tree, number)
            self._stack.set_visible_child(self._table_view)
            self._table_view.focus()

    def _list_number(self) -> int:
        """Return the number of the document if it is a list, or of its only member; -1 if none."""
        tree = self._tree_view.tree
        candidates = range(1 + (tree.count(0) == 1)) if len(tree) else ()
        return next((one for one in candidates if is_table(tree, one)), -1)

    def _on_tree_view_table_requested(self, _view: JsonTreeView, number: int) -> None:
        self._show_table(number)

    def _on_table_view_tree_requested(self, _view: JsonTableView, number: int) -> None:
        self.show_tree(number)

    def _on_tree_view_tree_changed(self, _view: JsonTreeView) -> None:
        self._button.set_visible(self._list_number() >= 0)

    def _on_button_clicked(self, _button: Gtk.Button) -> None:
        number = self._list_number()
        if self.is_table:
            self.show_tree(number)
        elif number >= 0:
            self._show_table(number)

    def _on_stack_notify_visible_child(self, _stack: Gtk.Stack, _property: object) -> None:
        if not self.is_table:
            self._table_view.leave()
