"""One row of a chat: a bubble, or a line about the room, with what goes before it."""

from __future__ import annotations

from gi.repository import Adw, Gdk, Gio, GObject, Gtk

from spacebeam.ui.actions import add, insert
from spacebeam.ui.chat.bubble_layout import BubbleLayout
from spacebeam.ui.chat.link_button import LinkButton
from spacebeam.ui.chat.links import Link
from spacebeam.ui.chat.speech import Place, Speech
from spacebeam.ui.template import template

_PLACES = {Place.LEFT: Gtk.Align.START, Place.RIGHT: Gtk.Align.END}
_GAP = 6  # pixels between two people's bubbles
_CLASSES = {Place.LEFT: "received", Place.RIGHT: "sent"}


@template("chat_row.ui")
class ChatRow(Gtk.Box):
    """Shows a speech; a row is reused for others as the list scrolls.

    Emits `link-chosen` (a Link) and `details-requested`.
    """

    __gtype_name__ = "SpacebeamChatRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "link-chosen": (GObject.SignalFlags.RUN_FIRST, None, (object,)),
        "details-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _new_box: Gtk.Box = Gtk.Template.Child()
    _day_label: Gtk.Label = Gtk.Template.Child()
    _line_label: Gtk.Label = Gtk.Template.Child()
    _head_box: Gtk.Box = Gtk.Template.Child()
    _sender_label: Gtk.Label = Gtk.Template.Child()
    _clock_label: Gtk.Label = Gtk.Template.Child()
    _bubble_bin: Adw.Bin = Gtk.Template.Child()
    _bubble_layout: BubbleLayout = Gtk.Template.Child()
    _bubble: Gtk.Box = Gtk.Template.Child()
    _picture: Gtk.Picture = Gtk.Template.Child()
    _text_label: Gtk.Label = Gtk.Template.Child()
    _cut_button: Gtk.Button = Gtk.Template.Child()
    _links_box: Gtk.Box = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(BubbleLayout)  # the template has one
        super().__init__()
        self.speech: Speech | None = None
        actions = Gio.SimpleActionGroup()
        add(actions, {"details": self._request_details})
        insert(self, "speech", actions)

    def show_speech(
        self,
        speech: Speech,
        before: Speech | None = None,
        *,
        day: str = "",
        is_first_new: bool = False,
    ) -> None:
        """Show a speech after the one before it in the list.

        `day` begins with it; `is_first_new` for the first one that the person has not seen.
        """
        self.speech = speech
        is_line = speech.place is Place.LINE
        self.set_visible(speech.place is not Place.NOWHERE)
        self._new_box.set_visible(is_first_new)
        self._day_label.set_visible(bool(day))
        self._day_label.set_text(day)
        self._line_label.set_visible(is_line)
        self._line_label.set_text(speech.text if is_line else "")
        self._bubble_bin.set_visible(speech.is_bubble)
        has_sender = bool(speech.sender) and not speech.is_of(before)
        has_clock = speech.is_bubble and not speech.is_in_minute(before)
        has_head = has_sender or has_clock
        self._head_box.set_visible(has_head)
        is_apart = speech.is_bubble and not (has_head or speech.is_of(before))
        self._bubble_bin.set_margin_top(_GAP if is_apart else 0)
        self.show_picture(None)
        if speech.is_bubble:
            self._show_bubble(speech)
        else:
            self._show_links(())
        if has_head:
            self._head_box.set_halign(_PLACES[speech.place])
            self._sender_label.set_text(speech.sender)
            self._sender_label.set_visible(bool(speech.sender))
            self._clock_label.set_text(speech.clock)
            self._clock_label.set_visible(has_clock)

    def show_picture(self, texture: Gdk.Texture | None) -> None:
        """Show the picture of the speech once it is decoded."""
        has_picture = texture is not None
        self._picture.set_paintable(texture)
        self._picture.set_visible(has_picture)
        if self.speech is not None and self.speech.has_picture:
            self._text_label.set_visible(not has_picture)
            self._picture.set_alternative_text(self.speech.text)

    def _show_bubble(self, speech: Speech) -> None:
        self._bubble_layout.place(is_at_end=speech.place is Place.RIGHT)
        self._bubble.set_css_classes(["chat-bubble", _CLASSES[speech.place]])
        is_link_alone = len(speech.links) == 1 and speech.links[0].url == speech.text
        self._text_label.set_text(speech.text)
        self._text_label.set_visible(not is_link_alone)
        self._cut_button.set_visible(speech.is_cut)
        self._show_links(speech.links)

    def _show_links(self, links: tuple[Link, ...]) -> None:
        while (child := self._links_box.get_first_child()) is not None:
            self._links_box.remove(child)
        for link in links:
            button = LinkButton(link)
            button.connect("clicked", self._on_link_button_clicked)
            self._links_box.append(button)
        self._links_box.set_visible(bool(links))

    def _request_details(self) -> None:
        self.emit("details-requested")

    @Gtk.Template.Callback()
    def _on_cut_button_clicked(self, _button: Gtk.Button) -> None:
        self._request_details()

    def _on_link_button_clicked(self, button: LinkButton) -> None:
        self.emit("link-chosen", button.link)
