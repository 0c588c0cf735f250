"""Keys of a whole conversation: Escape closes what was opened last, F6 goes from part to part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gi.repository import Gdk, GObject, Gtk

from spacebeam.ui.focus import has_focus
from spacebeam.ui.handlers import HeldBy, weak_handlers

if TYPE_CHECKING:
    from spacebeam.ui.pages.conversation_page import ConversationPage


@weak_handlers
class ConversationKeys:
    """Listens on a page. Escape reaches it after popovers and texts, F6 before all others."""

    _page: HeldBy[ConversationPage] = HeldBy()

    def __init__(self, page: ConversationPage) -> None:
        self._page = page
        self._opened: list[Gtk.Widget] = []  # the one that was opened last is the last
        filter_bar = page.filter_bar
        for widget in (page.inspector, page.rate_graph):
            widget.connect("notify::visible", self._on_widget_notify_visible)
        filter_bar.connect("opened", self._on_filter_bar_opened)
        for phase, handler in (
            (Gtk.PropagationPhase.BUBBLE, self._on_escape_key_pressed),
            (Gtk.PropagationPhase.CAPTURE, self._on_part_key_pressed),
        ):
            keys = Gtk.EventControllerKey(propagation_phase=phase)
            keys.connect("key-pressed", handler)
            page.add_controller(keys)

    def _close_last(self) -> bool:
        """Close the filter if keys go there, or what was opened last; return whether any was."""
        page = self._page
        is_open = {
            page.inspector: page.timeline.selected >= 0 or bool(page.timeline.several),
            page.rate_graph: page.rate_graph.get_visible(),
            page.filter_bar: page.filter_bar.is_open,
        }
        order = [*reversed(self._opened), *is_open]
        if has_focus(page.filter_bar):
            order.insert(0, page.filter_bar)  # the person is in it
        last = next((one for one in order if is_open.get(one)), None)
        if last is page.filter_bar:
            page.filter_bar.close()
        elif last is page.rate_graph:
            page.activate_action("tab.rates", None)
        elif last is not None and page.inspector.finding.close():
            page.inspector.focus()
        elif last is not None:
            page.close_inspector()
        return last is not None

    def _go(self, step: int) -> bool:
        """Focus the next part that is shown, or the previous one with -1.

        From elsewhere, as from the filter, it is the timeline.
        """
        page, view = self._page, self._page.view
        parts = [page.composer, view, page.inspector]
        shown = [one for one in parts if one.get_mapped()]
        here = [has_focus(one) for one in shown]
        at = here.index(True) if True in here else shown.index(view) - step
        goal = shown[(at + step) % len(shown)]
        if goal is page.composer:
            page.composer.focus()
        elif goal is page.timeline:
            page.timeline.focus_row()
        elif goal is page.inspector:
            page.inspector.focus()
        else:
            goal.child_focus(Gtk.DirectionType.TAB_FORWARD)
        if isinstance(root := page.get_root(), Gtk.Window):
            root.set_focus_visible(True)  # GTK does so for Tab alone
        return True

    def _note(self, widget: Gtk.Widget, is_open: bool) -> None:
        self._opened = [one for one in self._opened if one is not widget]
        if is_open:
            self._opened.append(widget)

    def _on_widget_notify_visible(self, widget: Gtk.Widget, _property: GObject.ParamSpec) -> None:
        self._note(widget, widget.get_visible())

    def _on_filter_bar_opened(self, filter_bar: Gtk.Widget) -> None:
        self._note(filter_bar, True)

    def _on_escape_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        pressed = state & Gtk.accelerator_get_default_mod_mask()
        return key == Gdk.KEY_Escape and not pressed and self._close_last()

    def _on_part_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        pressed = state & Gtk.accelerator_get_default_mod_mask()
        if key != Gdk.KEY_F6 or pressed not in (0, Gdk.ModifierType.SHIFT_MASK):
            return False
        return self._go(-1 if pressed else 1)
