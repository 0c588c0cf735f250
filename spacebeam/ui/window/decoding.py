"""How a tab's messages are read: the chosen decoders, and the schemas of its connection."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakSet

from gi.repository import Gio, GLib, Gtk

from spacebeam.decode.decoder import Context
from spacebeam.decode.text import TextDecoder
from spacebeam.decode.visible import one_line
from spacebeam.profiles.collection import SavedConnection
from spacebeam.profiles.profile import Profile, SchemaFiles
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of, context_of, use_schemas
from spacebeam.ui.actions import add
from spacebeam.ui.connections.tab_connection import TabConnection
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.options.connection_options import ConnectionOptions
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.search.search_controller import SearchController
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.connecting import Connecting

if TYPE_CHECKING:
    from spacebeam.exchange.schema_files import LoadedSchemas


@weak_handlers
class Decoding:
    """Reads a tab's recording by the schemas of its connection, and lets the person choose them.

    Adds `decoding` and `as-text` to the tab's actions; `notify` says which file is wrong.
    """

    def __init__(
        self,
        tab: Gtk.Widget,
        session: SessionAdapter,
        page: ConversationPage,
        options: ConnectionOptions,
        connecting: Connecting,
        connection: TabConnection,
        search: SearchController,
        actions: Gio.SimpleActionGroup,
        notify: Callable[[str], object],
    ) -> None:
        self._tab = tab
        self._session = session
        self._page = page
        self._options = options
        self._connecting = connecting
        self._connection = connection
        self._search = search
        self._notify = notify
        self._tasks = Tasks()
        self._recording: Recording | None = None  # that is read by `_files`
        self._files = SchemaFiles()
        self._dialog: Gtk.Window | None = None
        self._looked_up: WeakSet[Recording] = WeakSet()  # earlier ones, by their address
        add(actions, {"decoding": self._present, "as-text": self._show_as_text})
        page.composer.encoding.context = weakly(self._sent_context)
        connection.variables.encode = weakly(self._encoded)
        self._handlers = (
            (session, session.connect("changed", self._on_session_changed)),
            (session, session.connect("grown", self._on_session_changed)),
            (connection, connection.connect("changed", self._on_connection_changed)),
        )

    def close(self) -> None:
        """Disconnect the signals, and let go of the recording."""
        self._tasks.cancel()
        self._recording = None
        for sender, handler in self._handlers:
            sender.disconnect(handler)

    # Schemas

    def _on_session_changed(self, session: SessionAdapter) -> None:
        recording = session.recording
        if session.shows_earlier and recording not in self._looked_up:
            self._looked_up.add(recording)
            self._read_earlier(session)
        files = self._absolute(session.profile.schemas)
        if files != self._files or (recording is not self._recording and files != SchemaFiles()):
            self._files, self._recording = files, recording
            self._tasks.cancel()
            self._tasks.start(self._load(files, recording))

    def _read_earlier(self, session: SessionAdapter) -> None:
        """Read a recording by what is known or saved for its address, unless others are chosen."""
        if session.profile.schemas == SchemaFiles() and session.endpoint is not None:
            known = self._options.profile_of(session.endpoint.url_with_user)
            session.read_by(known.schemas)
        saved = self._connection.at_address(str(session.recording.facts.get("address", "")))
        if saved is None:
            return
        # Later, as the page forgets the choices once it shows another recording.
        GLib.idle_add(weakly(self._choose_saved), session.recording, saved)
        if session.profile.schemas == SchemaFiles():
            session.read_by(saved.profile.schemas)

    def _choose_saved(self, recording: Recording, saved: SavedConnection) -> None:
        inspector = self._page.inspector
        for kind, name in ((Kind.TEXT, saved.decoder), (Kind.BINARY, saved.binary_decoder)):
            is_free = recording is self._session.recording and not inspector.decoder_of(kind)
            if name and is_free:
                inspector.choose_decoder(kind, name)

    def _on_connection_changed(self, _connection: TabConnection) -> None:
        self._on_session_changed(self._session)  # the folder may be another one

    def _absolute(self, files: SchemaFiles) -> SchemaFiles:
        folder = self._folder
        if folder is None or files == SchemaFiles():
            return files
        from spacebeam.exchange.schema_files import in_folder

        return in_folder(files, folder)

    async def _load(self, files: SchemaFiles, recording: Recording) -> None:
        loaded: LoadedSchemas | None = None
        if files != SchemaFiles():
            from spacebeam.exchange.schema_files import load_schemas

            loaded = await asyncio.to_thread(load_schemas, files)
        use_schemas(recording, None if loaded is None else loaded.schemas)
        self._decode_again()
        if loaded is not None and loaded.problems and not self._is_choosing:
            from spacebeam.wording.exchange import schema_words

            one = loaded.problems[0]
            self._notify(f"{one_line(Path(one.file).name)}: {schema_words(one.error)}")

    @property
    def _is_choosing(self) -> bool:
        """Whether the window is open that says what is wrong itself."""
        return self._dialog is not None and self._dialog.get_mapped()

    def _decode_again(self) -> None:
        self._page.timeline.rows.decode_again(self._session.recording)
        self._page.inspector.decode_again()
        self._page.composer.encoding.check_again()
        self._search.search_again()

    @property
    def _folder(self) -> Path | None:
        """The folder of the saved connection's collection, in which relative paths are."""
        place = self._connection.saved.place if self._connection.is_bound else None
        return None if place is None else place.folder.root

    def _choose_files(self, files: SchemaFiles) -> None:
        """Read by these files, now and when the address is connected to again."""
        session, connecting = self._session, self._connecting
        session.read_by(files)
        connecting.read_by(files)
        made_from = connecting.made_from
        if made_from is not None and not self._connection.is_bound:
            # The values of variables are not remembered.
            self._options.store(made_from.typed, made_from.profile)
        elif session.endpoint is not None:
            self._remember(session.endpoint.url_with_user, files)

    def _remember(self, address: str, files: SchemaFiles) -> None:
        """Change the profile of the address, or of the saved connection that the tab shows."""
        options, is_earlier = self._options, self._session.shows_earlier
        known = options.profile_of(address)
        changed = replace(known, schemas=files)
        if options.saved is None:
            if not is_earlier or known != Profile():  # another's recording is no recent address
                options.remember(address, changed)
        elif not is_earlier or self._session.is_restored:
            options.store(address, changed)

    def _sent_context(self) -> Context:
        """Return what is known about the binary messages that are sent."""
        recording = self._session.recording
        connection = connection_of(recording, len(recording))
        return context_of(Kind.BINARY, Direction.SENT, connection=connection)

    def _encoded(self, text: str, name: str) -> str | bytes:
        from spacebeam.decode.encoding import encoded

        return encoded(text, name, self._sent_context())

    # Decoders

    def _choose_decoders(self, text: str, binary: str) -> None:
        for kind, name in ((Kind.TEXT, text), (Kind.BINARY, binary)):
            if self._page.inspector.decoder_of(kind) != name:
                self._page.inspector.choose_decoder(kind, name)

    def _show_as_text(self) -> None:
        """Show messages like the selected one as text, or again as before."""
        inspector, entry = self._page.inspector, self._page.selected_head()
        kind = Kind.TEXT if entry is None else entry.kind
        is_text = inspector.decoder_of(kind) == TextDecoder.name
        inspector.choose_decoder(kind, "" if is_text else TextDecoder.name)

    def _present(self) -> None:
        window = self._tab.get_root()
        if not isinstance(window, Gtk.Window):
            return
        from spacebeam.ui.decoding.decoding_window import DecodingWindow

        inspector = self._page.inspector
        self._dialog = dialog = DecodingWindow(window)
        chosen = inspector.decoder_of(Kind.TEXT), inspector.decoder_of(Kind.BINARY)
        dialog.show_decoders(*chosen, self._choose_decoders)
        dialog.show_files(self._session.profile.schemas, self._folder, self._choose_files)
        dialog.present()
