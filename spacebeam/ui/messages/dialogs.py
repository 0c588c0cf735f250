"""Asks before a message with unknown variables is sent."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Adw, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.ui.compat import set_parent
from spacebeam.ui.recordings.dialogs import answer
from spacebeam.wording.i18n import _

_MAX_NAMES = 10


async def confirm_unknown(parent: Gtk.Window, names: Sequence[str]) -> bool:
    """Ask whether to send although these variables are unknown; return whether to send."""
    shown = ", ".join(f"{{{{{one_line(name)}}}}}" for name in names[:_MAX_NAMES])
    words = _("They are sent as they are written: {shown}").format(shown=shown)
    dialog = Adw.MessageDialog.new(None, _("Send with unknown variables?"), words)
    set_parent(dialog, parent)
    dialog.add_response("cancel", _("_Cancel"))
    dialog.add_response("send", _("_Send"))
    dialog.set_close_response("cancel")
    dialog.set_default_response("cancel")
    return await answer(dialog) == "send"
