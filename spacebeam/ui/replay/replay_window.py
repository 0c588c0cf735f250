"""The window in which a recording is played to a server, and its answers are compared."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from gi.repository import Adw, Gio, GObject, Gtk

from spacebeam.decode.paths import PathStepsError, steps
from spacebeam.decode.visible import one_line
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.profiles.profile import Profile
from spacebeam.scenario.replay.player import (
    Pace,
    ReplayPlayer,
    ReplayResult,
    ReplaySettings,
    TurnResult,
)
from spacebeam.scenario.replay.script import RecordedMessage, Turn
from spacebeam.search.matching.matcher import Matcher
from spacebeam.session.oauth.opening import SignInFlow
from spacebeam.ui.actions import add, enable
from spacebeam.ui.compat import choose_target
from spacebeam.ui.connections.saved_endpoint import NotReadyError
from spacebeam.ui.input_method import Composing
from spacebeam.ui.recordings.dialogs import show_error
from spacebeam.ui.replay.answers_view import AnswersView
from spacebeam.ui.replay.replay_target import ReplayTarget
from spacebeam.ui.replay.turn_list import TurnList
from spacebeam.ui.scenario.text_file import TextFile, TextFileError, write_text_file
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.sign_in.window_prompt import WindowPrompt
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.wording.failures import Face, failure_words
from spacebeam.wording.i18n import _, ngettext
from spacebeam.wording.replay import summary_words, unsent_words
from spacebeam.wording.replay_report import replay_junit

_PACES = (
    (_("After the Answers"), Pace.ANSWERS, 1.0),
    (_("At the Recorded Pace"), Pace.RECORDED, 1.0),
    (_("10 Times as Fast"), Pace.RECORDED, 10.0),
    (_("Without Waiting"), Pace.AT_ONCE, 1.0),
    (_("One by One"), Pace.STEP, 1.0),
)
_SHOW_INTERVAL_S = 0.1
_SHORTCUTS = (
    ("<Control>Return", "replay.go-on"),
    ("<Control>KP_Enter", "replay.go-on"),
    ("<Control>s", "replay.save-report"),
    ("<Control>w", "window.close"),
    ("F1", "app.help::replay"),
    ("Escape", "replay.stop"),
)


@dataclass(frozen=True, slots=True)
class ReplayedRecording:
    """What is played: a conversation, or the part that a filter shows."""

    name: str  # as it is shown
    address: str
    profile: Profile  # for that address
    script: list[Turn]
    matcher: Matcher | None = None  # of the new answers that are compared


class _FormError(Exception):
    """A field is not valid; its text says why."""


@template("replay_window.ui")
class ReplayWindow(Adw.Window):
    """Plays one recording, as often as the person wishes."""

    __gtype_name__ = "SpacebeamReplayWindow"

    _title: Adw.WindowTitle = Gtk.Template.Child()
    _play_button: Gtk.Button = Gtk.Template.Child()
    _stop_button: Gtk.Button = Gtk.Template.Child()
    _next_button: Gtk.Button = Gtk.Template.Child()
    _form: Adw.PreferencesGroup = Gtk.Template.Child()
    _address_row: Adw.EntryRow = Gtk.Template.Child()
    _pace_row: Adw.ComboRow = Gtk.Template.Child()
    _ignore_row: Adw.EntryRow = Gtk.Template.Child()
    _capture_row: Adw.EntryRow = Gtk.Template.Child()
    _error_label: Gtk.Label = Gtk.Template.Child()
    _progress_bar: Gtk.ProgressBar = Gtk.Template.Child()
    _list_view: Gtk.ListView = Gtk.Template.Child()
    _answers_view: AnswersView = Gtk.Template.Child()
    _status_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, settings_service: SettingsService, played: ReplayedRecording) -> None:
        GObject.type_ensure(AnswersView)  # the template has one
        super().__init__()
        self._played = played
        self._tasks = Tasks()
        self._player: ReplayPlayer | None = None  # of the newest replay
        self._playing: asyncio.Task[ReplayResult] | None = None
        self._untold: list[TurnResult] = []
        self._next = asyncio.Event()
        self._is_starting = self._is_closed = False
        self._list = TurnList(self._list_view, self._on_turn_chosen)
        self._actions = self._add_actions()
        Composing(self)  # before the shortcuts
        self._title.set_subtitle(one_line(played.name))
        self._target = ReplayTarget(
            self._address_row, settings_service, played.address, played.profile
        )
        self._sign_in = SignInFlow(settings_service.tokens, WindowPrompt(self, self._stop))
        self._pace_row.set_model(Gtk.StringList.new([words for words, _pace, _speed in _PACES]))
        count = sum(one.sent is not None for one in played.script)
        words = ngettext("{count:,} message to send", "{count:,} messages to send", count).format(
            count=count
        )
        self._status_label.set_text(words)
        self.connect("unrealize", self._on_unrealize)
        self._show_state()

    def _add_actions(self) -> Gio.SimpleActionGroup:
        keys = Gtk.ShortcutController(scope=Gtk.ShortcutScope.GLOBAL)
        keys.set_propagation_phase(Gtk.PropagationPhase.CAPTURE)
        for key, name in _SHORTCUTS:
            trigger = Gtk.ShortcutTrigger.parse_string(key)
            _valid, action, target = Gio.Action.parse_detailed_name(name)
            shortcut = Gtk.Shortcut(trigger=trigger, action=Gtk.NamedAction.new(action))
            shortcut.set_arguments(target)
            keys.add_shortcut(shortcut)
        self.add_controller(keys)
        group = Gio.SimpleActionGroup()
        reactions: dict[str, Callable[[], object]] = {
            "play": self._start_playing,
            "next": self._send_next,
            "go-on": self._go_on,
            "stop": self._stop,
            "save-report": partial(self._start, self._save_report),
        }
        add(group, reactions)
        self.insert_action_group("replay", group)
        return group

    def _start(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        self._tasks.start(work())

    @property
    def is_playing(self) -> bool:
        """Whether messages are being sent."""
        return self._playing is not None

    # Playing

    def _go_on(self) -> None:
        self._send_next() if self.is_playing else self._start_playing()

    def _start_playing(self) -> None:
        if not self.is_playing:
            try:
                settings = self._settings()
            except _FormError as error:
                self._show_error(str(error))
                return
            self._tasks.start(self._connect_and_play(settings))

    async def _connect_and_play(self, settings: ReplaySettings) -> None:
        if self._is_starting:
            return
        self._is_starting = True
        try:
            plan = await self._target.plan()
            await self._list.clear()
        except NotReadyError as error:
            self._show_error(one_line(str(error)))
            return
        finally:
            self._is_starting = False
        if not self._is_closed and not self.is_playing:
            await self._play(plan, settings)

    def _settings(self) -> ReplaySettings:
        _words, pace, speed = _PACES[self._pace_row.get_selected()]
        captured = _paths(self._capture_row)
        left_out = (*_paths(self._ignore_row), *captured)
        matcher = self._played.matcher
        return ReplaySettings(pace, speed, left_out=left_out, captured=captured, matcher=matcher)

    async def _play(self, plan: ConnectionPlan, settings: ReplaySettings) -> None:
        self._show_error("")
        self._answers_view.set_visible(False)
        self._untold = []
        step = self._wait_for_next if settings.pace is Pace.STEP else None
        player = ReplayPlayer(
            self._played.script, settings, self._untold.append, step, sign_in=self._sign_in
        )
        self._player = player
        self._playing = asyncio.get_running_loop().create_task(player.run(plan))
        self._show_state()
        error = ""
        try:
            while not self._playing.done():
                await asyncio.wait((self._playing,), timeout=_SHOW_INTERVAL_S)
                await self._list.add(self._untold)
                self._show_progress(player)
            if self._playing.cancelled():
                error = _("Stopped.")
            else:
                await self._playing
                error = unsent_words(player.result)
        except HandshakeError as failed:
            error = failure_words(failed.failure, Face.WINDOW)
        finally:
            self._playing = None
            self._show_state()
        self._show_error(one_line(error))
        self._status_label.set_text(summary_words(player.result))

    async def _wait_for_next(self, _message: RecordedMessage) -> None:
        self._next.clear()
        enable(self._actions, "next", True)
        await self._next.wait()

    def _send_next(self) -> None:
        enable(self._actions, "next", False)
        self._next.set()

    def _stop(self) -> None:
        if self._playing is not None:
            self._playing.cancel()

    async def end(self) -> None:
        """Wait until the connection of a closed window is closed."""
        if self._playing is not None:
            self._playing.cancel()
            await asyncio.wait((self._playing,))

    # What is shown

    def _show_state(self) -> None:
        is_playing = self.is_playing
        is_stepping = is_playing and _PACES[self._pace_row.get_selected()][1] is Pace.STEP
        had_focus = self._form.get_focus_child() is not None or any(
            one.has_focus() for one in (self._play_button, self._stop_button)
        )
        self._play_button.set_visible(not is_playing)
        self._stop_button.set_visible(is_playing)
        self._next_button.set_visible(is_stepping)
        self._progress_bar.set_visible(is_playing)
        enable(self._actions, "stop", is_playing)
        if had_focus:  # before the form is insensitive: a field with the focus would complain
            (self._stop_button if is_playing else self._play_button).grab_focus()
        self._form.set_sensitive(not is_playing)
        enable(self._actions, "next", False)
        has_report = not is_playing and self._player is not None and bool(self._player.result.turns)
        enable(self._actions, "save-report", has_report)

    def _show_progress(self, player: ReplayPlayer) -> None:
        told, total = len(player.result.turns), len(self._played.script)
        self._progress_bar.set_fraction(told / total if total else 0.0)
        if self.is_playing:
            self._status_label.set_text(
                _("{number:,} of {count:,}").format(number=told, count=total)
            )

    def _show_error(self, words: str) -> None:
        self._error_label.set_text(words)
        self._error_label.set_visible(bool(words))

    def _on_turn_chosen(self, result: TurnResult) -> None:
        self._answers_view.show_answers(result)

    async def _save_report(self) -> None:
        if self._player is None:
            return
        file = await choose_target(self, _("Save the report"), "replay.xml")
        path = None if file is None else file.get_path()
        if path is None:
            return
        result, name = self._player.result, self._played.name
        text = await asyncio.to_thread(replay_junit, result, name)
        try:
            await asyncio.to_thread(write_text_file, Path(path), TextFile(text))
        except TextFileError as error:
            await show_error(self, _("Could not save the report"), str(error))

    @Gtk.Template.Callback()
    def _on_row_entry_activated(self, _row: Adw.EntryRow) -> None:
        self._start_playing()

    def _on_unrealize(self, _window: Gtk.Window) -> None:
        self._is_closed = True
        self._stop()
        self._list.close()


def _paths(row: Adw.EntryRow) -> tuple[str, ...]:
    """Return the paths in a field. Raises _FormError."""
    found = tuple(one for one in re.split(r"[\s,]+", row.get_text()) if one)
    for path in found:
        try:
            steps(path)
        except PathStepsError:
            raise _FormError(
                _("“{path}” is no path; a path is written as in data.id or items[*].time.").format(
                    path=one_line(path)
                )
            ) from None
    return found
