"""A conversation as a chat, as a person uses it."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.chat.chat_list import ChatList
from spacebeam.ui.chat.chat_pane import ChatPane
from spacebeam.ui.chat.chat_row import ChatRow
from spacebeam.ui.chat.share_dialog import ShareDialog
from spacebeam.ui.timeline.timeline_model import TimelineModel
from tests.ui.doing import click, descendants, words
from tests.ui.pageobjects.page import Page


class ChatPage(Page[ChatPane]):
    """Who is in the room, the bubbles, and what can be chosen."""

    @property
    def chat_list(self) -> ChatListPage:
        return ChatListPage(self.child("_chat_list", ChatList))

    @property
    def bubbles(self) -> list[tuple[str, str, str]]:
        """Side, sender and text of every visible bubble, from above."""
        return self.chat_list.bubbles

    @property
    def lines(self) -> list[str]:
        """What happened in the room."""
        return self.chat_list.lines

    @property
    def people(self) -> str:
        """How many are in the room, or "" outside of one."""
        button = self.child("_people_button", Gtk.MenuButton)
        return self.child("_people_label", Gtk.Label).get_text() if button.get_visible() else ""

    @property
    def names(self) -> list[str]:
        """Who is in the room."""
        return self.child("_names_label", Gtk.Label).get_text().split("\n")

    @property
    def name(self) -> str:
        """The person's name in the room."""
        return self.child("_name_label", Gtk.Label).get_text()

    @property
    def can_choose_paths(self) -> bool:
        return self.child("_paths_button", Gtk.MenuButton).get_visible()

    @property
    def is_alone(self) -> bool:
        """Whether a second window is offered."""
        return self.child("_alone_box", Gtk.Box).get_mapped()

    def take_name(self, name: str) -> None:
        """Open the popover of the name, type another one and press Enter."""
        self.child("_name_button", Gtk.MenuButton).popup()
        entry = self.child("_name_entry", Gtk.Entry)
        entry.set_text(name)
        entry.emit("activate")

    def choose_paths(self, name: str, text: str) -> None:
        """Type where the names and the texts are, and press Enter."""
        self.child("_name_path_entry", Gtk.Entry).set_text(name)
        entry = self.child("_text_path_entry", Gtk.Entry)
        entry.set_text(text)
        entry.emit("activate")

    @property
    def paths(self) -> tuple[str, str]:
        return (
            self.child("_name_path_entry", Gtk.Entry).get_text(),
            self.child("_text_path_entry", Gtk.Entry).get_text(),
        )

    @property
    def path_hint(self) -> str:
        return self.child("_paths_label", Gtk.Label).get_text()


class ChatListPage(Page[ChatList]):
    """The bubbles."""

    @property
    def rows(self) -> list[ChatRow]:
        """The rows with their content, from above."""
        every = descendants(self.widget, ChatRow)
        rows = [row for row in every if row.get_mapped() and row.speech is not None]
        return sorted(rows, key=lambda row: 0 if row.speech is None else row.speech.number)

    @property
    def bubbles(self) -> list[tuple[str, str, str]]:
        found = []
        for row in self.rows:
            bubble = Page(row).child("_bubble", Gtk.Box)
            if bubble.get_mapped():
                side = "sent" if bubble.has_css_class("sent") else "received"
                sender = Page(row).child("_sender_label", Gtk.Label)
                text = Page(row).child("_text_label", Gtk.Label)
                name = sender.get_text() if sender.get_mapped() else ""
                found.append((side, name, text.get_text()))
        return found

    @property
    def lines(self) -> list[str]:
        labels = (Page(row).child("_line_label", Gtk.Label) for row in self.rows)
        return [label.get_text() for label in labels if label.get_mapped()]

    @property
    def new_from(self) -> str:
        """The text of the first bubble below “New”, or ""."""
        for row in self.rows:
            if Page(row).child("_new_box", Gtk.Box).get_mapped():
                return Page(row).child("_text_label", Gtk.Label).get_text()
        return ""

    @property
    def clocks(self) -> int:
        """How many time stamps are shown."""
        labels = (Page(row).child("_clock_label", Gtk.Label) for row in self.rows)
        return sum(label.get_mapped() for label in labels)

    @property
    def pictures(self) -> int:
        """How many pictures are shown."""
        every = descendants(self.widget, Gtk.Picture)
        return sum(one.get_mapped() and one.get_paintable() is not None for one in every)

    @property
    def links(self) -> list[str]:
        """The addresses that can be clicked."""
        every = (one for row in self.rows for one in descendants(row, Gtk.Button))
        return [words(one)[0] for one in every if one.has_css_class("chat-link") and words(one)]

    def click_link(self, url: str) -> None:
        every = (one for row in self.rows for one in descendants(row, Gtk.Button))
        click(next(one for one in every if one.get_mapped() and url in words(one)))

    @property
    def count(self) -> int:
        """The number of entries in the list."""
        model = self.child("_list_view", Gtk.ListView).get_model()
        assert isinstance(model, Gtk.NoSelection)
        items = model.get_model()
        assert isinstance(items, TimelineModel)
        return items.get_n_items()

    @property
    def adjustment(self) -> Gtk.Adjustment:
        return self.child("_scrolled_window", Gtk.ScrolledWindow).get_vadjustment()

    @property
    def is_at_end(self) -> bool:
        """Whether the newest bubble is in sight."""
        at = self.adjustment
        return at.get_value() >= at.get_upper() - at.get_page_size() - 2


class SharePage(Page[ShareDialog]):
    """The dialog that shares the room."""

    @property
    def address(self) -> str:
        """The room's address for other computers, or "" while they cannot join."""
        label = self.child("_address_label", Gtk.Label)
        return label.get_text() if label.get_mapped() else ""
