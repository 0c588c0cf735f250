"""A link of a message, with its address."""

from __future__ import annotations

from gi.repository import Gtk, Pango

from spacebeam.ui.chat.links import Link
from spacebeam.wording.i18n import _


class LinkButton(Gtk.Button):
    """Shows where a link leads. It opens nothing itself."""

    __gtype_name__ = "SpacebeamLinkButton"

    def __init__(self, link: Link) -> None:
        super().__init__(halign=Gtk.Align.START, css_classes=["flat", "chat-link"])
        self.link = link
        label = Gtk.Label(label=link.url, xalign=0, max_width_chars=50)
        label.set_ellipsize(Pango.EllipsizeMode.MIDDLE)
        box = Gtk.Box(spacing=6)
        box.append(Gtk.Image(icon_name="adw-external-link-symbolic"))
        box.append(label)
        self.set_child(box)
        self.set_tooltip_text(_("Show the whole address, and open it"))
