"""How the keeping goes, where it does not go as usual: a fault, or a recording in memory alone."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.recording.errors import StorageError
from spacebeam.ui.template import template

_RETRY, _RETRYING = "Try Again", "Trying…"


@template("storage_bar.ui")
class StorageBar(Gtk.Box):
    """Shows why nothing can be kept, with what can be done; or a remark; or nothing."""

    __gtype_name__ = "SpacebeamStorageBar"

    _label: Gtk.Label = Gtk.Template.Child()
    _retry_button: Gtk.Button = Gtk.Template.Child()
    _elsewhere_button: Gtk.Button = Gtk.Template.Child()

    def show_narrow(self, is_narrow: bool) -> None:
        """Whether there is little room: the buttons stand beneath the words then."""
        upright = Gtk.Orientation.VERTICAL if is_narrow else Gtk.Orientation.HORIZONTAL
        self.set_orientation(upright)

    def show_keeping(self, fault: StorageError | None, remark: str = "") -> None:
        """Show a fault; without one, the remark if there is any."""
        words = remark if fault is None else str(fault)
        self.set_visible(bool(words))
        self._retry_button.set_label(_RETRY)
        self._label.set_text(words)
        self._retry_button.set_visible(fault is not None)
        self._elsewhere_button.set_visible(fault is not None)
        (self.remove_css_class if fault is None else self.add_css_class)("fault")

    @Gtk.Template.Callback()
    def _on_retry_button_clicked(self, button: Gtk.Button) -> None:
        button.set_label(_RETRYING)  # until it is told how it went
