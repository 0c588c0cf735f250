"""Compares the selected entries of a tab, or one with the previous of its kind or its echo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gi.repository import Adw, Gio, Gtk

from spacebeam.protocol.batch import Kind
from spacebeam.protocol.secrets import saved_address
from spacebeam.recording.errors import RecordingError
from spacebeam.ui.actions import add, enable
from spacebeam.ui.compare.kind_follower import KindFollower
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import recording_error_words

if TYPE_CHECKING:
    from spacebeam.compare.partner import Partner
    from spacebeam.ui.compare.comparison_window import ComparisonWindow

_MESSAGES = (Kind.TEXT, Kind.BINARY)
_SAVED = _("Left out at this address, also after a restart.")
_OF_TAB = _("Left out until the tab is closed.")


@weak_handlers
class CompareActions:
    """Adds the actions `compare`, `compare-previous` and `compare-echo` to a tab's group."""

    def __init__(
        self,
        session: SessionAdapter,
        page: ConversationPage,
        settings_service: SettingsService,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        notify: Callable[[str], Adw.Toast],
    ) -> None:
        self._session = session
        self._page = page
        self._service = settings_service
        self._tasks = tasks
        self._actions = actions
        self._notify = notify
        self._of_tab: tuple[str, ...] = ()  # paths that are left out and not saved
        add(
            actions,
            {
                "compare": self._compare,
                "compare-previous": self._compare_with_previous,
                "compare-echo": self._compare_with_echo,
            },
        )
        self._handlers = [
            page.timeline.connect("entry-selected", self._on_timeline_selected),
            page.timeline.connect("several-selected", self._on_timeline_selected),
        ]
        self._follower = KindFollower(page)
        page.inspector.changes.left_out = weakly(self._paths)
        self._enable()

    def close(self) -> None:
        """Disconnect the signals."""
        self._follower.close()
        for handler in self._handlers:
            self._page.timeline.disconnect(handler)

    def _on_timeline_selected(self, _timeline: Gtk.Widget, _number: int) -> None:
        self._enable()

    def _enable(self) -> None:
        head = self._page.selected_head()
        is_message = head is not None and head.kind in _MESSAGES
        enable(self._actions, "compare", is_message or self._page.timeline.several == 2)
        enable(self._actions, "compare-previous", is_message)
        enable(self._actions, "compare-echo", is_message)

    def _compare(self) -> None:
        """Compare the two selected entries, or the selected one with the previous of its kind."""
        timeline = self._page.timeline
        if timeline.several != 2:
            self._compare_with_previous()
            return
        numbers = [
            chunk.block.first + place for chunk in timeline.selected_chunks() for place in chunk[1]
        ]
        if len(numbers) == 2:
            self._tasks.start(self._show(numbers[0], numbers[1]))

    def _compare_with_previous(self) -> None:
        from spacebeam.compare.partner import Partner  # when it is wanted

        self._tasks.start(self._show_with_partner(Partner.PREVIOUS))

    def _compare_with_echo(self) -> None:
        from spacebeam.compare.partner import Partner  # when it is wanted

        self._tasks.start(self._show_with_partner(Partner.ECHO))

    async def _show_with_partner(self, partner: Partner) -> None:
        from spacebeam.ui.compare.reading import partner_of
        from spacebeam.wording.differences import no_partner_words

        number = self._page.timeline.selected
        if number < 0:
            return
        recording = self._session.recording
        found = await partner_of(recording, number, partner)
        if found < 0:
            self._notify(no_partner_words(partner, len(recording)))
        else:
            await self._show(min(number, found), max(number, found))

    async def _show(self, before: int, after: int) -> None:
        from spacebeam.compare.comparison import Comparison, TooLongError
        from spacebeam.ui.compare.comparison_window import ComparisonWindow
        from spacebeam.ui.compare.reading import read_side
        from spacebeam.wording.differences import too_long_words

        recording, inspector = self._session.recording, self._page.inspector
        sides = []
        try:
            for number in (before, after):
                chosen = inspector.decoder_of(recording.entry(number, 0).kind)
                sides.append(await read_side(recording, number, chosen))
        except TooLongError as error:
            self._notify(too_long_words(error.args[0]))
            return
        except RecordingError as error:
            self._notify(recording_error_words(error))
            return
        except IndexError:
            return  # dropped meanwhile
        root = self._page.get_root()
        if not isinstance(root, Gtk.Window) or root.get_application() is None:
            return
        about = _SAVED if self._address else _OF_TAB
        window = ComparisonWindow(Comparison(sides[0], sides[1]), self._paths(), about)
        window.connect("left-out-changed", self._on_window_left_out_changed)
        width, height = window.get_default_size()
        window.set_default_size(min(width, root.get_width()), min(height, root.get_height()))
        window.set_application(root.get_application())
        window.present()

    @property
    def _address(self) -> str:
        """The address whose paths are saved; "" if nothing is."""
        endpoint, is_private = self._session.endpoint, not self._session.profile.record
        return "" if endpoint is None or is_private else saved_address(endpoint.url)

    def _paths(self) -> tuple[str, ...]:
        """Return the paths that are left out."""
        from spacebeam.decode.paths import is_path

        saved = self._service.settings.filters.left_out
        return tuple(filter(is_path, saved.get(self._address, self._of_tab)))

    def _on_window_left_out_changed(self, window: ComparisonWindow) -> None:
        if self._address:
            self._service.settings.filters.leave_out(self._address, window.left_out)
            self._service.save()
        else:
            self._of_tab = window.left_out
