"""What a tab has, as a value, and another tab made from it: reopened or after a restart."""

from __future__ import annotations

from pathlib import Path

from gi.repository import Gio, GLib

from spacebeam.library.window_state import TabState
from spacebeam.net.connection import ConnectionState
from spacebeam.protocol.batch import Kind
from spacebeam.protocol.secrets import blank_address
from spacebeam.recording.errors import RecordingError
from spacebeam.ui.composer.draft import PayloadFormat, Typed
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.recordings.file_actions import RecordingFileActions
from spacebeam.ui.search.search_controller import SearchController
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.window.connecting import Connecting
from spacebeam.wording.recordings import recording_error_words

_FORMS = {form.value: form for form in PayloadFormat}
_MAX_DRAFT = 2**20  # characters; reading a longer one every few seconds would hold up the window


class TabRestorer:
    """Reads the parts of a tab, and puts another tab's state into them."""

    def __init__(
        self,
        session: SessionAdapter,
        connecting: Connecting,
        connection_page: ConnectionPage,
        conversation_page: ConversationPage,
        search_controller: SearchController,
        file_actions: RecordingFileActions,
        actions: Gio.SimpleActionGroup,
    ) -> None:
        self._session = session
        self._connecting = connecting
        self._connection_page = connection_page
        self._page = conversation_page
        self._search_controller = search_controller
        self._file_actions = file_actions
        self._actions = actions

    def state(self, name: str, *, is_conversation: bool) -> TabState:
        """Return what the tab has."""
        session, composer = self._session, self._page.composer
        endpoint, path = session.endpoint, self._file_actions.path
        made_from = self._connecting.made_from
        if endpoint is None and not session.is_restored:
            address = self._connection_page.address
            profile = self._connecting.profile_of(address)
        elif made_from is not None:
            address, profile = made_from.typed, made_from.profile
        else:
            address, profile = "" if endpoint is None else endpoint.url_with_user, session.profile
        opening = session.session.opening
        is_private = (
            not profile.record
            or session.recording.memory_limit is not None
            or (opening is not None and opening.is_private)
        )
        is_long = composer.typed_length > _MAX_DRAFT
        return TabState(
            address=address,
            profile=profile,
            is_conversation=is_conversation,
            was_connected=session.state is not ConnectionState.CLOSED
            or session.progress is not None,
            is_earlier=session.shows_earlier and not session.is_restored,
            recording="" if path is None else str(path),
            name=name,
            draft="" if is_long else composer.typed,
            draft_format=composer.form.value,
            draft_encoding=composer.encoding.name,
            has_escapes=composer.has_escapes,
            filter=self._page.filter_bar.text,
            decoder=self._page.inspector.decoder_of(Kind.TEXT),
            binary_decoder=self._page.inspector.decoder_of(Kind.BINARY),
            is_paused=self._page.timeline.is_paused,
            is_private=is_private,
            has_more=is_long or composer.has_file,
        )

    def _restore_draft(self, state: TabState) -> None:
        composer = self._page.composer
        if state.draft:
            form = _FORMS.get(state.draft_format, PayloadFormat.TEXT)
            composer.restore(Typed(form, state.draft, state.has_escapes))
        if state.draft_encoding:
            composer.encoding.choose(state.draft_encoding)

    async def show(self, state: TabState) -> bool:
        """Show a state without connecting; return whether its recording is shown."""
        self._restore_draft(state)
        if state.filter:
            self._search_controller.show_filter(state.filter)
        self._connection_page.show_address(blank_address(state.address))
        if not state.recording:
            if state.address:
                self._connecting.adopt(state.address, state.profile)
            return False
        try:
            restored = None if state.is_earlier else state.address
            await self._file_actions.open(Path(state.recording), restored)
        except RecordingError as error:
            self._connection_page.show_failure(recording_error_words(error))
            self._connecting.adopt(state.address, state.profile)
            return False
        self._session.read_by(state.profile.schemas)
        for kind, name in ((Kind.TEXT, state.decoder), (Kind.BINARY, state.binary_decoder)):
            if name:
                self._page.inspector.choose_decoder(kind, name)
        if state.is_paused:
            self._actions.change_action_state("pause", GLib.Variant("b", True))
        return True
