"""Shows an attached file, and whether it is sent as text or as binary."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import GObject, Gtk

from spacebeam.decode.preview import size
from spacebeam.ui.composer.attachment import Attachment
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_TEXT, _BINARY = range(2)
_MAX_NAMES = 10


@template("attachment_row.ui")
class AttachmentRow(Gtk.Box):
    """Shows one file, and names those that follow.

    Emits `changed` when the file or how it is sent changed, `removed` when the person removed it,
    and `finished` when it was removed or sent.
    """

    __gtype_name__ = "SpacebeamAttachmentRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "removed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "finished": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _label: Gtk.Label = Gtk.Template.Child()
    _waiting_label: Gtk.Label = Gtk.Template.Child()
    _kind_drop_down: Gtk.DropDown = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._attachment: Attachment | None = None

    @property
    def attachment(self) -> Attachment | None:
        """The attached file."""
        return self._attachment

    @property
    def is_text(self) -> bool:
        """Whether it is sent as text."""
        return self._kind_drop_down.get_selected() == _TEXT

    def show_attachment(self, attachment: Attachment | None, *, is_text: bool = False) -> None:
        """Show a file; None hides the row."""
        self._attachment = attachment
        self.set_visible(attachment is not None)
        if attachment is not None:
            self._label.set_text(f"{attachment.name}, {size(len(attachment.contents))}")
            self._kind_drop_down.set_selected(_TEXT if is_text else _BINARY)
        self.emit("changed")

    def show_waiting(self, names: Sequence[str]) -> None:
        """Name the files that are attached after this one."""
        count, listed = len(names), ", ".join(names[:_MAX_NAMES])
        more = (
            "" if count <= _MAX_NAMES else _(" and {count:,} more").format(count=count - _MAX_NAMES)
        )
        self._waiting_label.set_text(_("then {listed}{more}").format(listed=listed, more=more))
        self._waiting_label.set_tooltip_text(f"{listed}{more}")
        self._waiting_label.set_visible(bool(names))

    def finish(self) -> None:
        """Tell that the file was sent."""
        self.emit("finished")

    @Gtk.Template.Callback()
    def _on_kind_drop_down_notify_selected(
        self, _drop_down: Gtk.DropDown, _property: GObject.ParamSpec
    ) -> None:
        self.emit("changed")

    @Gtk.Template.Callback()
    def _on_remove_button_clicked(self, _button: Gtk.Button) -> None:
        self.show_attachment(None)
        self.emit("removed")
        self.emit("finished")
