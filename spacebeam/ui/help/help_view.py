"""Shows a page of the help in a text view, with links that mouse and keys follow."""

from __future__ import annotations

from gi.repository import Gdk, GObject, Gtk

from spacebeam.help.topics import page
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.help.page_tags import MARGIN, PageTags
from spacebeam.ui.help.page_text import PageLink, topic_text
from spacebeam.ui.hyphens import never_hyphenate

_TOP = 0.0  # of the view, where a heading is scrolled to
_THIRD = 0.3


@weak_handlers
class HelpView(Gtk.TextView):
    """A topic's page. Tab selects the next link, Enter follows it.

    Each topic has a view of its own: GTK 4.8 complains if a text is replaced while it is drawn.

    Emits `followed` with a link's target.
    """

    __gtype_name__ = "SpacebeamHelpView"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "followed": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    def __init__(self, topic: str) -> None:
        super().__init__(
            editable=False,
            cursor_visible=False,
            accepts_tab=False,
            wrap_mode=Gtk.WrapMode.WORD_CHAR,
            left_margin=MARGIN,
            right_margin=MARGIN,
            top_margin=MARGIN,
            bottom_margin=2 * MARGIN,
        )
        self.topic = topic
        self._text = topic_text(topic)
        self._matches: list[tuple[int, int]] = []
        self._tags = self._show_text()
        self._add_controllers()
        self.update_property([Gtk.AccessibleProperty.LABEL], [page(topic).title])

    def _show_text(self) -> PageTags:
        """Show the page, and return the tags of its text."""
        buffer = self.get_buffer()
        never_hyphenate(buffer)
        tags = PageTags(buffer)
        tags.set_first_column(self._width_of(self._text.beside))
        buffer.set_text(self._text.text)
        for mark, ranges in self._text.ranges.items():
            for start, end in ranges:
                buffer.apply_tag(tags[mark], *self._iters(start, end))
        buffer.place_cursor(buffer.get_start_iter())
        return tags

    def _add_controllers(self) -> None:
        keys = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)
        click = Gtk.GestureClick(button=Gdk.BUTTON_PRIMARY)
        click.connect("released", self._on_click_released)
        self.add_controller(click)
        motion = Gtk.EventControllerMotion()
        motion.connect("motion", self._on_motion)
        self.add_controller(motion)

    # The page

    def go_to(self, anchor: str) -> None:
        """Scroll to a heading; "" is the beginning."""
        self.scroll_to(self._text.anchors.get(anchor, 0), _TOP)

    @property
    def offset(self) -> int:
        """The place at the top edge of the view, in characters."""
        visible = self.get_visible_rect()
        _is_over, top = self.get_iter_at_location(visible.x + MARGIN, visible.y)
        return int(top.get_offset())

    def scroll_to(self, offset: int, height: float = _TOP) -> None:
        """Move the cursor to a place in the text and scroll it to a height of the view, 0 to 1."""
        buffer = self.get_buffer()
        buffer.place_cursor(buffer.get_iter_at_offset(offset))
        if offset:
            # By the mark, it is scrolled there once the lines have their heights.
            self.scroll_to_mark(buffer.get_insert(), 0, True, 0, height)
        elif (adjustment := self.get_vadjustment()) is not None:
            adjustment.set_value(0)  # with the margin

    def _width_of(self, characters: int) -> int:
        """Return the pixels of characters in the tables' first column."""
        layout = self.create_pango_layout("0" * characters)
        return int(layout.get_pixel_size()[0] * 1.1)

    # Matches

    def find(self, words: str) -> int:
        """Mark all places that have these words; return how many there are."""
        buffer = self.get_buffer()
        for tag in (self._tags.match, self._tags.current_match):
            buffer.remove_tag(tag, *buffer.get_bounds())
        self._matches = self._text.matches(words)
        for start, end in self._matches:
            buffer.apply_tag(self._tags.match, *self._iters(start, end))
        return len(self._matches)

    def show_match(self, place: int) -> None:
        """Mark a match as the current one, select it and scroll to it."""
        buffer = self.get_buffer()
        buffer.remove_tag(self._tags.current_match, *buffer.get_bounds())
        start, end = self._matches[place]
        buffer.apply_tag(self._tags.current_match, *self._iters(start, end))
        self._select(start, end)

    def _select(self, start: int, end: int) -> None:
        buffer = self.get_buffer()
        first, last = self._iters(start, end)
        buffer.select_range(last, first)
        self.scroll_to_mark(buffer.get_insert(), 0.1, False, 0, _THIRD)

    def _iters(self, start: int, end: int) -> tuple[Gtk.TextIter, Gtk.TextIter]:
        buffer = self.get_buffer()
        return buffer.get_iter_at_offset(start), buffer.get_iter_at_offset(end)

    # Links

    def _link_at(self, offset: int) -> PageLink | None:
        return next((one for one in self._text.links if one.start <= offset < one.end), None)

    def _link_at_point(self, x: float, y: float) -> PageLink | None:
        place = self.window_to_buffer_coords(Gtk.TextWindowType.WIDGET, int(x), int(y))
        is_over, found = self.get_iter_at_location(*place)
        return self._link_at(found.get_offset()) if is_over else None

    def _step(self, *, forward: bool) -> bool:
        """Select the link after or before the cursor; return whether there is one."""
        buffer = self.get_buffer()
        marks = buffer.get_insert(), buffer.get_selection_bound()
        places = [buffer.get_iter_at_mark(mark).get_offset() for mark in marks]
        if forward:
            found = (one for one in self._text.links if one.start >= max(places))
        else:
            found = (one for one in reversed(self._text.links) if one.end <= min(places))
        link = next(found, None)
        if link is not None:
            self._select(link.start, link.end)
        return link is not None

    def _follow_selected(self) -> bool:
        bounds = self.get_buffer().get_selection_bounds()
        link = self._link_at(bounds[0].get_offset()) if bounds else None
        if link is not None:
            self.emit("followed", link.target)
        return link is not None

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        pressed = state & Gtk.accelerator_get_default_mod_mask()
        if key in (Gdk.KEY_Tab, Gdk.KEY_ISO_Left_Tab, Gdk.KEY_KP_Tab):
            is_back = bool(pressed & Gdk.ModifierType.SHIFT_MASK)
            return not pressed & ~Gdk.ModifierType.SHIFT_MASK and self._step(forward=not is_back)
        if key in (Gdk.KEY_Return, Gdk.KEY_KP_Enter) and not pressed:
            return self._follow_selected()
        return False

    def _on_click_released(self, _click: Gtk.GestureClick, _count: int, x: float, y: float) -> None:
        link = self._link_at_point(x, y)
        if link is not None and not self.get_buffer().get_has_selection():
            self.emit("followed", link.target)

    def _on_motion(self, _motion: Gtk.EventControllerMotion, x: float, y: float) -> None:
        self.set_cursor_from_name("pointer" if self._link_at_point(x, y) else "text")
