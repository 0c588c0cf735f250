"""Variables in the composer: proposed while `{{` is typed, marked, and shown on hover."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Adw, Gdk, GLib, Gtk, Pango

from spacebeam.profiles.variables import places
from spacebeam.ui.composer.editor import Editor
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.long_lines import shown_offset
from spacebeam.ui.proposals import Proposal, Proposals
from spacebeam.ui.variables.known import KNOWN_COLORS, UNKNOWN_COLORS, Known, typed_name
from spacebeam.wording.i18n import _, ngettext

MAX_MARKED = 64 * 1024  # characters; in a longer text nothing is marked
_DELAY_MS = 150  # after the last key
_BEFORE = 250  # characters before the cursor that tell whether a name is typed


@weak_handlers
class EditorVariables:
    """The variables of an editor; `known` returns them when they are needed.

    `show_words` is called with what is said of them, such as that two will be replaced.
    """

    def __init__(
        self, editor: Editor, known: Callable[[], Known], show_words: Callable[[str], object]
    ) -> None:
        self._editor = editor
        self._known = weakly(known)
        self._show_words = weakly(show_words)
        self._timer = 0
        self._is_completing = False
        buffer = editor.buffer
        self._known_tag = Gtk.TextTag(name="variable")
        self._unknown_tag = Gtk.TextTag(name="unknown-variable", underline=Pango.Underline.ERROR)
        for tag in (self._known_tag, self._unknown_tag):
            buffer.get_tag_table().add(tag)
        self._proposals = Proposals(editor, field=editor.view)
        self._proposals.connect("chosen", self._on_proposals_chosen)
        editor.connect("changed", self._on_editor_changed)
        buffer.connect_after("mark-set", self._on_buffer_mark_set)
        editor.view.set_has_tooltip(True)
        editor.view.connect("query-tooltip", self._on_view_query_tooltip)

    def refresh(self) -> None:
        """Mark the variables again: what is known, or the text, has changed."""
        buffer, text = self._editor.buffer, self._text
        for tag in (self._known_tag, self._unknown_tag):
            buffer.remove_tag(tag, *buffer.get_bounds())
        is_dark = Adw.StyleManager.get_default().get_dark()
        self._known_tag.set_property("foreground", KNOWN_COLORS[is_dark])
        self._unknown_tag.set_property("foreground", UNKNOWN_COLORS[is_dark])
        known = self._known()
        found = places(text) if known.is_in_use and "{{" in text else []
        shown = buffer.get_text(*buffer.get_bounds(), include_hidden_chars=True)
        unknown = 0
        for one in found:
            is_known = known.has_value(one.name)
            unknown += not is_known
            start, end = (
                buffer.get_iter_at_offset(shown_offset(shown, at)) for at in (one.start, one.end)
            )
            buffer.apply_tag(self._known_tag if is_known else self._unknown_tag, start, end)
        self._show_words(_words(len(found) - unknown, unknown))

    @property
    def _text(self) -> str:
        return self._editor.text if self._editor.length <= MAX_MARKED else ""

    @property
    def _typed_name(self) -> str | None:
        buffer = self._editor.buffer
        if self._editor.preedit or buffer.get_has_selection() or not self._known().is_in_use:
            return None
        end = buffer.get_iter_at_mark(buffer.get_insert())
        start = end.copy()
        start.backward_chars(_BEFORE)
        return typed_name(buffer.get_text(start, end, True))

    def _propose(self) -> None:
        name = self._typed_name
        if name is None or not self._editor.view.has_focus():
            self._proposals.hide()
            return
        found = [Proposal(one, one, value) for one, value in self._known().proposals(name.rstrip())]
        if len(found) == 1 and found[0].text == name:
            found = []
        self._proposals.show(found, self._place(), selects=True)

    def _place(self) -> Gdk.Rectangle:
        view, buffer = self._editor.view, self._editor.buffer
        cursor = view.get_iter_location(buffer.get_iter_at_mark(buffer.get_insert()))
        x, y = view.buffer_to_window_coords(Gtk.TextWindowType.WIDGET, cursor.x, cursor.y)
        place = view.translate_coordinates(self._editor, x, y)
        at = Gdk.Rectangle()
        at.width, at.height = 1, cursor.height
        if place is not None:
            at.x, at.y = int(place[0]), int(place[1])
        return at

    def _complete(self, proposal: Proposal) -> None:
        """Replace the typed beginning by the name, with the braces after it, in a step of undo."""
        name, buffer = self._typed_name, self._editor.buffer
        if name is None:
            return
        end = buffer.get_iter_at_mark(buffer.get_insert())
        start, following = end.copy(), end.copy()
        start.backward_chars(len(name))
        following.forward_chars(2)
        if buffer.get_text(end, following, True) == "}}":
            end = following
        self._is_completing = True
        buffer.begin_user_action()
        buffer.delete(start, end)
        buffer.insert_at_cursor(f"{proposal.text}}}}}")
        buffer.end_user_action()
        self._is_completing = False
        self._proposals.hide()

    def _on_proposals_chosen(self, _proposals: Proposals, proposal: Proposal, _key: int) -> None:
        self._complete(proposal)
        self._editor.focus()

    def _on_editor_changed(self, _editor: Editor) -> None:
        if not self._timer:
            self._timer = GLib.timeout_add(_DELAY_MS, self._on_timeout)
        if not self._is_completing:
            self._propose()

    def _on_timeout(self) -> bool:
        self._timer = 0
        self.refresh()
        return GLib.SOURCE_REMOVE

    def _on_buffer_mark_set(
        self, buffer: Gtk.TextBuffer, _place: Gtk.TextIter, mark: Gtk.TextMark
    ) -> None:
        if self._proposals.are_shown and mark == buffer.get_insert():
            GLib.idle_add(self._on_idle)

    def _on_idle(self) -> bool:
        if self._proposals.are_shown:
            self._propose()
        return GLib.SOURCE_REMOVE

    def _on_view_query_tooltip(
        self, view: Gtk.TextView, x: int, y: int, _is_keyboard: bool, tooltip: Gtk.Tooltip
    ) -> bool:
        known, text = self._known(), self._text
        if not known.is_in_use or "{{" not in text:
            return False
        at = view.get_iter_at_location(
            *view.window_to_buffer_coords(Gtk.TextWindowType.WIDGET, x, y)
        )[1]
        shown = self._editor.buffer.get_text(*self._editor.buffer.get_bounds(), True)
        for one in places(text):
            start, end = (shown_offset(shown, place) for place in (one.start, one.end))
            if start <= at.get_offset() < end:
                tooltip.set_text(known.hint(one.name))
                return True
        return False


def _words(known: int, unknown: int) -> str:
    """Return what happens with the variables of a message that is sent; "" without known ones."""
    if not known:
        return ""
    words = ngettext(
        "{known} variable will be replaced", "{known} variables will be replaced", known
    ).format(known=known)
    return words + (_(", {unknown} unknown").format(unknown=unknown) if unknown else "")
