"""While a feed runs, shows the newest entry of the marked one's kind in the inspector."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.tasks import Tasks


@weak_handlers
class KindFollower:
    """Selects entries as they come while changes are marked and the timeline follows the newest."""

    def __init__(self, page: ConversationPage) -> None:
        self._page = page
        self._tasks = Tasks()
        self._handler = page.timeline.connect("shown", self._on_timeline_shown)

    def close(self) -> None:
        """Disconnect the signal."""
        self._tasks.cancel()
        self._page.timeline.disconnect(self._handler)

    def _on_timeline_shown(self, _timeline: Gtk.Widget) -> None:
        if self._is_wanted and not self._tasks.are_running:
            self._tasks.start(self._follow())

    @property
    def _is_wanted(self) -> bool:
        timeline, following = self._page.timeline, self._page.inspector.changes.following
        is_following = timeline.is_following and not timeline.is_paused
        return is_following and following is not None and following.newest == timeline.selected

    async def _follow(self) -> None:
        from spacebeam.ui.compare.reading import read_all  # when it is wanted

        following = self._page.inspector.changes.following
        if following is None:
            return
        shown = following.newest
        await read_all(following)
        if following.newest != shown and self._page.timeline.selected == shown:
            self._page.timeline.go_to(following.newest, scrolls=False)
