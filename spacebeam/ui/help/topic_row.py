"""A row in the help's list of topics."""

from __future__ import annotations

from gi.repository import Gtk, Pango

from spacebeam.help.page import HelpPage

_WIDTH = 22  # characters


class TopicRow(Gtk.ListBoxRow):
    """Shows a topic's title, and while something is searched, how often its page has it."""

    __gtype_name__ = "SpacebeamTopicRow"

    def __init__(self, page: HelpPage) -> None:
        self.topic = page.topic
        self._label = Gtk.Label(
            label=page.title,
            xalign=0,
            hexpand=True,
            width_chars=_WIDTH,
            ellipsize=Pango.EllipsizeMode.END,
        )
        self._count_label = Gtk.Label(visible=False, css_classes=["badge", "numeric"])
        box = Gtk.Box(spacing=6)
        box.append(self._label)
        box.append(self._count_label)
        super().__init__(child=box, tooltip_text=page.summary)

    def show_count(self, count: int | None) -> None:
        """Show how many matches the page has; None while nothing is searched."""
        self._count_label.set_visible(bool(count))
        self._count_label.set_text(str(count or ""))
        self._label.set_css_classes(["dim-label"] if count == 0 else [])
