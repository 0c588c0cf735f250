"""Scrolls the timeline: it follows the newest entry until the person scrolls up."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import GLib, GObject, Gtk

from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.timeline.scroll_anchor import ScrollAnchor, VisibleRows
from spacebeam.ui.timeline.timeline_model import TimelineModel


@weak_handlers
class Scrolling:
    """Follows the newest entry, or keeps an entry in view while the list is rebuilt.

    `on_scrolled` is called after every change of the position, the length or the following,
    `on_resized` with the rows that are no longer visible after the list became lower.
    """

    def __init__(
        self,
        view: Gtk.ListView,
        adjustment: Gtk.Adjustment,
        model: TimelineModel,
        on_scrolled: Callable[[], None],
        on_resized: Callable[[int], None],
    ) -> None:
        self._view = view
        self._model = model
        self.visible = VisibleRows(adjustment, model)
        self.anchor = ScrollAnchor(self.visible, model)
        self.is_following = True  # whether the list scrolls to new entries
        self.is_restoring = False  # whether the list scrolled to the anchor in this frame
        self.must_scroll = False  # to the end, in the next frame
        self._on_scrolled = weakly(on_scrolled)
        self._on_resized = weakly(on_resized)
        self._stopped_at = -1  # number of the newest entry when following stopped
        self._value = self._height = 0.0
        adjustment.connect("changed", self._on_adjustment_changed)
        adjustment.connect("value-changed", self._on_adjustment_value_changed)
        adjustment.connect("notify::page-size", self._on_adjustment_notify_page_size)

    @property
    def is_away(self) -> bool:
        """Whether the newest entries are out of view and are not followed."""
        return not self.is_following and not self.visible.is_at_end

    @property
    def is_moving(self) -> bool:
        """Whether the list scrolled in this frame, or will in the next."""
        return self.must_scroll or self.is_restoring

    def follow(self) -> None:
        """Scroll to the newest entry, and follow new ones."""
        self.anchor.forget()
        self.set_following(True)
        self.must_scroll = True

    def set_following(self, is_following: bool) -> None:
        """Follow new entries from now on, or stay."""
        if is_following != self.is_following:
            self._stopped_at = self._model.number(self._model.get_n_items() - 1)
        self.is_following = is_following
        self.must_scroll &= is_following  # or the list would scroll away again
        self._on_scrolled()

    def count_new(self, length: int) -> int:
        """Return how many of a list's entries came since it stopped following."""
        if self.is_following:
            return 0
        return length - self._model.view.position(self._stopped_at + 1)

    def save_position(self) -> None:
        """Scroll back to the visible entry once the list has been rebuilt."""
        if not (self.is_following or self.anchor.is_set):
            self.anchor.save()

    def restore_position(self, position: int | None, *, is_complete: bool) -> None:
        """Scroll to the anchor at a position; None while it is not known."""
        if position is None:
            return
        target = self.anchor.next_target(position, is_complete=is_complete)
        if target is not None:
            self.is_restoring = True
            self.scroll_to(min(target, self._model.get_n_items() - 1))

    def scroll_to_end(self) -> bool:
        """Scroll to the end if that is due; return whether it was."""
        was_due, self.must_scroll = self.must_scroll, False
        if was_due:
            self.scroll_to(self._model.get_n_items() - 1)
        return was_due

    def scroll_to(self, position: int) -> None:
        """Scroll to the row at a position; -1 does nothing."""
        if position >= 0:
            target = GLib.Variant.new_uint32(position)
            self._view.activate_action("list.scroll-to-item", target)

    def _on_adjustment_changed(self, adjustment: Gtk.Adjustment) -> None:
        # This signal comes before `value-changed`, so that a value that changes with the length or
        # height is not mistaken for scrolling by the person.
        self._value = adjustment.get_value()
        self._on_scrolled()

    def _on_adjustment_value_changed(self, adjustment: Gtk.Adjustment) -> None:
        before, self._value = self._value, adjustment.get_value()
        if self._value != before and not self.is_restoring and not self.anchor.is_set:
            if self.visible.is_at_end and self.visible.is_scrollable and not self.is_following:
                self.set_following(True)
            elif self._value < before - 1 and not self.visible.is_at_end and self.is_following:
                self.set_following(False)
        self._on_scrolled()

    def _on_adjustment_notify_page_size(
        self, adjustment: Gtk.Adjustment, _property: GObject.ParamSpec
    ) -> None:
        before, self._height = self._height, adjustment.get_page_size()
        self._on_resized(self.visible.rows_in(before - self._height))
