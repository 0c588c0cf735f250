"""The QR code of an address."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.chat.qr_code import QrCode
from tests.ui.doing import shown


async def test_a_qr_code_is_drawn_with_its_margin() -> None:
    async with shown(QrCode()) as code:
        code.show_text("ws://192.168.1.20:22326/chat/abcdefghijkl")
        snapshot = Gtk.Snapshot()
        side = code.measure(Gtk.Orientation.HORIZONTAL, -1)[0]
        assert side % (29 + 8) == 0
        code.do_snapshot(snapshot)
        assert snapshot.to_node() is not None
