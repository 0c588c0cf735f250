"""The dialog that waits while the person signs in in a browser."""

from __future__ import annotations

from gi.repository import Adw, Gio, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.session.oauth.values import DeviceCode
from spacebeam.ui.compat import set_parent
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _
from spacebeam.wording.oauth import browser_words, code_words


@template("sign_in_dialog.ui")
class SignInDialog(Adw.MessageDialog):
    """Shows an address, and a code if there is one; responds with `cancel`."""

    __gtype_name__ = "SpacebeamSignInDialog"

    _code_label: Gtk.Label = Gtk.Template.Child()
    _address_label: Gtk.Label = Gtk.Template.Child()
    _copy_button: Gtk.Button = Gtk.Template.Child()
    _open_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self, parent: Gtk.Window, address: str, code: DeviceCode | None = None) -> None:
        super().__init__()
        set_parent(self, parent)
        self._opened = address if code is None else code.complete_url or code.url
        self._copied = address if code is None else code.code
        self.set_body(browser_words() if code is None else code_words())
        self._copy_button.set_label(_("_Copy Address") if code is None else _("_Copy Code"))
        self._address_label.set_text(one_line(address))
        self._address_label.set_tooltip_text(one_line(address))
        if code is not None:
            self._code_label.set_text(one_line(code.code))
            self._code_label.set_visible(True)

    def open_browser(self) -> None:
        """Open the address in the desktop's browser."""
        context = self.get_display().get_app_launch_context()
        # Without a browser nothing happens: the address can be copied.
        Gio.AppInfo.launch_default_for_uri_async(self._opened, context, None, None)

    @Gtk.Template.Callback()
    def _on_copy_button_clicked(self, _button: Gtk.Button) -> None:
        self.get_clipboard().set(self._copied)

    @Gtk.Template.Callback()
    def _on_open_button_clicked(self, _button: Gtk.Button) -> None:
        self.open_browser()
