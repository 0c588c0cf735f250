"""A QR code that other computers and phones read."""

from __future__ import annotations

from gi.repository import Gdk, Graphene, Gtk

from spacebeam.wording.i18n import _

_QUIET = 4  # modules of margin (ISO/IEC 18004)
_MODULE = 6  # pixels


class QrCode(Gtk.Widget):
    """Draws a text as a QR code: black on white in dark style too, as many readers need that."""

    __gtype_name__ = "SpacebeamQrCode"

    def __init__(self) -> None:
        super().__init__(accessible_role=Gtk.AccessibleRole.IMG)
        self._modules: tuple[bytearray, ...] = ()

    def show_text(self, text: str) -> None:
        """Show the QR code of a text."""
        import segno  # it takes long, and few share a room

        self._modules = segno.make_qr(text, error="m").matrix
        side = (len(self._modules) + 2 * _QUIET) * _MODULE
        self.set_size_request(side, side)
        self.update_property(
            [Gtk.AccessibleProperty.LABEL], [_("QR code of {text}").format(text=text)]
        )
        self.queue_draw()

    def do_snapshot(self, snapshot: Gtk.Snapshot) -> None:
        side = min(self.get_width(), self.get_height())
        count = len(self._modules) + 2 * _QUIET
        module = side // count
        white, black = Gdk.RGBA(), Gdk.RGBA()
        white.parse("white")
        black.parse("black")
        snapshot.append_color(white, Graphene.Rect().init(0, 0, count * module, count * module))
        for y, row in enumerate(self._modules):
            for x, is_dark in enumerate(row):
                if is_dark:
                    place = Graphene.Rect()
                    place.init((x + _QUIET) * module, (y + _QUIET) * module, module, module)
                    snapshot.append_color(black, place)
