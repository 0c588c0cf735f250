"""A row of the history: a sent message on one line, and when it was sent."""

from __future__ import annotations

import datetime

from gi.repository import GObject, Gtk

from spacebeam.decode.preview import binary_preview, text_preview
from spacebeam.library.sent_history import Message, SentMessage
from spacebeam.ui.recordings.recording_words import when
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_MAX_SHOWN = 300  # characters of a message


@template("sent_row.ui")
class SentRow(Gtk.ListBoxRow):
    """Emits `save-requested` and `forget-requested`."""

    __gtype_name__ = "SpacebeamSentRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "save-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "forget-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _message_label: Gtk.Label = Gtk.Template.Child()
    _time_label: Gtk.Label = Gtk.Template.Child()
    _save_button: Gtk.Button = Gtk.Template.Child()
    _forget_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self, sent: SentMessage) -> None:
        super().__init__()
        self.message: Message = sent.message
        words, time = preview(sent.message), ""
        if sent.time:
            time = when(sent.time, datetime.datetime.now().astimezone())
        self._message_label.set_text(words)
        self._time_label.set_text(time)
        label = Gtk.AccessibleProperty.LABEL
        self.update_property(
            [label], [_("{words}, sent {time}").format(words=words, time=time) if time else words]
        )
        self._save_button.update_property([label], [_("Save {words}").format(words=words)])
        self._forget_button.update_property([label], [_("Forget {words}").format(words=words)])

    @Gtk.Template.Callback()
    def _on_save_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("save-requested")

    @Gtk.Template.Callback()
    def _on_forget_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("forget-requested")


def preview(message: Message) -> str:
    """Return the beginning of a message on one line, safe to show; bytes in hexadecimal."""
    if isinstance(message, bytes):
        return binary_preview(message)
    return text_preview(message[: _MAX_SHOWN + 1].encode(errors="replace"))
