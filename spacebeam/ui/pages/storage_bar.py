"""A bar that explains why entries are not saved, or are only in memory."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.recording.errors import StorageError
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import storage_words

_RETRY, _RETRYING = _("Try Again"), _("Trying…")


@template("storage_bar.ui")
class StorageBar(Gtk.Box):
    """Shows a storage error with its remedies, or a remark; hidden without either."""

    __gtype_name__ = "SpacebeamStorageBar"

    _label: Gtk.Label = Gtk.Template.Child()
    _retry_button: Gtk.Button = Gtk.Template.Child()
    _elsewhere_button: Gtk.Button = Gtk.Template.Child()

    def show_narrow(self, is_narrow: bool) -> None:
        """Put the buttons below the text if the window is narrow."""
        upright = Gtk.Orientation.VERTICAL if is_narrow else Gtk.Orientation.HORIZONTAL
        self.set_orientation(upright)

    def show_state(self, error: StorageError | None, remark: str = "") -> None:
        """Show an error, or else the remark if there is one."""
        words = remark if error is None else storage_words(error)
        self.set_visible(bool(words))
        self._retry_button.set_label(_RETRY)
        self._label.set_text(words)
        self._retry_button.set_visible(error is not None)
        self._elsewhere_button.set_visible(error is not None)
        (self.remove_css_class if error is None else self.add_css_class)("fault")

    @Gtk.Template.Callback()
    def _on_retry_button_clicked(self, button: Gtk.Button) -> None:
        button.set_label(_RETRYING)  # until `show_state` is called
