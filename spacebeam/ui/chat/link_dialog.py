"""Opens a link of a message once the person has seen where it leads."""

from __future__ import annotations

from gi.repository import Adw, Gio, GLib, Gtk

from spacebeam.ui.chat.links import Link
from spacebeam.ui.compat import set_parent
from spacebeam.ui.recordings.dialogs import answer, show_error
from spacebeam.wording.i18n import _

_OPEN, _COPY = "open", "copy"


async def offer_link(parent: Gtk.Window, link: Link) -> None:
    """Show a link's whole address; open it in the browser, or copy it, if the person says so."""
    dialog = Adw.MessageDialog(
        heading=_("Open {host}?").format(host=link.host), body=link.url, modal=True
    )
    set_parent(dialog, parent)
    dialog.add_response("cancel", _("_Cancel"))
    dialog.add_response(_COPY, _("C_opy"))
    dialog.add_response(_OPEN, _("_Open"))
    dialog.set_default_response("cancel")
    dialog.set_close_response("cancel")
    chosen = await answer(dialog)
    if chosen == _COPY:
        parent.get_clipboard().set(link.url)
    elif chosen == _OPEN:
        try:
            Gio.AppInfo.launch_default_for_uri(link.url, None)
        except GLib.Error as error:
            await show_error(parent, _("The link could not be opened"), f"{error.message}.")
