"""One row of the JSON tree: an arrow to unfold it, its key or index, and its value."""

from __future__ import annotations

from unicodedata import combining, east_asian_width

from gi.repository import Adw, GObject, Gtk

from spacebeam.compare.difference import Mark
from spacebeam.compare.tree_marks import TreeMark
from spacebeam.decode.decoder import Style
from spacebeam.decode.json_tree import Node, NodeKind
from spacebeam.decode.visible import lines
from spacebeam.search.filter import Filter
from spacebeam.search.highlights import highlights
from spacebeam.ui.inspector.style_tags import color
from spacebeam.ui.template import template
from spacebeam.ui.text_marks import match_attributes
from spacebeam.wording.differences import tree_mark_words
from spacebeam.wording.i18n import _

_INDENT = 16  # pixels
_MAX_INDENTED = 16  # deeper values stand under each other
_MAX_KEY = 24  # columns of a key
# Of control characters; many fonts draw them wide.
_WIDE_PICTURES = frozenset(map(chr, range(0x2400, 0x2422)))
_ARROWS = "pan-end-symbolic", "pan-down-symbolic"  # folded, unfolded
_STYLES = {
    Mark.ADDED: "success",
    Mark.REMOVED: "error",
    Mark.CHANGED: "warning",
    Mark.INSIDE: "dim-label",
    Mark.LEFT_OUT: "dim-label",
}
_SIGNS = {"success": "+ ", "warning": "~ "}
_MIN_CHANGE, _MAX_CHANGE = 9, 28  # columns of what became of a value
_STATES = _("Folded"), _("Unfolded")  # to screen readers
_BRACKETS = {NodeKind.OBJECT: "{}", NodeKind.ARRAY: "[]"}


@template("json_row.ui")
class JsonRow(Gtk.Box):
    """Shows one value; a row is reused for other values as the tree scrolls.

    Emits `arrow-clicked` and `menu-requested` (a position in the row).
    """

    __gtype_name__ = "SpacebeamJsonRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "arrow-clicked": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "menu-requested": (GObject.SignalFlags.RUN_FIRST, None, (float, float)),
    }

    _arrow_image: Gtk.Image = Gtk.Template.Child()
    _key_label: Gtk.Inscription = Gtk.Template.Child()
    _value_label: Gtk.Inscription = Gtk.Template.Child()
    _remark_label: Gtk.Inscription = Gtk.Template.Child()
    _change_label: Gtk.Inscription = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.accessible_name = ""  # of what is shown now

    def show_node(
        self,
        node: Node,
        highlighted: Filter | None,
        *,
        is_unfolded: bool,
        remark: str = "",
        changes: tuple[TreeMark | None, str] = (None, ""),
        mistake: str = "",
    ) -> None:
        """Show a value, with a filter's matches highlighted, and a remark beside it.

        `changes` has what became of it, as `TreeChanges.of` returns it; `mistake` says what
        is wrong with it.
        """
        self._arrow_image.set_margin_start(_INDENT * min(node.depth, _MAX_INDENTED))
        self._arrow_image.set_from_icon_name(_ARROWS[is_unfolded])
        self._arrow_image.set_opacity(bool(node.count))
        state = _STATES[is_unfolded] if node.count else ""
        self._arrow_image.update_property([Gtk.AccessibleProperty.LABEL], [state])
        key, value = f"{node.label}:" if node.label else "", row_text(node, is_unfolded=is_unfolded)
        width = min(columns_of(key), _MAX_KEY)
        self._key_label.set_visible(bool(key))
        self._key_label.set_min_chars(width)
        self._key_label.set_nat_chars(width)
        _show(self._key_label, key, Style.KEY, highlighted)
        _show(self._value_label, value, node.kind.style, highlighted)
        self._show_remark(remark, columns_of(value))
        change, since = changes
        words = since or ("" if change is None else tree_mark_words(change))
        self._show_change(words, "" if change is None or since else _STYLES[change.mark])
        facts = (f"{key} {value}".lstrip(), remark, state.lower(), words, lines(mistake))
        self.accessible_name = ", ".join(filter(None, facts))
        (self.add_css_class if mistake else self.remove_css_class)("violation")
        self.set_tooltip_text(lines(mistake) or words or None)

    def _show_change(self, words: str, style: str) -> None:
        self._change_label.set_visible(bool(words))
        self._change_label.set_text(f"{_SIGNS.get(style, '')}{words}")
        width = columns_of(words) + 2
        self._change_label.set_min_chars(min(width, _MIN_CHANGE))
        self._change_label.set_nat_chars(min(width, _MAX_CHANGE))
        for other in _STYLES.values():
            self._change_label.remove_css_class(other)
        if style:
            self._change_label.add_css_class(style)

    def _show_remark(self, remark: str, width: int) -> None:
        """Show a remark after the value, which takes `width` characters."""
        self._remark_label.set_visible(bool(remark))
        self._remark_label.set_text(remark)
        self._value_label.set_hexpand(not remark)
        self._value_label.set_nat_chars(width if remark else 0)

    @Gtk.Template.Callback()
    def _on_arrow_pressed(self, click: Gtk.GestureClick, _count: int, _x: float, _y: float) -> None:
        click.set_state(Gtk.EventSequenceState.CLAIMED)  # else a double click activates the row too
        self.emit("arrow-clicked")

    @Gtk.Template.Callback()
    def _on_menu_pressed(self, _click: Gtk.GestureClick, _count: int, x: float, y: float) -> None:
        self.emit("menu-requested", x, y)


def row_text(node: Node, *, is_unfolded: bool = False) -> str:
    """Return a value on one line; an object or array as the number of its children.

    Its text is shown beside that until it is unfolded.
    """
    brackets = _BRACKETS.get(node.kind)
    if brackets is None:
        return node.text
    if not node.count:
        return brackets
    count = f"{brackets[0]}{node.count:,}{brackets[1]}"
    return count if is_unfolded else f"{count}  {node.text}"


def columns_of(text: str) -> int:
    """Return how many columns of a monospace font a text takes."""
    shown = [one for one in text if not combining(one)]
    wide = [one for one in shown if east_asian_width(one) in ("W", "F") or one in _WIDE_PICTURES]
    return len(shown) + len(wide)


def _show(label: Gtk.Inscription, text: str, style: Style, highlighted: Filter | None) -> None:
    label.set_text(text)
    ranges = highlights(highlighted, text) if highlighted is not None else []
    foreground = color(style, is_dark=Adw.StyleManager.get_default().get_dark())
    label.set_attributes(match_attributes(text, ranges, foreground))
