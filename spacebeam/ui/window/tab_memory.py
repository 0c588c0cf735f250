"""What a tab has, as a value that another tab can be made from, and how it becomes like one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from spacebeam.decode.visible import one_line
from spacebeam.library.titles import MAX_TITLE
from spacebeam.library.window_state import TabState
from spacebeam.profiles.variables import has_variables
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.ui.handlers import HeldBy
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.headline import ConnectionStatus

if TYPE_CHECKING:
    from spacebeam.ui.window.tab import Tab


class TabMemory:
    """The state of one tab, which may be held: then the tab becomes like it when it is selected.

    Until that is done, the tab is named after the state.
    """

    _tab: HeldBy[Tab] = HeldBy()

    def __init__(self, tab: Tab, tasks: Tasks, settings_service: SettingsService) -> None:
        self._tab = tab
        self._tasks = tasks
        self._settings_service = settings_service
        self._restored: TabState | None = None  # while it is being restored
        self._is_held = False
        self._held_recording: Path | None = None
        self._waiting: list[Callable[[], object]] = []  # for the tab to be restored

    @property
    def is_restoring(self) -> bool:
        """Whether the tab is becoming like another one, or will when it is selected."""
        return self._restored is not None

    @property
    def endpoint(self) -> Endpoint | None:
        """The endpoint of the conversation that is not shown yet."""
        state = self._restored
        if state is not None and state.recording and not has_variables(state.address):
            with suppress(EndpointError):
                return parse(state.address)
        return None

    @property
    def title(self) -> str:
        """The title of the recording that is not shown yet, or ""."""
        return "" if self._restored is None else self._restored.title

    @property
    def status(self) -> ConnectionStatus | None:
        """The state of the conversation that is not shown yet."""
        if self._restored is None or not self._restored.recording:
            return None
        is_earlier = self._restored.is_earlier
        return ConnectionStatus.RECORDING if is_earlier else ConnectionStatus.CLOSED

    def shows(self, path: Path) -> bool:
        """Return whether the tab is about to show the recording in this file."""
        recording = "" if self._restored is None else self._restored.recording
        return bool(recording) and os.path.realpath(recording) == os.path.realpath(path)

    @property
    def state(self) -> TabState:
        """What another tab needs to be like this one."""
        tab = self._tab
        if self._restored is not None:
            # The file of its connection may have been moved.
            connection = tab.connection.key or self._restored.connection
            return replace(self._restored, name=tab.name, connection=connection)
        first = tab.connection.state(tab.name)
        if not tab.has_made_conversation:
            return first
        state = tab.conversation.state(tab.name, is_conversation=tab.is_conversation)
        if state.recording:
            state = replace(state, title=one_line(tab.conversation.title[:MAX_TITLE]))
        connecting = tab.conversation.connecting
        is_of_another = connecting.made_from is not None and not connecting.typed
        if not first.connection or state.is_earlier or is_of_another:
            return state
        return replace(
            state,
            address=connecting.typed or first.address,
            profile=first.profile,
            connection=first.connection,
            is_changed=first.is_changed,
            is_private=state.is_private or first.is_private,
        )

    def hold(self, state: TabState) -> None:
        """Become like the tab that had this state when this tab is selected."""
        self._restored, self._is_held = state, True
        if state.recording:
            self._held_recording = Path(state.recording)
            self._settings_service.recordings.opened.hold(self._held_recording)
        self._tab.connection.restore(state)
        self._tab.rename(state.name)

    def wake(self) -> None:
        """Become like the state that is held, if there is one."""
        if self._is_held:
            self.restore(self.state)

    def restore(self, state: TabState, *, connect: bool = False) -> asyncio.Task[None]:
        """Become like the tab that had this state; connect only if told to, and nothing is asked.

        Until the task ends, the tab has the state already.
        """
        self._restored, self._is_held = state, False
        self._tab.rename(state.name)
        return self._tasks.start(self._restore(state, connect=connect))

    def when_restored(self, act: Callable[[], object]) -> None:
        """Call `act` once the tab is like its state: now, if nothing is being restored."""
        if self._restored is None:
            act()
        else:
            self._waiting.append(act)

    def close(self) -> None:
        """Let the recording expire that the tab does not show yet."""
        if self._held_recording is not None:
            self._settings_service.recordings.opened.release(self._held_recording)
            self._held_recording = None

    async def _restore(self, state: TabState, *, connect: bool) -> None:
        tab = self._tab
        try:
            made = await tab.making.finish()
            is_shown = await made.show(state)
            tab.connection.restore(state)
            if is_shown and not state.is_earlier:
                made.connecting.restore(state.address, state.profile)
            if is_shown and state.is_conversation:
                tab.show_conversation()
        finally:
            self._restored = None
            self.close()
            waiting, self._waiting = self._waiting, []
        tab.show_state()
        if connect:
            tab.conversation.connecting.connect_again()
        for act in waiting:
            act()
