"""A tab and its two screens as a person uses them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from gi.repository import Gdk, GLib, Gtk

from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile
from spacebeam.recording.recording import Recording
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.handshake.handshake_window import HandshakeWindow
from spacebeam.ui.options.certificate_dialog import CertificateDialog
from spacebeam.ui.options.options_window import OptionsWindow
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.pages.pause_bar import PauseBar
from spacebeam.ui.pages.reconnect_bar import ReconnectBar
from spacebeam.ui.pages.storage_bar import StorageBar
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.timeline.entry_words import preview
from spacebeam.ui.window.tab import Tab
from tests.support.waiting import eventually
from tests.ui.doing import NO_KEYS, click, descendants, key, shown_tab, text, words
from tests.ui.pageobjects.composer import ComposerPage
from tests.ui.pageobjects.handshake import HandshakePage
from tests.ui.pageobjects.header import HeaderPage, header_above
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.pageobjects.options import CertificatePage, OptionsPage
from tests.ui.pageobjects.page import D, Page, dialog_of, find_dialog, menu_items
from tests.ui.pageobjects.rates import RatesPage
from tests.ui.pageobjects.search import FilterPage, HiddenPage
from tests.ui.pageobjects.timeline import TimelinePage

SHOW_CERTIFICATE = "_Show Certificate…"


class ConnectPage(Page[ConnectionPage]):
    """The first screen."""

    @property
    def entry(self) -> Gtk.Entry:
        return self.child("_address_entry", Gtk.Entry)

    @property
    def address(self) -> str:
        return self.widget.address

    def type_address(self, address: str) -> None:
        self.entry.set_text(address)

    def submit(self, address: str) -> None:
        """Type an address and press Enter."""
        self.type_address(address)
        self.entry.emit("activate")

    def paste(self, content: str) -> None:
        """Replace the address by the clipboard's text."""
        self.entry.grab_focus()
        self.entry.select_region(0, -1)
        self.entry.get_clipboard().set(content)
        next(descendants(self.entry, Gtk.Text)).emit("paste-clipboard")

    def undo(self) -> None:
        """Press Ctrl+Z in the address."""
        if not key(self.entry, Gdk.KEY_z, Gdk.ModifierType.CONTROL_MASK):
            next(descendants(self.entry, Gtk.Text)).activate_action("text.undo", None)

    @property
    def left_out(self) -> str:
        """The line with what a pasted text had beside the connection, or ""."""
        label = self.child("_left_out_label", Gtk.Label)
        return label.get_text() if label.get_mapped() else ""

    def open_left_out(self) -> str:
        """Open the details of what was left out; return them."""
        self.child("_left_out_expander", Gtk.Expander).set_expanded(True)
        return self.child("_left_out_details_label", Gtk.Label).get_text()

    @property
    def has_failure(self) -> bool:
        """Whether it is explained why something failed."""
        return self.child("_failure_box", Gtk.Box).get_mapped()

    @property
    def advice(self) -> str:
        """What a person can do about a failure, or ""."""
        label = self.child("_advice_label", Gtk.Label)
        return label.get_text() if label.get_mapped() else ""

    @property
    def details_expander(self) -> Gtk.Expander:
        """What opens the details of a failure."""
        return self.child("_details_expander", Gtk.Expander)

    def open_details(self) -> str:
        """Open the details of a failure; return their text."""
        assert self.details_expander.get_mapped()
        self.details_expander.set_expanded(True)
        return text(self.child("_details_text_view", Gtk.TextView).get_buffer())

    @property
    def recent_list(self) -> Gtk.FlowBox:
        return self.child("_recent_flow_box", Gtk.FlowBox)

    def words_of(self, address: str) -> list[str]:
        """What the card of a recent address says."""
        return words(self.recent[address])

    @property
    def has_logo(self) -> bool:
        return self.child("_logo_image", Gtk.Image).get_mapped()

    @property
    def answer(self) -> str:
        """What the server said in the body of its refusal, or "" if nothing is shown."""
        view = self.child("_answer_text_view", Gtk.TextView)
        return text(view.get_buffer()) if view.get_mapped() else ""

    @property
    def answer_height(self) -> int:
        """How many pixels of the server's answer are seen at once."""
        return self.child("_answer_window", Gtk.ScrolledWindow).get_height()

    def place_of(self, label: str) -> tuple[float, float]:
        """Where a button is on the page."""
        place = self.button(label).translate_coordinates(self.widget, 0, 0)
        assert place is not None
        return place

    @property
    def recent(self) -> dict[str, Gtk.FlowBoxChild]:
        """The cards of the recent addresses, in order."""
        cards = descendants(self.recent_list, Gtk.FlowBoxChild)
        return {card.get_tooltip_text() or "": card for card in cards}

    def choose_recent(self, address: str) -> None:
        self.recent_list.emit("child-activated", self.recent[address])

    def forget(self, address: str) -> None:
        """Click the button that removes a recent address."""
        click(next(descendants(self.recent[address], Gtk.Button)))

    @property
    def chat_button(self) -> Gtk.Button:
        return self.child("_chat_button", Gtk.Button)

    def press_chat(self) -> None:
        click(self.chat_button)

    @property
    def options_button(self) -> Gtk.Button:
        return self.child("_options_button", Gtk.Button)

    @property
    def options_summary(self) -> Gtk.Label:
        """The line below “Options”."""
        return self.child("_options_label", Gtk.Label)


class NoticePage(Page[ReconnectBar | StorageBar | PauseBar]):
    """A bar with a notice."""

    @property
    def text(self) -> str:
        """The notice, or "" while the bar is hidden."""
        return self.child("_label", Gtk.Label).get_text() if self.is_shown else ""

    @property
    def is_counting(self) -> bool:
        """Whether it counts down the seconds."""
        return isinstance(self.widget, ReconnectBar) and bool(self.widget._timer)


class SessionPage(Page[ConversationPage]):
    """The second screen."""

    @property
    def composer(self) -> ComposerPage:
        return ComposerPage(self.widget.composer)

    @property
    def timeline(self) -> TimelinePage:
        return TimelinePage(self.widget.timeline)

    @property
    def inspector(self) -> InspectorPage:
        return InspectorPage(self.widget.inspector)

    @property
    def filter(self) -> FilterPage:
        return FilterPage(self.widget.filter_bar)

    @property
    def hidden(self) -> HiddenPage:
        return HiddenPage(self.widget.hidden_button)

    @property
    def rates(self) -> RatesPage:
        return RatesPage(self.widget.rate_graph)

    @property
    def reconnect_notice(self) -> NoticePage:
        return NoticePage(self.child("_reconnect_bar", ReconnectBar))

    @property
    def storage_notice(self) -> NoticePage:
        return NoticePage(self.widget.storage_bar)

    @property
    def count(self) -> str:
        """How many entries and bytes there are."""
        return self.child("_entries_label", Gtk.Label).get_text()

    @property
    def paned(self) -> Gtk.Paned:
        """What divides the timeline from the inspector."""
        return self.widget.panes

    def press_key(
        self, pressed: int, state: Gdk.ModifierType = NO_KEYS, *, is_first: bool = False
    ) -> bool:
        """Press a key that no part of the page uses, or that the page uses before its parts."""
        capture, bubble = Gtk.PropagationPhase.CAPTURE, Gtk.PropagationPhase.BUBBLE
        return key(self.widget, pressed, state, capture if is_first else bubble)

    @property
    def pause_notice(self) -> NoticePage:
        return NoticePage(self.child("_pause_bar", PauseBar))

    @property
    def menu_button(self) -> Gtk.MenuButton:
        return self.child("_more_button", Gtk.MenuButton)

    @property
    def menu_items(self) -> dict[str, str]:
        """The action of each label in the menu."""
        return menu_items(self.menu_button.get_menu_model())

    async def menu(self) -> list[str]:
        """Open the menu; return the labels of its items, and close it."""
        self.widget.open_menu()
        popover = self.menu_button.get_popover()
        assert popover is not None
        await eventually(popover.get_mapped)
        found = words(popover)
        popover.popdown()
        await eventually(lambda: not popover.get_mapped())
        return found

    @property
    def is_inspecting(self) -> bool:
        """Whether the inspector is on the screen."""
        return self.widget.inspector.get_mapped()

    async def select(self, position: int) -> None:
        """Select a row, and wait until the inspector is open."""
        self.timeline.select(position)
        await eventually(lambda: self.is_inspecting)


class TabPage(Page[Tab]):
    """A tab, on whichever of its screens it is."""

    @property
    def header(self) -> HeaderPage:
        """The header bar of the tab's window."""
        return header_above(self.widget)

    @property
    def connect_page(self) -> ConnectPage:
        """The screen with the address."""
        return ConnectPage(self.child("_connection_page", ConnectionPage))

    @property
    def session_page(self) -> SessionPage:
        """The screen with the timeline."""
        return SessionPage(self.widget.conversation.page)

    @property
    def composer(self) -> ComposerPage:
        return self.session_page.composer

    @property
    def timeline(self) -> TimelinePage:
        return self.session_page.timeline

    @property
    def session(self) -> SessionAdapter:
        """The live session, for what cannot be seen: payloads, back-off, the wire."""
        return self.widget.conversation.session

    @property
    def recording(self) -> Recording:
        return self.session.recording

    @property
    def state(self) -> ConnectionState:
        return self.widget.state

    @property
    def title(self) -> str:
        return self.widget.title

    def shows(self, path: Path) -> bool:
        """Return whether the recording in this file is shown."""
        return self.widget.shows(path)

    @property
    def is_conversation(self) -> bool:
        """Whether the screen with the timeline is shown."""
        return self.widget.is_conversation

    @property
    def return_words(self) -> str:
        """What the first screen leads back to, or "" while that is not seen."""
        label = self.child("_return_label", Gtk.Label)
        return label.get_text() if label.get_mapped() else ""

    @property
    def is_connected(self) -> bool:
        """Whether the screen with the timeline is shown and the connection is open."""
        return self.is_conversation and self.state is ConnectionState.OPEN

    @property
    def entries(self) -> list[str]:
        """The previews of all recorded entries."""
        return [preview(self.recording.entry(number)) for number in range(len(self.recording))]

    def attach(self, *paths: Path) -> None:
        """Attach files, as when they are dropped on the window."""
        uris = GLib.Variant("as", [path.as_uri() for path in paths])
        self.widget.activate_action("tab.attach", uris)

    async def connect(self, address: str) -> None:
        """Type an address, press Enter and wait for the connection."""
        self.connect_page.submit(address)
        await eventually(lambda: self.is_connected)

    def connect_with(self, address: str, profile: Profile | None) -> None:
        """Connect to an address with options that were chosen for it."""
        self.widget.conversation.connecting.start(address, profile)

    @property
    def is_connecting(self) -> bool:
        """Whether a connection that the person asked for is being made."""
        return self.widget.is_connecting

    async def disconnect(self) -> None:
        """Use the action of Disconnect and wait for the end."""
        self.do("tab.disconnect")
        await eventually(lambda: self.state is ConnectionState.CLOSED)

    def dialog(self, kind: type[D]) -> D | None:
        """Return the visible dialog of a class above the tab's window."""
        return find_dialog(self.widget.get_root(), kind)

    async def open_dialog(self, action: str, kind: type[D]) -> D:
        """Use an action that opens a dialog, and wait for it."""
        assert self.can(action)
        self.do(action)
        return await dialog_of(self.widget.get_root(), kind)

    async def options(self) -> OptionsPage:
        """Return the window with the options of the address; wait for it if it opens."""
        return OptionsPage(await dialog_of(self.widget.get_root(), OptionsWindow))

    async def open_certificate(self) -> CertificatePage:
        """Open the dialog about a refused certificate."""
        self.connect_page.press(SHOW_CERTIFICATE)
        return CertificatePage(await dialog_of(self.widget.get_root(), CertificateDialog))

    async def finish_options(self) -> None:
        """Wait until the options' window or the certificate is closed and its answer is used."""
        await eventually(lambda: not self.widget._options._is_asking)

    async def set_options(self, profile: Profile) -> None:
        """Change the options of the address on the first screen."""
        click(self.connect_page.options_button)
        page = await self.options()
        page.enter_all(profile)
        page.close()
        await self.finish_options()

    async def open_handshake(self) -> HandshakePage:
        """Open the handshake window with the menu's item."""
        return HandshakePage(await self.open_dialog("expert.handshake", HandshakeWindow))


@contextlib.asynccontextmanager
async def opened_tab(local_chat: LocalChat | None = None) -> AsyncIterator[TabPage]:
    """A tab in a window of its own."""
    async with shown_tab(local_chat) as tab:
        yield TabPage(tab)
