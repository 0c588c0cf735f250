"""The window that shows what differs between two entries, as a tree and as text."""

from __future__ import annotations

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.compare.comparison import Comparison, Side
from spacebeam.compare.difference import Difference, Mark, Rules
from spacebeam.ui.actions import add, insert
from spacebeam.ui.compare.difference_list import DifferenceList
from spacebeam.ui.compare.difference_text import DifferenceText
from spacebeam.ui.compare.left_out_button import LeftOutButton
from spacebeam.ui.compare.reading import differences_of, lines_of
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.ui.timeline.entry_words import clock, size_words, title
from spacebeam.wording.differences import differences_words, lines_words

_KEYS = {
    "<Control>w": "window.close",
    "Escape": "window.close",
    "F3": "compare.next",
    "<Shift>F3": "compare.previous",
    "Delete": "compare.leave-out",
    "F1": "app.help",
}


@template("comparison_window.ui")
class ComparisonWindow(Adw.Window):
    """Compares two entries; emits `left-out-changed` when the person leaves out other paths."""

    __gtype_name__ = "SpacebeamComparisonWindow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "left-out-changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _title: Adw.WindowTitle = Gtk.Template.Child()
    _tree_button: Gtk.ToggleButton = Gtk.Template.Child()
    _left_out_button: LeftOutButton = Gtk.Template.Child()
    _before_label: Gtk.Label = Gtk.Template.Child()
    _after_label: Gtk.Label = Gtk.Template.Child()
    _stack: Gtk.Stack = Gtk.Template.Child()
    _list_view: Gtk.ListView = Gtk.Template.Child()
    _text_view: Gtk.TextView = Gtk.Template.Child()
    _same_page: Adw.StatusPage = Gtk.Template.Child()

    def __init__(self, comparison: Comparison, left_out: tuple[str, ...], about: str) -> None:
        """`about` says how long the paths in `left_out` stay left out."""
        super().__init__()
        self._comparison = comparison
        self.left_out = left_out
        self._about = about
        self._tasks = Tasks()
        self._list = DifferenceList(self._list_view, self._on_difference_toggled)
        self._text = DifferenceText(self._text_view)
        self._add_actions()
        before, after = comparison.before, comparison.after
        self._title.set_title(f"#{before.entry.number + 1:,} → #{after.entry.number + 1:,}")
        self._before_label.set_text(f"- {_head(before)}")
        self._after_label.set_text(f"+ {_head(after)}")
        self._tree_button.set_visible(comparison.has_values)
        self._tree_button.set_active(comparison.has_values)
        self._tree_button.connect("toggled", self._on_tree_button_toggled)
        self._compare()

    def _add_actions(self) -> None:
        group = Gio.SimpleActionGroup()
        reactions = {
            "next": self._go_to_next,
            "previous": self._go_to_previous,
            "leave-out": self._leave_out_selected,
        }
        add(group, reactions)
        insert(self, "compare", group)
        keys = Gtk.ShortcutController(scope=Gtk.ShortcutScope.GLOBAL)
        for key, name in _KEYS.items():
            trigger = Gtk.ShortcutTrigger.parse_string(key)
            shortcut = Gtk.Shortcut.new(trigger, Gtk.NamedAction.new(name))
            if name == "app.help":
                shortcut.set_arguments(GLib.Variant("s", "comparing"))
            keys.add_shortcut(shortcut)
        self.add_controller(keys)

    def _compare(self) -> None:
        """Compare again, as a tree or as text; the paths that are left out do not count."""
        self._left_out_button.show_paths(self.left_out, self._about)
        self._tasks.cancel()
        is_tree = self._tree_button.get_active()
        self._tasks.start(self._show_tree() if is_tree else self._show_text())

    async def _show_tree(self) -> None:
        found = await differences_of(self._comparison, Rules(self.left_out))
        words = differences_words(found, self._comparison)
        self._show(words, self._list_view if found.root is not None else None)
        await self._list.show(found)

    async def _show_text(self) -> None:
        found = await lines_of(self._comparison, self.left_out)
        self._show(lines_words(found), self._text_view if found.lines else None)
        self._text.show(found)

    def _show(self, words: str, view: Gtk.Widget | None) -> None:
        self._title.set_subtitle(words)
        self._same_page.set_description("" if view is not None else words)
        page = self._same_page if view is None else view.get_parent()
        assert page is not None
        self._stack.set_visible_child(page)

    def _go_to_next(self) -> None:
        self._step(1)

    def _go_to_previous(self) -> None:
        self._step(-1)

    def _step(self, by: int) -> None:
        is_done = self._list.step(by) if self._tree_button.get_active() else self._text.step(by)
        if not is_done:
            self.error_bell()

    def _leave_out_selected(self) -> None:
        selected = self._list.selected if self._tree_button.get_active() else None
        if selected is not None and selected.mark is not Mark.INSIDE and selected.pattern:
            self._on_difference_toggled(selected)

    def _on_difference_toggled(self, found: Difference) -> None:
        if found.mark is Mark.LEFT_OUT:
            self._leave_out(tuple(one for one in self.left_out if one != found.left_out_by))
        else:
            self._leave_out((*self.left_out, found.pattern))

    def _leave_out(self, paths: tuple[str, ...]) -> None:
        self.left_out = paths
        self.emit("left-out-changed")
        self._compare()

    def _on_tree_button_toggled(self, _button: Gtk.ToggleButton) -> None:
        self._compare()

    @Gtk.Template.Callback()
    def _on_left_out_button_removed(self, _button: LeftOutButton, path: str) -> None:
        self._leave_out(tuple(one for one in self.left_out if one != path))

    @Gtk.Template.Callback()
    def _on_close_request(self, _window: Gtk.Window) -> bool:
        self._tasks.cancel()
        self._text.close()
        self._list.close()
        return False


def _head(side: Side) -> str:
    entry = side.entry
    facts = (f"#{entry.number + 1:,}", title(entry), clock(entry), size_words(entry), side.decoder)
    return " · ".join(filter(None, facts))
