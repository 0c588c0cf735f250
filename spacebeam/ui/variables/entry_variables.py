"""Variables in one-line fields: proposed while `{{` is typed, marked if unknown, shown on hover."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Adw, Gdk, GLib, Gtk, Pango

from spacebeam.profiles.variables import Place, places
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.proposals import Proposal, Proposals
from spacebeam.ui.variables.known import KNOWN_COLORS, UNKNOWN_COLORS, Known, typed_name
from spacebeam.wording.i18n import _


@weak_handlers
class EntryVariables:
    """The variables of a field, which is a Gtk.Entry or an Adw.EntryRow.

    `known` returns the variables when they are needed. The field's accessible description says
    which ones are unknown.
    """

    def __init__(self, field: Gtk.Entry | Adw.EntryRow, known: Callable[[], Known]) -> None:
        text = field.get_delegate()
        assert isinstance(text, Gtk.Text)
        self._field = field
        self._text = text
        self._known = weakly(known)
        self._proposals = Proposals(field)
        self._proposals.connect("chosen", self._on_proposals_chosen)
        self._is_completing = False
        self._has_marks = False
        focus = Gtk.EventControllerFocus()
        focus.connect("leave", self._on_focus_leave)
        text.add_controller(focus)
        text.connect("changed", self._on_text_changed)
        text.connect("notify::cursor-position", self._on_text_notify_cursor_position)
        text.set_has_tooltip(True)
        text.connect("query-tooltip", self._on_text_query_tooltip)
        self.refresh()
        GLib.idle_add(self._on_idle)  # it may be made while a name is typed

    @property
    def are_proposed(self) -> bool:
        """Whether names are proposed now."""
        return self._proposals.are_shown

    def refresh(self) -> None:
        """Mark the unknown variables again: what is known has changed."""
        typed = self._text.get_text()
        if "{{" not in typed:
            if self._has_marks:
                self._has_marks = False
                self._text.set_attributes(None)
                self._describe("")
            return
        self._has_marks = True
        unknown = self._known().unknown(typed)
        names = ", ".join(dict.fromkeys(one.name for one in unknown))
        self._describe(_("Unknown variables: {names}").format(names=names) if names else "")
        if self._text.get_visibility():
            self._text.set_attributes(_marks(typed, unknown))

    def _describe(self, words: str) -> None:
        for one in (self._field, self._text):
            one.update_property([Gtk.AccessibleProperty.DESCRIPTION], [words])

    def _propose(self) -> None:
        at = self._text.get_position()
        name = typed_name(self._text.get_text()[:at])
        if name is None or not self._text.has_focus():
            self._proposals.hide()
            return
        found = [Proposal(one, one, value) for one, value in self._known().proposals(name.rstrip())]
        if len(found) == 1 and found[0].text == name:
            found = []
        self._proposals.show(found, self._place(at - len(name)), selects=True)

    def _place(self, position: int) -> Gdk.Rectangle:
        """Return where a character is in the field."""
        extents = self._text.compute_cursor_extents(max(position, 0))[0]
        found = Gdk.Rectangle()
        at = self._text.translate_coordinates(self._field, extents.get_x(), 0)
        x = 0 if at is None else max(0, min(int(at[0]), self._field.get_width() - 1))
        found.x, found.y, found.width, found.height = x, 0, 1, self._field.get_height()
        return found

    def _complete(self, proposal: Proposal) -> None:
        """Replace the typed beginning by the name, with the braces after it."""
        position, typed = self._text.get_position(), self._text.get_text()
        name = typed_name(typed[:position])
        if name is None:
            return
        self._is_completing = True
        start = position - len(name)
        self._text.delete_text(start, position)
        rest = self._text.get_text()[start:]
        has_end = rest.lstrip().startswith("}}")
        inserted = proposal.text + ("" if has_end else "}}")
        place = self._text.insert_text(inserted, start)  # type: ignore[no-untyped-call]
        self._text.set_position(place + (rest.index("}}") + 2 if has_end else 0))
        self._is_completing = False
        self._proposals.hide()

    def _on_proposals_chosen(self, _proposals: Proposals, proposal: Proposal, _key: int) -> None:
        self._complete(proposal)

    def _on_focus_leave(self, _focus: Gtk.EventControllerFocus) -> None:
        self._proposals.hide()

    def _on_text_changed(self, _text: Gtk.Text) -> None:
        self.refresh()
        if not self._is_completing:
            GLib.idle_add(self._on_idle)  # GTK moves the cursor afterwards

    def _on_idle(self) -> bool:
        self._propose()
        return GLib.SOURCE_REMOVE

    def _on_text_notify_cursor_position(self, _text: Gtk.Text, _property: object) -> None:
        if self._proposals.are_shown and not self._is_completing:
            self._propose()

    def _on_text_query_tooltip(
        self, text: Gtk.Text, x: int, _y: int, _is_keyboard: bool, tooltip: Gtk.Tooltip
    ) -> bool:
        typed = text.get_text()
        for one in places(typed) if "{{" in typed else ():
            left, right = (
                text.compute_cursor_extents(at)[0].get_x() for at in (one.start, one.end)
            )
            if left <= x <= right:
                tooltip.set_text(self._known().hint(one.name))
                return True
        return False


def _marks(typed: str, unknown: list[Place]) -> Pango.AttrList:
    """Return the colors of the variables; unknown ones are underlined too."""
    marks = Pango.AttrList()
    is_dark = Adw.StyleManager.get_default().get_dark()
    name_color, unknown_color = KNOWN_COLORS[is_dark], UNKNOWN_COLORS[is_dark]
    for one in places(typed):
        is_unknown = one in unknown
        start, end = (len(typed[:at].encode()) for at in (one.start, one.end))
        color = Pango.Color()
        color.parse(unknown_color if is_unknown else name_color)
        made = [Pango.attr_foreground_new(color.red, color.green, color.blue)]
        if is_unknown:
            made.append(Pango.attr_underline_new(Pango.Underline.ERROR))
        for attribute in made:
            attribute.start_index, attribute.end_index = start, end
            marks.insert(attribute)
    return marks
