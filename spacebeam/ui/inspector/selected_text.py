"""The selected text of a page leaves the window as it was rendered.

GTK would copy, drag and offer to the middle mouse button what its buffer has, with the line feeds
that were put into long lines.
"""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Gdk, GLib, Gtk

from spacebeam.ui.clipboard import content
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.copying import selection_notice
from spacebeam.ui.inspector.pages import Page


@weak_handlers
class SelectedText:
    """Gives away what is selected in a text view that shows a page.

    `page` returns the page that is shown; `is_part` whether there is more than this page.
    """

    def __init__(
        self, view: Gtk.TextView, page: Callable[[], Page | None], is_part: Callable[[], bool]
    ) -> None:
        self._view, self._buffer = view, view.get_buffer()
        self._page, self._is_part = page, is_part
        self._offered: Gdk.ContentProvider | None = None  # to the middle mouse button
        self._idle = 0
        view.connect("copy-clipboard", self._on_view_copy_clipboard)
        # Before the view's own gesture, which would drag what the buffer has.
        drag = Gtk.DragSource(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        drag.connect("prepare", self._on_drag_prepare)
        drag.connect("drag-begin", self._on_drag_begin)
        view.add_controller(drag)
        # While it is realized the view offers what the buffer has, unless that is undone.
        view.connect_after("realize", self._on_view_realize)
        view.connect("unrealize", self._on_view_unrealize)
        self._buffer.connect("mark-set", self._on_buffer_mark_set)

    @property
    def text(self) -> str:
        """The selected text; "" if nothing is selected."""
        bounds, page = self._buffer.get_selection_bounds(), self._page()
        if not bounds or page is None:
            return ""
        begin, end = (page.to_rendered(one.get_offset()) for one in bounds)
        return page.rendered[begin:end]

    def _notify(self) -> None:
        """Tell what the selected text lacks."""
        text, page = self.text, self._page()
        is_page = page is not None and self._is_part() and len(text) == len(page.rendered)
        notice = selection_notice(text, is_page=is_page)
        if notice:
            self._view.activate_action("tab.notify", GLib.Variant("s", notice))

    def _on_view_copy_clipboard(self, view: Gtk.TextView) -> None:
        if text := self.text:
            view.stop_emission_by_name("copy-clipboard")
            view.get_clipboard().set_content(content(text))
            self._notify()

    def _on_drag_prepare(
        self, _drag: Gtk.DragSource, x: float, y: float
    ) -> Gdk.ContentProvider | None:
        bounds = self._buffer.get_selection_bounds()
        place = self._view.window_to_buffer_coords(Gtk.TextWindowType.WIDGET, int(x), int(y))
        is_over, pressed = self._view.get_iter_at_location(*place)
        if not bounds or not is_over or not pressed.in_range(*bounds):
            return None
        text = self.text
        return content(text) if text else None

    def _on_drag_begin(self, _drag: Gtk.DragSource, _dragged: Gdk.Drag) -> None:
        self._notify()

    def _on_view_realize(self, view: Gtk.TextView) -> None:
        self._buffer.remove_selection_clipboard(view.get_primary_clipboard())

    def _on_view_unrealize(self, view: Gtk.TextView) -> None:
        self._buffer.add_selection_clipboard(view.get_primary_clipboard())

    def _on_buffer_mark_set(
        self, _buffer: Gtk.TextBuffer, _place: Gtk.TextIter, _mark: Gtk.TextMark
    ) -> None:
        if not self._idle:  # while the pointer selects, once a turn
            self._idle = GLib.idle_add(self._on_idle)

    def _on_idle(self) -> bool:
        self._idle = 0
        clipboard, text = self._view.get_primary_clipboard(), self.text
        if text:
            self._offered = content(text)
            clipboard.set_content(self._offered)
        elif self._offered is not None and clipboard.get_content() is self._offered:
            self._offered = None
            clipboard.set_content(None)
        return GLib.SOURCE_REMOVE
