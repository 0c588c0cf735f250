"""Exports a tab's recording, what its filter shows, or the selected entries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Adw, Gio, Gtk

from spacebeam.decode.preview import size
from spacebeam.decode.visible import one_line
from spacebeam.search.selected import Chunk
from spacebeam.ui.actions import add, enable
from spacebeam.ui.compat import choose_target, set_parent, show_in_files
from spacebeam.ui.exchange.export_choice import ExportChoice, ExportedRecording, Scope
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.recordings.dialogs import answer, show_error
from spacebeam.ui.recordings.file_actions import RecordingFileActions
from spacebeam.ui.recordings.save_as import proposed_name
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.timeline.chosen_entries import (
    selected_count,
    selected_entries,
    shown_entries,
)
from spacebeam.wording.i18n import _, ngettext

if TYPE_CHECKING:
    from spacebeam.ui.exchange.export_dialog import ExportDialog

_SHOW = "show"
_HEADING = _("Could not export")


@weak_handlers
class ExportActions:
    """Adds the actions `export` and `export-selected` to a tab's group."""

    def __init__(
        self,
        session: SessionAdapter,
        page: ConversationPage,
        file_actions: RecordingFileActions,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
    ) -> None:
        self._session = session
        self._page = page
        self._file_actions = file_actions
        self._tasks = tasks
        self._actions = actions
        add(
            actions,
            {
                "export": self._open_for_shown,
                "export-selected": self._open_for_selected,
            },
        )
        self._handlers = [
            page.timeline.connect("entry-selected", self._on_timeline_selected),
            page.timeline.connect("several-selected", self._on_timeline_selected),
        ]
        enable(actions, "export-selected", False)

    def close(self) -> None:
        """Disconnect the signals."""
        for handler in self._handlers:
            self._page.timeline.disconnect(handler)

    def _on_timeline_selected(self, _timeline: Gtk.Widget, _number: int) -> None:
        enable(self._actions, "export-selected", self._selected_count > 0)

    @property
    def _selected_count(self) -> int:
        return selected_count(self._page.timeline)

    def _open_for_shown(self) -> None:
        self._open(self._shown_scope)

    def _open_for_selected(self) -> None:
        if self._selected_count:
            self._open(Scope.SELECTED)

    def _open(self, chosen: Scope) -> None:
        from spacebeam.ui.exchange.export_dialog import ExportDialog  # when it is wanted

        window = self._page.get_root()
        if isinstance(window, Gtk.Window):
            dialog = ExportDialog(self._scopes(), chosen)
            dialog.connect("export-requested", self._on_dialog_export_requested)
            set_parent(dialog, window)
            dialog.present()

    @property
    def _shown_scope(self) -> Scope:
        counts = self._page.timeline.counts
        return Scope.ALL if counts.passing == self._entry_count else Scope.SHOWN

    @property
    def _entry_count(self) -> int:
        recording = self._session.recording
        return len(recording) - recording.first_number

    def _scopes(self) -> dict[Scope, int]:
        """Return what can be exported, with the numbers of entries."""
        scopes = {Scope.ALL: self._entry_count}
        if self._shown_scope is Scope.SHOWN:
            scopes[Scope.SHOWN] = self._page.timeline.counts.passing
        if self._selected_count:
            scopes[Scope.SELECTED] = self._selected_count
        return scopes

    def _on_dialog_export_requested(self, dialog: ExportDialog, choice: ExportChoice) -> None:
        timeline = self._page.timeline
        selected = selected_entries(timeline) if choice.scope is Scope.SELECTED else None
        count = self._selected_count
        dialog.close()
        self._tasks.start(self._choose_and_export(choice, selected, count))

    async def _choose_and_export(
        self, choice: ExportChoice, selected: Iterator[Chunk] | None, count: int
    ) -> None:
        from spacebeam.ui.exchange.entry_export import export_entries  # when it is wanted
        from spacebeam.ui.exchange.entry_feed import whole

        window, recording = self._page.get_root(), self._session.recording
        if not isinstance(window, Gtk.Window):
            return
        name = Path(proposed_name(self._file_actions.shown_name)).stem + choice.format.suffix
        file = await choose_target(window, _("Export"), name)
        if file is None:
            return
        if (path := file.get_path()) is None:
            await show_error(window, _HEADING, _("Choose a folder on this computer."))
            return
        entries: Iterator[Chunk]
        if choice.scope is Scope.ALL:
            entries, count = whole(recording), self._entry_count
        elif selected is None:
            entries = await shown_entries(self._page.timeline, recording)
            count = self._page.timeline.counts.passing
        else:
            entries = selected
        source = ExportedRecording(recording, choice, Path(path))
        outcome = await export_entries(window, source, entries, count)
        if outcome is not None:
            await self._show(window, Path(path), *outcome)

    async def _show(
        self, window: Gtk.Window, path: Path, count: int, written: int, losses: str
    ) -> None:
        """Tell what was exported, and what of it was not carried over."""
        entries = ngettext("{count:,} entry", "{count:,} entries", count).format(count=count)
        words = _("{entries}, {size}, in “{name}”.").format(
            entries=entries, size=size(written), name=one_line(path.name)
        )
        dialog = Adw.MessageDialog.new(None, _("Exported"), f"{words}\n\n{losses}".strip())
        set_parent(dialog, window)
        dialog.add_response("close", _("_Close"))
        dialog.add_response(_SHOW, _("_Show in Files"))
        dialog.set_default_response("close")
        dialog.set_close_response("close")
        if await answer(dialog) == _SHOW and not await show_in_files(
            Gio.File.new_for_path(str(path))
        ):
            words = _("The file is in {folder}.").format(folder=one_line(str(path.parent)))
            await show_error(window, _("Could not find a file manager"), words)
