"""The first screen: an address, Connect, and the error if connecting failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gi.repository import Adw, Gdk, GLib, GObject, Gtk, Pango

from spacebeam.decode.visible import lines, one_line
from spacebeam.protocol.secrets import MASK, blank_address, saved_address
from spacebeam.ui.focus import select_all
from spacebeam.ui.hyphens import never_hyphenate
from spacebeam.ui.long_lines import copy_whole, show_text
from spacebeam.ui.pages.saved_bar import SavedBar
from spacebeam.ui.pages.upright_layout import UprightLayout
from spacebeam.ui.surface_width import NARROW, SurfaceWidth
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_MAX_RECENT_SHOWN = 6
_MIN_PASTED = 8  # characters that nobody types at once
_NO_OPTIONS = _("No options")
_USUAL_SCHEME = "wss://"  # which the cards leave out


@dataclass(frozen=True, slots=True)
class RecentAddress:
    """An address that was connected to before."""

    address: str
    options: str = ""  # what differs from the defaults; "" for nothing
    when: str = ""  # the last connection, in words


@template("connection_page.ui")
class ConnectionPage(Adw.Bin):
    """Emits `connect-requested` (the typed address), `cancel-requested`, `chat-requested`,
    `recent-chosen` and `forget-requested` (an address), `options-requested`, `save-requested`,
    `define-requested` (the name of a variable) and `certificate-requested`; emits `typed` when the
    address changes, and `pasted` when that is a command line or headers: the text, and the address
    before."""

    __gtype_name__ = "SpacebeamConnectionPage"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "connect-requested": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "cancel-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "chat-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "options-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "certificate-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "save-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "define-requested": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "typed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "pasted": (GObject.SignalFlags.RUN_FIRST, None, (str, str)),
        "recent-chosen": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
        "forget-requested": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    saved_bar: SavedBar = Gtk.Template.Child("_saved_bar")
    address_entry: Gtk.Entry = Gtk.Template.Child("_address_entry")
    _logo_image: Gtk.Image = Gtk.Template.Child()
    _connect_button: Gtk.Button = Gtk.Template.Child()
    _resolved_label: Gtk.Label = Gtk.Template.Child()
    _options_stack: Gtk.Stack = Gtk.Template.Child()
    _spinner: Gtk.Spinner = Gtk.Template.Child()
    _connecting_label: Gtk.Label = Gtk.Template.Child()
    _options_button: Gtk.Button = Gtk.Template.Child()
    _options_label: Gtk.Label = Gtk.Template.Child()
    _left_out_expander: Gtk.Expander = Gtk.Template.Child()
    _left_out_label: Gtk.Label = Gtk.Template.Child()
    _left_out_details_label: Gtk.Label = Gtk.Template.Child()
    _lower_stack: Gtk.Stack = Gtk.Template.Child()
    _failure_label: Gtk.Label = Gtk.Template.Child()
    _advice_label: Gtk.Label = Gtk.Template.Child()
    _answer_window: Gtk.ScrolledWindow = Gtk.Template.Child()
    _answer_text_view: Gtk.TextView = Gtk.Template.Child()
    _define_button: Gtk.Button = Gtk.Template.Child()
    _certificate_button: Gtk.Button = Gtk.Template.Child()
    _details_expander: Gtk.Expander = Gtk.Template.Child()
    _details_text_view: Gtk.TextView = Gtk.Template.Child()
    _recent_box: Gtk.Box = Gtk.Template.Child()
    _recent_flow_box: Gtk.FlowBox = Gtk.Template.Child()
    _others_box: Gtk.Box = Gtk.Template.Child()
    _open_button: Gtk.Button = Gtk.Template.Child()
    _chat_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(UprightLayout)  # the template has one
        GObject.type_ensure(SavedBar)
        super().__init__()
        self.is_filling = False  # the address is not being typed
        self._undefined = ""  # the variable that the failure is about
        self._before = ""  # the address before its last change
        self._taken = ""  # the pasted text that was filled in; undo shows it again
        self._filled_in = ""  # the address that took its place
        for view in (self._answer_text_view, self._details_text_view):
            never_hyphenate(view.get_buffer())
            copy_whole(view)
        keys = Gtk.EventControllerKey()
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)
        undo = Gtk.EventControllerKey(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        undo.connect("key-pressed", self._on_undo_key_pressed)
        self.address_entry.add_controller(undo)
        for button in (self._chat_button, self._open_button):
            label = button.get_child()
            assert isinstance(label, Gtk.Label)
            # A hidden tab keeps them side by side, and its page makes the window no wider.
            label.set_ellipsize(Pango.EllipsizeMode.END)
        self._surface_width = SurfaceWidth(self, self._on_surface_width_changed)
        self._recent: Sequence[RecentAddress] = ()
        self._shown_recent: Sequence[RecentAddress] = ()
        self.show_recent(())
        self.show_options("")

    @property
    def address(self) -> str:
        """The typed address."""
        return self.address_entry.get_text()

    def show_address(self, address: str) -> None:
        """Fill in an address."""
        self.is_filling = True
        self.address_entry.set_text(address)
        self.is_filling = False
        self.address_entry.set_position(-1)

    @property
    def is_undefined_shown(self) -> bool:
        """Whether the failure of `show_undefined` is shown."""
        is_failure = self._lower_stack.get_visible_child_name() == "failure"
        return is_failure and self._define_button.get_visible()

    def show_resolved(self, address: str) -> None:
        """Show the address with its variables replaced; "" hides it."""
        self._resolved_label.set_text(one_line(address))
        self._resolved_label.set_visible(bool(address))

    def show_savable(self, *, is_savable: bool) -> None:
        """Offer to save the address, or not."""
        icon = "bookmark-new-symbolic" if is_savable else None
        self.address_entry.set_icon_from_icon_name(Gtk.EntryIconPosition.SECONDARY, icon)

    def fill_in(self, address: str, left_out: str, details: str) -> None:
        """Replace a pasted text by its address; say what was left out, in a line and in detail."""
        self._taken, self._filled_in = self.address, address
        self.show_address(address)
        self._left_out_label.set_text(one_line(left_out))
        self._left_out_details_label.set_text(lines(details))
        self._left_out_expander.set_expanded(False)
        self._left_out_expander.set_visible(bool(left_out))

    def focus(self) -> None:
        """Focus the address."""
        select_all(self.address_entry)

    def show_recent(self, recent: Sequence[RecentAddress]) -> None:
        """Show recent addresses as cards; without any, show the logo instead."""
        self._recent = recent[:_MAX_RECENT_SHOWN]
        if self.get_mapped():
            self._show_cards()
        self._recent_box.set_visible(bool(recent))
        self._open_button.set_visible(bool(recent))
        self._logo_image.set_visible(not recent)

    def do_map(self) -> None:
        self._show_cards()
        Adw.Bin.do_map(self)

    def _show_cards(self) -> None:
        if self._recent == self._shown_recent:
            return
        self._shown_recent = self._recent
        while card := self._recent_flow_box.get_child_at_index(0):
            self._recent_flow_box.remove(card)
        for one in self._recent:
            self._recent_flow_box.append(self._card(one))

    def show_options(self, summary: str, is_unsafe: bool = False) -> None:
        """Show a one-line summary of the options that differ from the defaults."""
        self._options_label.set_text(summary or _("All defaults"))
        self._options_label.set_css_classes(["caption", "warning" if is_unsafe else "dim-label"])
        self._options_button.set_tooltip_text(
            summary or _("Connection options: headers, TLS, proxy…")
        )
        self._options_button.update_property([Gtk.AccessibleProperty.DESCRIPTION], [summary])

    def show_idle(self) -> None:
        """Show that no connection is being made."""
        self._set_connecting(False)

    def hide_failure(self) -> None:
        """Hide the failure: it is over."""
        self._lower_stack.set_visible_child_name("home")

    def show_connecting(self, where: str) -> None:
        """Show that a connection is being made."""
        self.hide_failure()
        self._connecting_label.set_text(_("Connecting to {where}…").format(where=where))
        self._set_connecting(True)

    def show_failure(
        self,
        explanation: str,
        advice: str = "",
        details: str = "",
        *,
        answer: str = "",
        has_certificate: bool = False,
    ) -> None:
        """Show what failed, why, and what to do; offer the certificate if that was refused.

        It takes the place of what is below the options, so that nothing moves. `answer` is what the
        server said in the body of its refusal.
        """
        self._set_connecting(False)
        self._failure_label.set_text(one_line(explanation))
        self._advice_label.set_text(one_line(advice))
        self._advice_label.set_visible(bool(advice))
        self._certificate_button.set_visible(has_certificate)
        self._define_button.set_visible(False)
        show_text(self._details_text_view, lines(details))
        self._details_expander.set_visible(bool(details))
        show_text(self._answer_text_view, lines(answer))
        self._answer_window.set_visible(bool(answer.strip()))
        self._lower_stack.set_visible_child_name("failure")
        self.focus()

    def show_undefined(self, explanation: str, advice: str, name: str) -> None:
        """Show that a variable is not known, with a button to define it."""
        self.show_failure(explanation, advice)
        self._undefined = name
        self._define_button.set_label(_("Define {name}…").format(name=one_line(name)))
        self._define_button.set_visible(bool(name))

    def show_gap(self, address: str, explanation: str) -> None:
        """Fill in an address without its secrets, say so, and put the cursor at the first one."""
        self.show_address(blank_address(address))
        self.show_failure(explanation, _("Type it in the address, and connect."))
        self.address_entry.grab_focus_without_selecting()
        self.address_entry.set_position(max(0, saved_address(address).find(MASK)))

    def _set_connecting(self, is_connecting: bool) -> None:
        self._options_stack.set_visible_child_name("connecting" if is_connecting else "idle")
        self._spinner.set_spinning(is_connecting)
        self.address_entry.set_editable(not is_connecting)
        self._connect_button.set_sensitive(not is_connecting)
        self._recent_flow_box.set_sensitive(not is_connecting)
        self._chat_button.set_sensitive(not is_connecting)
        self._options_button.set_sensitive(not is_connecting)

    def _card(self, recent: RecentAddress) -> Gtk.FlowBoxChild:
        texts = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, hexpand=True)
        for text, style in (
            (recent.address.removeprefix(_USUAL_SCHEME), "heading"),
            (recent.options or _NO_OPTIONS, "caption"),
            (recent.when, "caption"),
        ):
            label = Gtk.Label(label=text, xalign=0, visible=bool(text))
            label.set_max_width_chars(24)
            label.set_ellipsize(Pango.EllipsizeMode.MIDDLE)
            label.set_css_classes([style] if style == "heading" else [style, "dim-label"])
            texts.append(label)
        forget = Gtk.Button(icon_name="window-close-symbolic", valign=Gtk.Align.START)
        forget.set_css_classes(["flat", "circular", "forget-button", "small-button"])
        forget.set_tooltip_text(_("Forget this address"))
        forget.update_property(
            [Gtk.AccessibleProperty.LABEL], [_("Forget {address}").format(address=recent.address)]
        )
        forget.connect("clicked", self._on_forget_clicked, recent.address)
        box = Gtk.Box(spacing=6)
        box.append(texts)
        box.append(forget)
        card = Gtk.FlowBoxChild(child=box, tooltip_text=recent.address)
        card.set_css_classes(["card", "activatable", "recent-card"])
        card.update_property([Gtk.AccessibleProperty.LABEL], [recent.address])
        return card

    def _on_surface_width_changed(self, width: int) -> None:
        is_narrow = width < NARROW
        upright = Gtk.Orientation.VERTICAL if is_narrow else Gtk.Orientation.HORIZONTAL
        self._recent_flow_box.set_max_children_per_line(1 if is_narrow else 2)
        self._others_box.set_orientation(upright)

    def _on_forget_clicked(self, _button: Gtk.Button, address: str) -> None:
        self.emit("forget-requested", address)

    def _connect(self) -> None:
        self.emit("connect-requested", self.address)

    @Gtk.Template.Callback()
    def _on_address_entry_activate(self, _entry: Gtk.Entry) -> None:
        self._connect()

    @Gtk.Template.Callback()
    def _on_address_entry_changed(self, _entry: Gtk.Entry) -> None:
        self.hide_failure()
        self._left_out_expander.set_visible(False)
        self.emit("typed")
        text, before = self.address, self._before
        self._before = text
        if text == self._taken or _inserted(before, text) < _MIN_PASTED:
            return
        # Not before something is pasted: the start has no need of it.
        from spacebeam.exchange.command_lines.reading import is_pasted_connection

        if is_pasted_connection(text):
            GLib.idle_add(
                self._on_idle_after_paste, text, before
            )  # GTK is still changing the entry

    def _on_idle_after_paste(self, text: str, before: str) -> bool:
        if self.address == text:
            self.emit("pasted", text, before)
        return GLib.SOURCE_REMOVE

    @Gtk.Template.Callback()
    def _on_options_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("options-requested")

    @Gtk.Template.Callback()
    def _on_address_entry_icon_press(
        self, _entry: Gtk.Entry, _position: Gtk.EntryIconPosition
    ) -> None:
        self.emit("save-requested")

    @Gtk.Template.Callback()
    def _on_define_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("define-requested", self._undefined)

    @Gtk.Template.Callback()
    def _on_certificate_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("certificate-requested")

    @Gtk.Template.Callback()
    def _on_connect_button_clicked(self, _button: Gtk.Button) -> None:
        self._connect()

    @Gtk.Template.Callback()
    def _on_cancel_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("cancel-requested")

    @Gtk.Template.Callback()
    def _on_chat_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("chat-requested")

    @Gtk.Template.Callback()
    def _on_dismiss_button_clicked(self, _button: Gtk.Button) -> None:
        self.hide_failure()
        self.focus()

    @Gtk.Template.Callback()
    def _on_recent_flow_box_child_activated(
        self, _box: Gtk.FlowBox, card: Gtk.FlowBoxChild
    ) -> None:
        self.emit("recent-chosen", card.get_tooltip_text() or "")

    def _on_undo_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        """Bring back a pasted text by one key; to GTK its replacement is two changes."""
        pressed = state & Gtk.accelerator_get_default_mod_mask()
        is_undo = key == Gdk.KEY_z and pressed == Gdk.ModifierType.CONTROL_MASK
        text = self.address_entry.get_delegate()
        if not is_undo or not self._taken or self.address != self._filled_in:
            return False
        assert isinstance(text, Gtk.Text)
        text.activate_action("text.undo", None)
        text.activate_action("text.undo", None)
        if self.address == self._filled_in:  # newer GTK undoes nothing that a program put in
            self.show_address(self._taken)
        return True

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, _state: Gdk.ModifierType
    ) -> bool:
        if key != Gdk.KEY_Escape:
            return False
        if self._spinner.get_spinning():
            self.emit("cancel-requested")
            return True
        if self._lower_stack.get_visible_child_name() == "failure":
            self.hide_failure()
            return True
        return bool(self.activate_action("tab.return", None))


def _inserted(before: str, text: str) -> int:
    """Return how many characters of a text are new in one place."""
    start = _common(before, text)
    return len(text) - start - _common(before[start:][::-1], text[start:][::-1])


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common."""
    pairs = zip(one, other, strict=False)
    different = (place for place, (left, right) in enumerate(pairs) if left != right)
    return next(different, min(len(one), len(other)))
