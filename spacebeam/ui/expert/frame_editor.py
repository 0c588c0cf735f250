"""The dialog that sends any frame, valid by RFC 6455 or not."""

from __future__ import annotations

import os

from gi.repository import Adw, GObject, Gtk

from spacebeam.protocol.frames import Opcode
from spacebeam.protocol.raw_frame import LengthForm, RawFrame, RawFrameError, opcode_name
from spacebeam.ui.composer.draft import DraftError, PayloadFormat, message
from spacebeam.ui.expert.frame_preview import FramePreview
from spacebeam.ui.expert.payload_field import PayloadField
from spacebeam.ui.remembered_dialog import make_remembered
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

OPCODES = tuple(f"{opcode} {opcode_name(opcode)}" for opcode in range(16))
_RANDOM, _GIVEN, _NONE = range(3)
_NOT_CONNECTED = _("Not connected.")
_MASKS = (_("Random"), _("Given"), _("None"))
_LENGTHS = (
    (LengthForm.SHORTEST, _("Shortest form")),
    (LengthForm.BITS_7, "7 bits"),
    (LengthForm.BITS_16, "16 bits"),
    (LengthForm.BITS_64, "64 bits"),
)


@template("frame_editor.ui")
class FrameEditor(Adw.Window):
    """Emits `send-requested` (a RawFrame) and stays open for the next frame."""

    __gtype_name__ = "SpacebeamFrameEditor"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "send-requested": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
    }

    _opcode_row: Adw.ComboRow = Gtk.Template.Child()
    _fin_check: Gtk.CheckButton = Gtk.Template.Child()
    _rsv1_check: Gtk.CheckButton = Gtk.Template.Child()
    _rsv2_check: Gtk.CheckButton = Gtk.Template.Child()
    _rsv3_check: Gtk.CheckButton = Gtk.Template.Child()
    _mask_row: Adw.ComboRow = Gtk.Template.Child()
    _given_row: Adw.EntryRow = Gtk.Template.Child()
    _mask_label: Gtk.Label = Gtk.Template.Child()
    _length_row: Adw.ComboRow = Gtk.Template.Child()
    _claimed_row: Adw.EntryRow = Gtk.Template.Child()
    _length_label: Gtk.Label = Gtk.Template.Child()
    _payload_field: PayloadField = Gtk.Template.Child()
    _frame_preview: FramePreview = Gtk.Template.Child()
    _preview_label: Gtk.Label = Gtk.Template.Child()
    _outcome_label: Gtk.Label = Gtk.Template.Child()
    _send_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        make_remembered(self, self._opcode_row)
        self._is_open = False
        self._frame: RawFrame | None = None
        self._random_mask = os.urandom(4)  # chosen before sending, so that it can be shown
        self._opcode_row.set_model(Gtk.StringList.new(list(OPCODES)))
        self._opcode_row.set_selected(Opcode.TEXT)
        self._mask_row.set_model(Gtk.StringList.new(list(_MASKS)))
        self._length_row.set_model(Gtk.StringList.new([name for _form, name in _LENGTHS]))
        self._refresh()

    def show_open(self, is_open: bool) -> None:
        """Enable or disable sending."""
        if not is_open:
            self.show_outcome(_NOT_CONNECTED)
        elif not self._is_open:
            self.show_outcome("")  # a frame is unsent only while there is no connection
        self._is_open = is_open
        self._refresh()

    def show_outcome(self, words: str) -> None:
        """Show whether the last frame was sent; "" hides the text."""
        self._outcome_label.set_text(words)
        self._outcome_label.set_visible(bool(words))

    def _build(self) -> RawFrame:
        """Return the frame. Raises RawFrameError or DraftError."""
        checks = (self._rsv1_check, self._rsv2_check, self._rsv3_check)
        rsv = sum(4 >> place for place, check in enumerate(checks) if check.get_active())
        chosen = self._mask_row.get_selected()
        mask = self._random_mask if chosen == _RANDOM else b""
        if chosen == _GIVEN:
            mask = parse_mask(self._given_row.get_text())
        return RawFrame(
            self._payload_field.payload(),
            min(
                self._opcode_row.get_selected(), 15
            ),  # nothing is selected while the list is filled
            fin=self._fin_check.get_active(),
            rsv=rsv,
            mask=mask,
            length_form=_LENGTHS[min(self._length_row.get_selected(), len(_LENGTHS) - 1)][0],
            claimed_length=parse_claimed_length(self._claimed_row.get_text()),
        )

    def _refresh(self) -> None:
        field, words = "", ""
        self._frame = None
        try:
            self._frame = self._build()
        except RawFrameError as error:
            field, words = error.field, str(error)
        except DraftError:
            pass  # the payload field shows the error
        self._given_row.set_visible(self._mask_row.get_selected() == _GIVEN)
        is_hint = not self._given_row.get_text()  # nothing was typed that could be wrong
        _mark(self._given_row, self._mask_label, words if field == "mask" else "", is_hint=is_hint)
        wrong_length = field in ("length_form", "claimed_length")
        _mark(self._claimed_row, self._length_label, words if wrong_length else "")
        self._frame_preview.show_frame(self._frame)
        self._preview_label.set_text(self._total())
        self._send_button.set_sensitive(self._is_open and self._frame is not None)

    def _total(self) -> str:
        if self._frame is None:
            return _("The frame is not complete.")
        size = len(self._frame.header()) + len(self._frame.payload)
        return _("{size:,} bytes will be sent.").format(size=size)

    def _send(self) -> None:
        frame = self._frame
        if frame is not None and self._is_open:
            self._random_mask = os.urandom(4)
            self._refresh()
            self.emit("send-requested", frame)

    @Gtk.Template.Callback()
    def _on_row_changed(self, _row: Adw.EntryRow) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_row_notify_selected(self, _row: Adw.ComboRow, _property: GObject.ParamSpec) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_check_toggled(self, _check: Gtk.CheckButton) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_payload_field_changed(self, _field: PayloadField) -> None:
        self._refresh()

    @Gtk.Template.Callback()
    def _on_payload_field_activate(self, _field: PayloadField) -> None:
        self._send()

    @Gtk.Template.Callback()
    def _on_row_entry_activated(self, _row: Adw.EntryRow) -> None:
        self._send()

    @Gtk.Template.Callback()
    def _on_send_button_clicked(self, _button: Gtk.Button) -> None:
        self._send()


def _mark(row: Adw.EntryRow, label: Gtk.Label, words: str, *, is_hint: bool = False) -> None:
    label.set_text(words)
    label.set_visible(bool(words))
    label.set_css_classes(["caption", "dim-label" if is_hint else "error"])
    if words and not is_hint:
        row.add_css_class("error")
    else:
        row.remove_css_class("error")


def parse_mask(typed: str) -> bytes:
    """Return a mask of 4 bytes, typed in hexadecimal. Raises RawFrameError."""
    try:
        mask = message(PayloadFormat.HEX, typed)
    except DraftError as error:
        raise RawFrameError("mask", str(error)) from None
    if not isinstance(mask, bytes) or len(mask) != 4:
        raise RawFrameError("mask", _("A mask has four bytes, such as 37 fa 21 3d."))
    return mask


def parse_claimed_length(typed: str) -> int | None:
    """Return a length in bytes, or None if nothing is typed. Raises RawFrameError."""
    typed = typed.strip().replace(",", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 20:
        raise RawFrameError("claimed_length", _("The length must be a number of bytes."))
    return int(typed)
