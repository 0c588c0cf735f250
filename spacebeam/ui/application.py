"""The application: its windows, and the settings and tasks that they share."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gi.repository import Adw, Gdk, Gio, GLib, Gtk

from spacebeam import __version__
from spacebeam.decode.visible import set_pictures
from spacebeam.library.settings import default_path
from spacebeam.library.window_state import StateFile, WindowState, default_folder
from spacebeam.server.local_chat import LocalChat, chosen_port
from spacebeam.ui.actions import add, add_switch, enable, turn
from spacebeam.ui.compat import set_parent
from spacebeam.ui.control_pictures import are_in_font
from spacebeam.ui.garbage import collector
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.help.places import topic_about
from spacebeam.ui.popovers import close_with
from spacebeam.ui.recordings.dialogs import confirm_closing
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks, use_glib_loop
from spacebeam.ui.window import shortcuts
from spacebeam.ui.window.close_guard import ending
from spacebeam.ui.window.closed_tabs import ClosedTabs
from spacebeam.ui.window.preloading import preload_after_first_frame
from spacebeam.ui.window.restoring import Restoring
from spacebeam.ui.window.window import Window
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.ui.help.help_window import HelpWindow
    from spacebeam.ui.recordings.recordings_window import RecordingsWindow

APPLICATION_ID = "app.spacebeam.Spacebeam"


@weak_handlers
class Application(Adw.Application):
    """Opens windows and owns what they share."""

    __gtype_name__ = "SpacebeamApplication"

    def __init__(self, flags: Gio.ApplicationFlags = Gio.ApplicationFlags.DEFAULT_FLAGS) -> None:
        super().__init__(
            application_id=APPLICATION_ID, flags=flags | Gio.ApplicationFlags.HANDLES_OPEN
        )
        self._settings_service = SettingsService(default_path())
        self._local_chat = LocalChat(chosen_port())
        self._closed_tabs = ClosedTabs()
        self._tasks = Tasks()
        self._retention = Tasks()
        self._recordings_window: RecordingsWindow | None = None
        self._help_window: HelpWindow | None = None
        self._restoring = Restoring(
            self, self._settings_service, StateFile(default_folder()), self._new_window
        )
        self._is_quitting = False

    def do_startup(self) -> None:
        Adw.Application.do_startup(self)
        collector.start()
        Gtk.Window.set_default_icon_name(APPLICATION_ID)
        _load_style()
        _add_icons()
        reactions: dict[str, Callable[[], object]] = {
            "new-window": self._open_another,
            "chat-window": self._open_chat_window,
            "recordings": self.show_recordings,
            "help-here": self._show_help_here,
            "import": self._import,
            "log": self._show_log,
            "about": self._show_about,
            "quit": self._quit,
        }
        add(self, reactions)
        add_switch(self, "restore-tabs", self._on_restore_tabs_change_state)
        add_switch(self, "connect-at-start", self._on_connect_at_start_change_state)
        self._settings_service.connect("changed", self._on_settings_changed)
        self._on_settings_changed(self._settings_service)
        show_help = Gio.SimpleAction.new("help", GLib.VariantType("s"))
        show_help.connect("activate", self._on_show_help_activate)
        self.add_action(show_help)
        recordings_of = Gio.SimpleAction.new("recordings-of", GLib.VariantType("s"))
        recordings_of.connect("activate", self._on_recordings_of_activate)
        self.add_action(recordings_of)
        show_chat = Gio.SimpleAction.new("show-chat", GLib.VariantType("x"))
        show_chat.connect("activate", self._on_show_chat_activate)
        self.add_action(show_chat)
        show_recording = Gio.SimpleAction.new("show-recording", GLib.VariantType("s"))
        show_recording.connect("activate", self._on_show_recording_activate)
        self.add_action(show_recording)
        shortcuts.install(self)
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, self._on_signal_terminate)
        self._retention.start(self._settings_service.apply_retention())

    def do_activate(self) -> None:
        is_running = bool(self._windows())
        self._restore()
        if is_running or not self._windows():
            self.open_window()
        if not is_running:
            preload_after_first_frame(self._windows()[0])

    def do_open(self, files: Sequence[Gio.File], _count: int, _hint: str) -> None:
        self._front().open_files(files)

    def do_shutdown(self) -> None:
        self._retention.cancel()
        self._restoring.close()
        Adw.Application.do_shutdown(self)

    def do_window_added(self, window: Gtk.Window) -> None:
        Adw.Application.do_window_added(self, window)
        close_with(window)

    def do_window_removed(self, window: Gtk.Window) -> None:
        Adw.Application.do_window_removed(self, window)
        if isinstance(window, Window):
            # The window is gone, but its connections are still closed properly.
            self.hold()
            self._restoring.window_closed(window)
            if self._help_window is not None and not self._windows():
                self._help_window.close()
            self._tasks.start(self._disconnect(window))
        elif (end := getattr(window, "end", None)) is not None:
            self.hold()
            self._tasks.start(self._end(end))

    async def _end(self, end: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Wait until what a closed window runs has ended."""
        try:
            await end()
        finally:
            self.release()

    def open_window(self) -> Window:
        """Open another window."""
        window = self._new_window()
        window.add_tab()
        return window

    def _open_another(self) -> None:
        self._restore()
        self.open_window()

    def _new_window(self, state: WindowState | None = None) -> Window:
        self._restoring.go_on()
        window = Window(self, self._settings_service, self._local_chat, self._closed_tabs, state)
        window.present()
        return window

    def _open_chat_window(self) -> None:
        tab = self.open_window().tab
        if tab is not None:
            tab.activate_action("tab.join-chat", None)

    def _on_show_chat_activate(self, _action: Gio.SimpleAction, number: GLib.Variant) -> None:
        windows = [one for one in self.get_windows() if isinstance(one, Window)]
        any(one.show_chat(number.get_int64()) for one in windows)

    def _on_show_recording_activate(self, _action: Gio.SimpleAction, path: GLib.Variant) -> None:
        self._front().open_recording(Path(path.get_string()))

    def _on_recordings_of_activate(self, _action: Gio.SimpleAction, text: GLib.Variant) -> None:
        self.show_recordings()
        if self._recordings_window is not None:
            self._recordings_window.search(text.get_string())

    def show_recordings(self) -> None:
        """Show the window of recordings."""
        # Imported when it is opened, as the log: the start needs neither.
        from spacebeam.ui.recordings.recordings_window import RecordingsWindow

        if self._recordings_window is None:
            window = RecordingsWindow(self._settings_service)
            window.set_application(self)
            window.connect("open-requested", self._on_recordings_window_open_requested)
            window.connect("unrealize", self._on_recordings_window_unrealize)
            self._recordings_window = window
        self._recordings_window.present()

    def _import(self) -> None:
        self._front().activate_action("win.import", None)

    def _front(self) -> Window:
        """Return the window that was used last, or a new one."""
        if not self._windows():
            self._restore()
        window = next(iter(self._windows()), None) or self.open_window()
        window.present()
        return window

    async def _disconnect(self, window: Window) -> None:
        try:
            await window.disconnect_tabs()
            collector.request()
            if not self.get_windows():
                await self._local_chat.stop()
            if not self._windows():
                await self._restoring.finish()
                await self._settings_service.secrets.finish()
        finally:
            self.release()

    def _quit(self) -> None:
        if not self._is_quitting:
            self._is_quitting = True
            self._tasks.start(self._ask_and_quit())

    async def _ask_and_quit(self) -> None:
        try:
            if not await self._confirm_closing_scenarios():
                return
            words = self._ending_words()
            for window in self._windows():
                left = await window.confirm_discarding(words)
                if left is None:
                    return
                words = left
            if not words or await confirm_closing(self._front(), words):
                self.close_at_once()
        finally:
            self._is_quitting = False

    async def _confirm_closing_scenarios(self) -> bool:
        """Ask about scenarios that are not saved; return whether they may be closed."""
        name = "spacebeam.ui.scenario.scenario_windows"  # imported once there is such a window
        return name not in sys.modules or bool(await sys.modules[name].confirm_closing(self))

    def _ending_words(self) -> str:
        """Return what quitting ends, besides the entries that are asked about."""
        tabs = [tab for window in self._windows() for tab in window.tabs]
        return ending(tabs, come_back=self._settings_service.settings.restore_tabs)

    def close_at_once(self) -> None:
        """Close all windows without asking, as at the end of a desktop session."""
        self._restoring.end()
        for window in self.get_windows():
            close_at_once = getattr(window, "close_at_once", window.close)  # of those that ask
            close_at_once()

    def _windows(self) -> list[Window]:
        return [one for one in self.get_windows() if isinstance(one, Window)]

    def _restore(self) -> None:
        """Open the windows of the last time, at the first call."""
        error = self._restoring.restore()
        if error:
            self.open_window().show_notice(error)

    def _on_recordings_window_open_requested(self, _window: RecordingsWindow, path: Path) -> None:
        self._front().open_recording(path)

    def _on_recordings_window_unrealize(self, _window: RecordingsWindow) -> None:
        self._recordings_window = None

    def _on_signal_terminate(self) -> bool:
        self.close_at_once()
        return GLib.SOURCE_REMOVE

    def _on_settings_changed(self, settings_service: SettingsService) -> None:
        settings = settings_service.settings
        turn(self, "restore-tabs", settings.restore_tabs)
        turn(self, "connect-at-start", settings.connect_at_start)
        enable(self, "connect-at-start", settings.restore_tabs)

    def _on_restore_tabs_change_state(self, _action: Gio.SimpleAction, is_on: GLib.Variant) -> None:
        self._settings_service.settings.restore_tabs = is_on.get_boolean()
        self._settings_service.save()

    def _on_connect_at_start_change_state(
        self, _action: Gio.SimpleAction, is_on: GLib.Variant
    ) -> None:
        self._settings_service.settings.connect_at_start = is_on.get_boolean()
        self._settings_service.save()

    def _show_help_here(self) -> None:
        """Show the help about what has the focus."""
        self.show_help(topic_about(self.get_active_window()))

    def _on_show_help_activate(self, _action: Gio.SimpleAction, target: GLib.Variant) -> None:
        self.show_help(target.get_string())

    def show_help(self, target: str) -> None:
        """Show a topic of the help, or a place on its page as `topic#anchor`."""
        from spacebeam.ui.help.help_window import HelpWindow  # not at the start

        if self._help_window is None:
            window = HelpWindow(target)
            window.set_application(self)
            window.connect("filter-tried", self._on_help_window_filter_tried)
            window.connect("unrealize", self._on_help_window_unrealize)
            self._help_window = window
        else:
            self._help_window.show_topic(target)
        self._help_window.present()

    def _on_help_window_unrealize(self, _window: HelpWindow) -> None:
        self._help_window = None

    def _on_help_window_filter_tried(self, help_window: HelpWindow, text: str) -> None:
        window = next(iter(self._windows()), None)
        tab = window.tab if window is not None else None
        if window is None or tab is None or not tab.is_conversation:
            help_window.say_no_conversation()
        else:
            tab.activate_action("tab.try-filter", GLib.Variant("s", text))
            window.present()

    def _show_log(self) -> None:
        from spacebeam.ui.window.log_window import LogWindow

        windows = (one for one in self.get_windows() if isinstance(one, LogWindow))
        window = next(windows, None)
        if window is None:
            window = LogWindow()
            window.set_application(self)
        window.present()

    def _show_about(self) -> None:
        about = Adw.AboutWindow(
            application_name="Spacebeam",
            application_icon=APPLICATION_ID,
            developer_name=_("The Spacebeam developers"),
            version=__version__,
            license_type=Gtk.License.MIT_X11,
            comments=_("A native WebSocket client"),
        )
        parent = self.get_active_window()
        if parent is not None:
            set_parent(about, parent)
        about.present()


def _load_style() -> None:
    provider = Gtk.CssProvider()
    provider.load_from_path(str(Path(__file__).with_name("style.css")))
    display = Gdk.Display.get_default()
    assert display is not None
    Gtk.StyleContext.add_provider_for_display(
        display, provider, Gtk.STYLE_PROVIDER_PRIORITY_APPLICATION
    )


def _add_icons() -> None:
    """Find the program's icon in a bare checkout and in a virtual environment too."""
    display = Gdk.Display.get_default()
    assert display is not None
    theme = Gtk.IconTheme.get_for_display(display)
    for icons in (Path(__file__).parents[2] / "data/icons", Path(sys.prefix) / "share/icons"):
        if icons.is_dir():
            theme.add_search_path(str(icons))


def main(files: Sequence[str] = ()) -> int:
    """Open the window with these files and run until the last window is closed.

    Return the exit code.
    """
    GLib.set_prgname(APPLICATION_ID)
    GLib.set_application_name("Spacebeam")
    # Without a display the first widget would crash the process.
    if Gdk.Display.get_default() is None:
        print(
            "spacebeam: There is no display to open a window on.\n"
            "Start it in a graphical session, or use “spacebeam connect URL” in this terminal.",
            file=sys.stderr,
        )
        return 1
    use_glib_loop()
    # A URI is never mistaken for an option, whatever the file's name.
    addresses = [Gio.File.new_for_commandline_arg(file).get_uri() for file in files]
    application = Application()
    application.connect("startup", lambda _application: set_pictures(are_in_font()))
    return int(application.run(["spacebeam", *addresses] if files else []))
