"""How a tab connects: from its first screen, and again to the same address."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from gi.repository import Gio, GLib, GObject

from spacebeam.net.backoff import Backoff
from spacebeam.net.connection import ConnectionState
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.profile import Profile, SchemaFiles
from spacebeam.profiles.validation import validate
from spacebeam.protocol.endpoint import Endpoint, EndpointError
from spacebeam.protocol.secrets import has_mask
from spacebeam.server.local_chat import LocalChat
from spacebeam.session.oauth.oauth import with_newest_token
from spacebeam.ui.actions import add, add_switch, enable, turn
from spacebeam.ui.chat.nickname import has_name, login_name, named, nameless
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.options.connection_options import ConnectionOptions, MadeFrom
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.addresses import address_advice, address_words
from spacebeam.wording.i18n import _


@weak_handlers
class Connecting(GObject.Object):
    """Makes a tab's connections, one attempt at a time.

    Emits `connected`, or `refused` by the server or the network; `ended` after each attempt; and
    `tab-requested` (an address, and its Profile or None) if the tab must keep what it has.
    """

    __gtype_name__ = "SpacebeamConnecting"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "connected": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "refused": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "ended": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "tab-requested": (GObject.SignalFlags.RUN_FIRST, None, (str, object)),
    }

    def __init__(
        self,
        page: ConnectionPage,
        session: SessionAdapter,
        options: ConnectionOptions,
        settings_service: SettingsService,
        local_chat: LocalChat,
        tasks: Tasks,
    ) -> None:
        super().__init__()
        self._page = page
        self._session = session
        self._options = options
        options.on_refused = weakly(self._refuse)
        self._settings_service = settings_service
        self._local_chat = local_chat
        self._tasks = tasks
        self._attempt: asyncio.Task[None] | None = None
        self._made_from: MadeFrom | None = None

    @property
    def is_running(self) -> bool:
        """Whether an attempt that the person asked for is running."""
        return self._attempt is not None

    def add_actions(self, actions: Gio.SimpleActionGroup) -> None:
        """Add the actions of the connection to the tab's group."""
        reactions: dict[str, Callable[[], object]] = {
            "disconnect": self._disconnect,
            "reconnect": self.reconnect,
            "stop-reconnecting": self._session.session.stop_reconnecting,
        }
        add(actions, reactions)
        add_switch(actions, "auto-reconnect", self._on_auto_reconnect_change_state)

    def enable_actions(self, actions: Gio.SimpleActionGroup, *, can_reconnect: bool) -> None:
        """Enable what is possible in the connection's state."""
        state, progress = self._session.state, self._session.progress
        is_open = state is ConnectionState.OPEN
        enable(actions, "disconnect", is_open or progress is not None or self.is_running)
        enable(actions, "reconnect", state is ConnectionState.CLOSED and can_reconnect)
        enable(actions, "stop-reconnecting", progress is not None)
        turn(actions, "auto-reconnect", self._session.backoff is not None)

    def connect_to(self, address: str, profile: Profile | None) -> None:
        """Connect as if the address had been typed; None is the address's own profile."""
        self._page.show_address(address)
        if has_mask(address):
            self._page.show_gap(
                address, _("The recording does not contain the secret part of the address.")
            )
        elif profile is None:
            self._options.connect_to(address)
        else:
            self.start(address, profile)

    def start(
        self, address: str, profile: Profile | None = None, made_from: MadeFrom | None = None
    ) -> None:
        """Begin an attempt, unless one is running."""
        if self._attempt is None:
            if not self._session.is_used:
                self._made_from = made_from
            self._attempt = self._tasks.start(self._connect(address, profile, made_from))

    @property
    def made_from(self) -> MadeFrom | None:
        """What the conversation's address was made from, or the first attempt's.

        None for an address without variables that is not saved, and for an earlier recording.
        """
        session = self._session
        return self._made_from if session.is_restored or not session.shows_earlier else None

    @property
    def typed(self) -> str:
        """The conversation's address as it was typed, if its saved connection is still shown.

        "" for an address without variables that is not saved.
        """
        made_from = self.made_from
        if made_from is None or made_from.binding is not self._options.binding:
            return ""
        return made_from.typed

    def profile_of(self, address: str) -> Profile:
        """Return the profile that connecting to an address would use."""
        return self._options.profile_of(address)

    def adopt(self, address: str, profile: Profile) -> None:
        """Use a profile for an address that has none of its own."""
        self._options.adopt(address, profile)

    def restore(self, address: str, profile: Profile) -> None:
        """Let `reconnect` connect to this address, of which a recording is shown."""
        self._made_from = MadeFrom(address, profile, self._options.binding)

    def read_by(self, files: SchemaFiles) -> None:
        """Use other schemas after `reconnect`."""
        if self._made_from is not None:
            profile = replace(self._made_from.profile, schemas=files)
            self._made_from = replace(self._made_from, profile=profile)

    def reconnect(self) -> None:
        """Connect to the same address again, in another tab if an earlier recording is shown."""
        endpoint = self._session.endpoint
        if self._session.progress is not None:
            self._session.session.reconnect_now()
        elif self._session.is_restored and self.made_from is not None:
            self._reconnect_restored(self.made_from)
        elif endpoint is not None and self._session.shows_earlier:
            self.emit("tab-requested", endpoint.url, None)
        elif endpoint is not None and self._session.state is ConnectionState.CLOSED:
            if self.typed:
                self._options.connect_to(self.typed)  # variables may have other values
                return
            self._serve_chat(endpoint)
            self.start(endpoint.url_with_user, self._session.profile, self._made_from)

    def _refuse(self) -> None:
        self.emit("refused")

    def _disconnect(self) -> None:
        """Close the connection, or stop connecting."""
        # An attempt goes on for a moment once the connection is open.
        if self.is_running and self._session.state is not ConnectionState.OPEN:
            self.cancel()
        else:
            self._tasks.start(self._session.session.close())

    def connect_again(self) -> None:
        """Connect to the restored address, or the typed one, if nothing has to be filled in."""
        if self._options.saved is not None:
            self._options.connect_to(self._page.address, edits=False)
            return
        restored = self._restored
        address = self._page.address if restored is None else restored.typed
        self._options.with_secrets(address, self._connect_if_complete)

    def _connect_if_complete(self, address: str) -> None:
        if has_mask(address) or validate(self.profile_of(address)):
            return
        if self._restored is None:
            self._options.connect_to(address)
        else:
            self.reconnect()

    @property
    def _restored(self) -> MadeFrom | None:
        """What a conversation from before a restart was made from."""
        return self.made_from if self._session.is_restored else None

    def _reconnect_restored(self, restored: MadeFrom) -> None:
        if self._options.saved is None:
            if self._session.endpoint is not None:
                self._serve_chat(self._session.endpoint)
            connect = partial(self._connect_restored, restored.profile)
            self._options.with_secrets(restored.typed, connect)
        elif restored.binding is self._options.binding:
            self._options.connect_to(restored.typed)
        else:  # another saved connection is shown now
            self.emit("tab-requested", restored.typed, None)

    def _connect_restored(self, profile: Profile, address: str) -> None:
        if has_mask(address):
            self.emit("refused")
            self._page.show_gap(address, _("The secret part of this address was not saved."))
        else:
            self._page.show_address(address)
            self._options.adopt(address, profile)
            self._options.connect_to(address)

    def prepare(self, endpoint: Endpoint) -> None:
        """Prepare for an attempt to connect, by the person or by reconnecting."""
        self._serve_chat(endpoint)
        if self.is_running:
            self._page.show_connecting(endpoint.display_host)

    def _serve_chat(self, endpoint: Endpoint) -> None:
        """Serve the room of this computer if its server has quit."""
        if endpoint.url == self._local_chat.url:
            self._local_chat.address()

    def connect_here_or_elsewhere(
        self, address: str, profile: Profile, made_from: MadeFrom | None = None
    ) -> None:
        """Connect in this tab, or in another one if this one must keep what it has."""
        if not self._session.must_stay(address, profile):
            self.start(address, profile, made_from)
            return
        endpoint = self._session.endpoint
        if self._options.saved is None:
            self._page.show_address("" if endpoint is None else self.typed or endpoint.url)
        self.emit("tab-requested", address, profile)
        if self.typed:  # the other tab has what was typed here since
            self._page.show_address(self.typed)

    async def _connect(
        self, address: str, profile: Profile | None, made_from: MadeFrom | None
    ) -> None:
        try:
            await self._session.connect_to(address, self._named(address, profile))
        except EndpointError as error:
            self.emit("refused")
            self._page.show_failure(address_words(error), address_advice(error))
        except HandshakeError as error:
            self.emit("refused")
            self._options.show_failure(error, address, profile or Profile(), made_from)
        except asyncio.CancelledError:
            self._page.show_idle()
            raise
        else:
            self._made_from = made_from
            is_room = address == self._local_chat.url
            used = with_newest_token(profile or Profile(), self._settings_service.tokens)
            self._page.show_idle()
            self.emit("connected")
            await asyncio.sleep(0)  # the settings are saved in a turn of their own
            # What took the place of variables may be secret.
            if made_from is None:
                self._remember(nameless(used) if is_room else used)
        finally:
            self._attempt = None
            self.emit("ended")

    def _named(self, address: str, profile: Profile | None) -> Profile | None:
        """Return the profile with the person's name, for the room of this computer.

        A tab that connects again keeps its own name.
        """
        if address != self._local_chat.url or (profile is not None and has_name(profile)):
            return profile
        name = self._settings_service.settings.nickname or login_name()
        return named(profile or Profile(), name)

    def _remember(self, profile: Profile) -> None:
        endpoint = self._session.endpoint
        if endpoint is not None:
            self._options.remember(endpoint.url_with_user, profile)

    def _on_auto_reconnect_change_state(
        self, _action: Gio.SimpleAction, is_on: GLib.Variant
    ) -> None:
        self._session.backoff = Backoff() if is_on.get_boolean() else None

    def cancel(self) -> None:
        """Cancel the running attempt, if there is one."""
        if self._attempt is not None:
            self._attempt.cancel()

    def join_local_chat(self) -> None:
        """Join the room of this computer."""
        self.connect_here_or_elsewhere(self._local_chat.address(), Profile())
