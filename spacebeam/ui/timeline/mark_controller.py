"""Stars and notes of a tab's entries."""

from __future__ import annotations

from collections.abc import Iterator

from gi.repository import Gio, GLib

from spacebeam.recording.entry import Mark
from spacebeam.ui.actions import add
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.wording.i18n import _

_MAX_NOTE = 10_000  # characters
_MAX_STARRED = 1000  # entries at once
_SLICE_S = 0.004


@weak_handlers
class MarkController:
    """Saves stars and a note of the selected entries, and shows them."""

    def __init__(
        self, session: SessionAdapter, page: ConversationPage, actions: Gio.SimpleActionGroup
    ) -> None:
        """`actions` is the tab's group; the actions `star` and `note` are added to it."""
        self._session = session
        self._page = page
        add(actions, {"star": self._toggle_star, "note": self._edit_note})
        self._starring = SlicedTask(_SLICE_S, self._on_starred)
        self._handlers = [
            page.connect("star-toggled", self._on_star_toggled),
            page.connect("note-changed", self._on_note_changed),
        ]

    def close(self) -> None:
        """Disconnect all signals."""
        self._starring.stop()
        for handler in self._handlers:
            self._page.disconnect(handler)

    def _toggle_star(self) -> None:
        timeline = self._page.timeline
        number = timeline.selected
        if number >= 0:
            self._star(number, is_starred=number not in self._session.recording.stars)
        elif timeline.several > _MAX_STARRED:
            words = _("At most {count:,} entries get a star at once").format(count=_MAX_STARRED)
            self._page.activate_action("tab.notify", GLib.Variant("s", words))
        elif timeline.several:
            chunks = list(timeline.selected_chunks())
            numbers = [one.block.first + place for one in chunks for place in one.places]
            is_starred = not self._session.recording.stars.issuperset(numbers)
            self._starring.start(self._star_all(numbers, is_starred))

    def _star_all(self, numbers: list[int], is_starred: bool) -> Iterator[None]:
        for number in numbers:
            self._session.recording.star(number, is_starred=is_starred)
            yield

    def _edit_note(self) -> None:
        if self._page.timeline.selected >= 0:
            self._page.inspector.edit_note()

    def _star(self, number: int, *, is_starred: bool) -> None:
        recording = self._session.recording
        recording.star(number, is_starred=is_starred)
        self._page.show_mark(recording.marks.get(number))
        self._page.timeline.update_star()

    def _on_starred(self) -> None:
        self._page.timeline.update_star()

    def _on_star_toggled(self, page: ConversationPage, is_starred: bool) -> None:
        if page.timeline.selected >= 0:
            self._star(page.timeline.selected, is_starred=is_starred)

    def _on_note_changed(self, page: ConversationPage, note: str) -> None:
        number, recording = page.timeline.selected, self._session.recording
        if number >= 0:
            is_starred = number in recording.stars
            recording.set_mark(number, Mark(is_starred, note[:_MAX_NOTE]))
            page.timeline.rows.refill()
