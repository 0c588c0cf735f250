"""Marks in the inspector's tree what changed since the previous entry of its kind."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from gi.repository import GLib, Gtk

from spacebeam.decode.decoder import Data
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from spacebeam.ui.tasks import Tasks

if TYPE_CHECKING:
    from spacebeam.compare.partner import KindFollowing


@weak_handlers
class ChangeMarks:
    """The marks of a tree. They are off until the person presses `button`."""

    def __init__(self, view: JsonTreeView, button: Gtk.ToggleButton) -> None:
        self._view = view
        self._button = button
        self._tasks = Tasks()
        self._shown: tuple[Recording, Entry, str] | None = None
        self._recording: Recording | None = None
        self.following: KindFollowing | None = None  # later entries like the marked one
        self.left_out: Callable[[], tuple[str, ...]] = tuple  # returns paths that are not marked
        button.connect("toggled", self._on_button_toggled)

    def _is_next(self, entry: Entry) -> bool:
        """Return whether an entry was found as the newest like the marked one."""
        following = self.following
        return following is not None and following.before >= 0 and following.newest == entry.number

    def show_tree(self, recording: Recording, entry: Entry, decoder: str, document: Data) -> None:
        """Show the document of an entry, which is read as `decoder` says, and mark its tree."""
        is_whole, is_next = len(entry.payload) >= entry.size, self._is_next(entry)
        self._view.show_payload(document, is_whole=is_whole, keeps_place=is_next)
        self._shown = recording, entry, decoder
        self._button.set_visible(is_whole)
        self._start(says_none=False)

    def clear_tree(self) -> None:
        """Show no tree, and mark nothing."""
        self._shown = self._recording = None
        self._button.set_visible(False)
        self._start(says_none=False)
        self._view.clear()

    def _start(self, *, says_none: bool) -> None:
        """Mark the tree if that is wanted; with `says_none`, say if there is no entry before."""
        self._tasks.cancel()
        if self._shown is None or not self._button.get_active():
            self.following = None
            self._view.show_changes(None)
            return
        recording, entry, decoder = self._shown
        if len(entry.payload) == entry.size:
            self._tasks.start(self._mark(recording, entry, decoder, says_none))

    def _on_button_toggled(self, _button: Gtk.ToggleButton) -> None:
        self._start(says_none=True)

    async def _mark(
        self, recording: Recording, entry: Entry, decoder: str, says_none: bool
    ) -> None:
        from spacebeam.compare.comparison import Comparison, TooLongError  # when it is wanted
        from spacebeam.compare.difference import Rules
        from spacebeam.ui.compare.reading import differences_of, read_side
        from spacebeam.wording.differences import since_words

        before = await self._before(recording, entry)
        if before < 0:
            if says_none:
                self._say_none()
            return
        with suppress(RecordingError, IndexError, TooLongError):  # not marked
            numbers = before, entry.number
            sides = [await read_side(recording, one, decoder) for one in numbers]
            comparison = Comparison(sides[0], sides[1])
            if comparison.has_values:
                found = await differences_of(comparison, Rules(self.left_out() or ()))
                self._view.show_changes(found, since_words(found.count, before))

    async def _before(self, recording: Recording, entry: Entry) -> int:
        """Return the number of the previous entry of its kind, or -1."""
        from spacebeam.compare.partner import Partner, PartnerSearch
        from spacebeam.ui.compare.reading import read_all

        following = self.following
        if following is not None and self._is_next(entry) and recording is self._recording:
            return following.before
        self.following = None
        self._recording = recording
        search = PartnerSearch(recording, entry.number, Partner.PREVIOUS)
        await read_all(search)
        self.following = search.following()
        return search.found

    def _say_none(self) -> None:
        from spacebeam.compare.partner import Partner
        from spacebeam.wording.differences import no_partner_words

        length = 0 if self._recording is None else len(self._recording)
        words = GLib.Variant("s", no_partner_words(Partner.PREVIOUS, length))
        self._view.activate_action("tab.notify", words)
