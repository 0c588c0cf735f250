"""A window of a scenario: its text, checked while it is typed, and run with a verdict a line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.exchange import http_file
from spacebeam.library.saving import save_copy
from spacebeam.recording.errors import RecordingError
from spacebeam.scenario.checks import save_snapshot
from spacebeam.scenario.reading import scenarios_of
from spacebeam.scenario.scenario import ScenarioFile
from spacebeam.scenario.verdict import Fault
from spacebeam.ui.actions import add, add_switch, enable
from spacebeam.ui.input_method import Composing
from spacebeam.ui.recordings.dialogs import show_error
from spacebeam.ui.scenario.approve_dialog import ask_approval
from spacebeam.ui.scenario.document import ScenarioDocument
from spacebeam.ui.scenario.line_marks import LineMark
from spacebeam.ui.scenario.result_list import ResultList
from spacebeam.ui.scenario.run_controller import RunController
from spacebeam.ui.scenario.scenario_editor import ScenarioEditor
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _
from spacebeam.wording.recordings import recording_error_words
from spacebeam.wording.scenarios import problem_words

_CHECK_DELAY_MS = 200  # after the last key
_SHORTCUTS = (
    ("<Control>s", "scenario.save"),
    ("<Control><Shift>s", "scenario.save-as"),
    ("<Control>o", "scenario.open"),
    ("<Control>Return", "scenario.run"),
    ("<Control>KP_Enter", "scenario.run"),
    ("<Control><Shift>Return", "scenario.run-here"),
    ("<Control>w", "window.close"),
    ("F1", "scenario.help"),
    ("Escape", "scenario.stop"),
)


@template("scenario_window.ui")
class ScenarioWindow(Adw.Window):
    """Edits and runs one text, of a file or not yet saved."""

    __gtype_name__ = "SpacebeamScenarioWindow"

    _toast_overlay: Adw.ToastOverlay = Gtk.Template.Child()
    _title: Adw.WindowTitle = Gtk.Template.Child()
    _outside_bar: Gtk.Box = Gtk.Template.Child()
    _editor: ScenarioEditor = Gtk.Template.Child()
    _result_list: ResultList = Gtk.Template.Child()
    _run_button: Adw.SplitButton = Gtk.Template.Child()
    _stop_button: Gtk.Button = Gtk.Template.Child()
    _spinner: Gtk.Spinner = Gtk.Template.Child()
    _environment_drop_down: Gtk.DropDown = Gtk.Template.Child()
    _variables_button: Gtk.Button = Gtk.Template.Child()
    _status_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self, settings_service: SettingsService) -> None:
        for widget in (ScenarioEditor, ResultList):
            GObject.type_ensure(widget)  # the template has them
        super().__init__()
        self._settings_service = settings_service
        self._tasks = Tasks()
        self._is_agreed = self._is_asking = False  # to close
        self._timer = 0
        self._checking: asyncio.Task[None] | None = None
        self._actions = self._add_actions()
        Composing(self)  # before the shortcuts
        self._runs = RunController(
            self,
            self._editor,
            self._result_list,
            self._environment_drop_down,
            self._variables_button,
            self._status_label,
            settings_service.library,
            self._on_run_changed,
        )
        self._document = ScenarioDocument(
            self, self._editor, self._outside_bar, self._on_text_loaded, self._on_text_saved
        )
        self._editor.buffer.connect("modified-changed", self._on_buffer_modified_changed)
        self.connect("unrealize", self._on_unrealize)
        self._show_title()

    def _add_actions(self) -> Gio.SimpleActionGroup:
        keys = Gtk.ShortcutController(scope=Gtk.ShortcutScope.GLOBAL)
        # Before the text, where Ctrl+Enter would begin a line.
        keys.set_propagation_phase(Gtk.PropagationPhase.CAPTURE)
        for key, action in _SHORTCUTS:
            trigger = Gtk.ShortcutTrigger.parse_string(key)
            keys.add_shortcut(Gtk.Shortcut.new(trigger, Gtk.NamedAction.new(action)))
        self.add_controller(keys)
        group = Gio.SimpleActionGroup()
        reactions: dict[str, Callable[[], object]] = {
            "open": partial(self._start, self._open),
            "save": partial(self._start, self._save),
            "save-as": partial(self._start, self._save_as),
            "reload": partial(self._start, self._reload),
            "keep-own": self._keep_own,
            "run": partial(self._start, self._run_all),
            "run-here": partial(self._start, self._run_here),
            "variables": partial(self._start, self._choose_variables),
            "stop": self._stop,
            "help": self._show_help,
        }
        add(group, reactions)
        enable(group, "stop", False)
        add_switch(group, "run-on-save", self._on_run_on_save_change_state)
        self.insert_action_group("scenario", group)
        return group

    def _start(self, work: Callable[[], Coroutine[Any, Any, object]]) -> None:
        self._tasks.start(work())

    # The text and its file

    @property
    def path(self) -> Path | None:
        """The file; None: the text is not saved yet."""
        return self._document.path

    @property
    def is_modified(self) -> bool:
        """Whether closing would lose something."""
        return self._document.is_modified

    async def show_text(
        self, text: str, name: str, notice: str = "", *, is_own: bool = True
    ) -> None:
        """Show a text that is in no file yet; closing asks whether to save the person's own."""
        await self._document.show_text(text, name, is_own=is_own)
        if notice:
            self._notify(notice)

    async def show_file(self, path: Path) -> bool:
        """Show a file; return whether it could be read."""
        return await self._document.show_file(path)

    async def _open(self) -> None:
        await self._document.choose_and_open()

    async def _save(self) -> None:
        await self._document.save()

    async def _save_as(self) -> None:
        await self._document.save_as()

    async def _reload(self) -> None:
        await self._document.reload()

    def _keep_own(self) -> None:
        self._document.keep_own()

    async def _on_text_loaded(self) -> None:
        await self._result_list.clear_results()
        self._editor.show_verdicts({})
        self._show_title()
        self._editor.focus()
        await self._runs.find_environments(self.path)
        await self._check()

    async def _on_text_saved(self) -> None:
        self._show_title()
        await self._runs.find_environments(self.path)
        if self._runs_on_save and not self._runs.is_running:
            self._start(self._run_all)

    def _show_title(self) -> None:
        path = self.path
        name = self._document.name if path is None else one_line(path.name)
        mark = "• " if self.is_modified else ""
        self._title.set_title(f"{mark}{name}")
        self._title.set_subtitle(_("not saved yet") if path is None else one_line(str(path.parent)))
        self.set_title(f"{mark}{name} — Spacebeam")

    def _notify(self, words: str) -> Adw.Toast:
        toast = Adw.Toast(title=GLib.markup_escape_text(words), timeout=10)
        self._toast_overlay.add_toast(toast)
        return toast

    @property
    def _runs_on_save(self) -> bool:
        state = self._actions.get_action_state("run-on-save")
        return state is not None and state.get_boolean()

    # Checking

    async def _check(self) -> ScenarioFile:
        """Mark the lines that cannot be run; return the scenarios."""
        text, path = self._editor.text, self.path or Path.home() / "scenario.http"
        file = await asyncio.to_thread(lambda: scenarios_of(http_file.read(text), path))
        if self._editor.text == text:
            marks = {
                one.line: LineMark("!", "", False, one_line(problem_words(one)))
                for one in file.problems
            }
            self._editor.show_problems(marks)
            self._result_list.show_problems(file.problems)
            self._runs.show_check(file)
        return file

    async def _check_soon(self) -> None:
        await self._check()

    def _on_timer(self) -> bool:
        self._timer = 0
        self._tasks.start(self._check_soon())
        return GLib.SOURCE_REMOVE

    @Gtk.Template.Callback()
    def _on_editor_changed(self, _editor: ScenarioEditor) -> None:
        if self._timer:
            GLib.source_remove(self._timer)
        self._timer = GLib.timeout_add(_CHECK_DELAY_MS, self._on_timer)

    def _on_buffer_modified_changed(self, _buffer: Gtk.TextBuffer) -> None:
        self._show_title()

    # Running

    async def _run_all(self) -> None:
        await self._runs.run(await self._check())

    async def _run_here(self) -> None:
        await self._runs.run(await self._check(), self._editor.cursor_line)

    async def _choose_variables(self) -> None:
        await self._runs.choose_variables(await self._check())

    def _stop(self) -> None:
        self._runs.stop()

    def _on_run_changed(self) -> None:
        is_running = self._runs.is_running
        (self._document.lock if is_running else self._document.unlock)()
        enable(self._actions, "stop", is_running)
        had_focus = self._run_button.get_focus_child() is not None or self._stop_button.has_focus()
        self._run_button.set_visible(not is_running)
        self._stop_button.set_visible(is_running)
        self._spinner.set_visible(is_running)
        self._spinner.set_spinning(is_running)
        if had_focus:
            (self._stop_button if is_running else self._editor).grab_focus()

    def _on_run_on_save_change_state(self, action: Gio.SimpleAction, is_on: GLib.Variant) -> None:
        action.set_state(is_on)

    @Gtk.Template.Callback()
    def _on_result_list_problem_chosen(self, _list: ResultList, line: int) -> None:
        self._editor.go_to(line)

    @Gtk.Template.Callback()
    def _on_result_list_result_chosen(self, _list: ResultList, line: int) -> None:
        self._editor.go_to_verdict(line)

    @Gtk.Template.Callback()
    def _on_result_list_show_requested(self, _list: ResultList, recording: Path) -> None:
        self._tasks.start(self._show_conversation(recording))

    @Gtk.Template.Callback()
    def _on_result_list_approve_requested(self, _list: ResultList, fault: Fault) -> None:
        self._tasks.start(self._approve(fault))

    async def _approve(self, fault: Fault) -> None:
        """Show what came, and make it the snapshot if the person agrees."""
        if fault.snapshot is None or not await ask_approval(self, fault):
            return
        try:
            await asyncio.to_thread(save_snapshot, fault.snapshot)
        except OSError as error:
            await show_error(self, _("Could not save the snapshot"), f"{error.strerror or error}.")
            return
        self._result_list.show_approved(fault)
        toast = self._notify(_("The snapshot is approved"))
        toast.set_button_label(_("Run Again"))
        toast.set_action_name("scenario.run")

    async def _show_conversation(self, recording: Path) -> None:
        """Show a copy of a conversation in a tab; only what is shown stays in the library."""
        recordings, name = (
            self._settings_service.recordings,
            _("scenario {name}").format(name=self._name_of_file),
        )
        try:
            target = await asyncio.to_thread(recordings.new_path, name, recording.stat().st_mtime)
            await asyncio.to_thread(save_copy, recording, target)
        except (RecordingError, OSError) as error:
            words = recording_error_words(error) if isinstance(error, RecordingError) else ""
            await show_error(self, _("Could not show the conversation"), words or f"{error}.")
            return
        self.activate_action("app.show-recording", GLib.Variant("s", str(target)))

    @property
    def _name_of_file(self) -> str:
        return self._document.name if self.path is None else self.path.stem

    def _show_help(self) -> None:
        self.activate_action("app.help", GLib.Variant("s", "scenarios"))

    # Closing

    def do_close_request(self) -> bool:
        if self.is_modified and not self._is_agreed:
            if not self._is_asking:
                self._is_asking = True
                self._tasks.start(self._ask_and_close())
            return True
        return False

    async def end(self) -> None:
        """Stop what runs in a closed window, and remove its recordings."""
        await self._runs.close()

    async def _ask_and_close(self) -> None:
        try:
            if await self.confirm_closing():
                self.close_at_once()
        finally:
            self._is_asking = False

    async def confirm_closing(self) -> bool:
        """Ask whether to save what is not saved; return whether to close."""
        return await self._document.confirm_losing()

    def close_at_once(self) -> None:
        """Close without asking."""
        self._is_agreed = True
        self.close()

    def _on_unrealize(self, _window: Gtk.Window) -> None:
        self._document.close()
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0
