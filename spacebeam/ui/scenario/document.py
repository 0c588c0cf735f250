"""The text of a scenario's window and its file: opened, saved, and changed by other programs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from gi.repository import Adw, Gio, Gtk

from spacebeam.decode.visible import one_line
from spacebeam.ui.compat import choose_file, choose_target, set_parent
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.recordings.dialogs import answer, show_error
from spacebeam.ui.scenario.file_watch import FileWatch
from spacebeam.ui.scenario.scenario_editor import ScenarioEditor
from spacebeam.ui.scenario.text_file import (
    TextFile,
    TextFileError,
    read_text_file,
    write_text_file,
)
from spacebeam.ui.tasks import Tasks
from spacebeam.wording.i18n import _

SUFFIXES = (".http", ".rest")
_UNSAVED = "Scenario"
_SAVE, _DISCARD = "save", "discard"


@weak_handlers
class ScenarioDocument:
    """One text. The callbacks are bound weakly.

    `on_loaded` is awaited after another text is shown, `on_saved` after the text is the file's:
    saved here, or by another program. `outside_bar` is shown while the file differs from a text
    with unsaved changes.
    """

    def __init__(
        self,
        window: Gtk.Window,
        editor: ScenarioEditor,
        outside_bar: Gtk.Widget,
        on_loaded: Callable[[], Awaitable[None]],
        on_saved: Callable[[], Awaitable[None]],
    ) -> None:
        self._window = window
        self._editor = editor
        self._outside_bar = outside_bar
        self._loaded = weakly(on_loaded)
        self._saved = weakly(on_saved)
        self.path: Path | None = None
        self.name = _UNSAVED  # of a text that is in no file yet
        self._is_locked = False
        self._file = TextFile("")  # as it was read or written
        self._outside: TextFile | None = None  # as another program wrote it
        self._lock = asyncio.Lock()  # of reading and writing the file
        self._tasks = Tasks()
        self._watch = FileWatch(self._on_watch_changed)

    @property
    def is_modified(self) -> bool:
        """Whether closing would lose something."""
        return self._editor.buffer.get_modified()

    async def show_text(self, text: str, name: str, *, is_own: bool) -> None:
        """Show a text that is in no file yet; closing asks whether to save the person's own."""
        self.name = one_line(name) or _UNSAVED
        await self._editor.load(text)
        self._editor.buffer.set_modified(is_own)
        await self._loaded()

    async def show_file(self, path: Path) -> bool:
        """Show a file; return whether it could be read."""
        try:
            file = await asyncio.to_thread(read_text_file, path)
        except TextFileError as error:
            heading = _("Could not open “{name}”").format(name=one_line(path.name))
            await show_error(self._window, heading, str(error))
            return False
        async with self._lock:
            self._follow(path, file)
            await self._editor.load(file.text)
        await self._loaded()
        return True

    async def choose_and_open(self) -> None:
        """Let the person choose a file, and show it."""
        if not await self.confirm_losing():
            return
        file = await choose_file(self._window, _("Open a scenario"), file_filters(), self._folder)
        path = None if file is None else file.get_path()
        if path is not None:
            await self.show_file(Path(path))

    @property
    def _folder(self) -> Gio.File | None:
        return None if self.path is None else Gio.File.new_for_path(str(self.path.parent))

    def _follow(self, path: Path, file: TextFile) -> None:
        if path != self.path:
            self._watch.watch(path)
        self.path, self._file = path, file
        self._show_outside(None)

    def close(self) -> None:
        """Watch the file no longer."""
        self._watch.close()

    # Saving

    async def save(self) -> bool:
        """Save the text; return whether it was saved."""
        if self.path is None:
            return await self.save_as()
        return await self._save_to(self.path)

    async def save_as(self) -> bool:
        """Save the text in a file that the person chooses; return whether it was saved."""
        name = self.name if self.path is None else self.path.stem
        proposed = "".join(one if one.isalnum() or one in " ._-" else "-" for one in name)[:80]
        file = await choose_target(
            self._window, _("Save the scenario"), f"{proposed}.http", file_filters()
        )
        chosen = None if file is None else file.get_path()
        if chosen is None:
            return False
        path = Path(chosen)
        return await self._save_to(path if path.suffix else path.with_name(f"{path.name}.http"))

    async def _save_to(self, path: Path) -> bool:
        text = self._editor.text
        file = TextFile(text, self._file.has_mark, self._file.has_crlf)
        try:
            async with self._lock:
                await asyncio.to_thread(write_text_file, path, file)
                self._follow(path, file)
        except TextFileError as error:
            await show_error(
                self._window,
                _("Could not save “{name}”").format(name=one_line(path.name)),
                str(error),
            )
            return False
        if self._editor.text == text:
            self._editor.buffer.set_modified(False)
        await self._saved()
        return True

    async def confirm_losing(self) -> bool:
        """Ask whether to save what is not saved; return whether the text may be lost."""
        if not self.is_modified:
            return True
        words = _("Its changes are lost if they are not saved.")
        dialog = Adw.MessageDialog.new(None, _("Save the scenario?"), words)
        set_parent(dialog, self._window)
        dialog.add_response("cancel", _("_Cancel"))
        dialog.add_response(_DISCARD, _("_Discard"))
        dialog.add_response(_SAVE, _("_Save"))
        dialog.set_response_appearance(_DISCARD, Adw.ResponseAppearance.DESTRUCTIVE)
        dialog.set_response_appearance(_SAVE, Adw.ResponseAppearance.SUGGESTED)
        dialog.set_default_response(_SAVE)
        dialog.set_close_response("cancel")
        response = await answer(dialog)
        if response == _SAVE:
            return await self.save()
        return response == _DISCARD

    # Changes by other programs

    def lock(self) -> None:
        """Do not replace the text, as it is run."""
        self._is_locked = True
        self._outside_bar.set_sensitive(False)

    def unlock(self) -> None:
        """Replace the text again, also if its file was changed meanwhile."""
        self._is_locked = False
        self._outside_bar.set_sensitive(True)
        self._tasks.start(self._take_up())

    def _on_watch_changed(self) -> None:
        self._tasks.start(self._take_up())

    async def _take_up(self) -> None:
        """Read the file, and show what another program wrote, or ask."""
        async with self._lock:
            path = self.path
            if path is None:
                return
            try:
                file = await asyncio.to_thread(read_text_file, path)
            except TextFileError:  # removed, or another program has not written all of it
                return
            text = self._editor.text
            if self._is_locked or (file == self._file and self._outside is None):
                return
            if file.text == text:
                self._file = file
                self._editor.buffer.set_modified(False)
            if file in (self._file, self._outside) or file.text == text:
                self._show_outside(self._outside if file == self._outside else None)
                return
            if self.is_modified:
                self._show_outside(file)
                return
            await self._load(file)
        await self._taken_up()

    def _show_outside(self, file: TextFile | None) -> None:
        self._outside = file
        self._outside_bar.set_visible(file is not None)

    async def reload(self) -> None:
        """Show the file as another program wrote it; what was typed is lost."""
        async with self._lock:
            if self._outside is None or self._is_locked:
                return
            await self._load(self._outside)
        await self._taken_up()

    def keep_own(self) -> None:
        """Keep what was typed: saving will replace what another program wrote."""
        if self._outside is not None:
            self._file = self._outside
            self._show_outside(None)
            self._editor.focus()

    async def _load(self, file: TextFile) -> None:
        line = self._editor.cursor_line
        self._file = file
        self._show_outside(None)
        await self._editor.load(file.text)
        self._editor.go_to(line)

    async def _taken_up(self) -> None:
        await self._loaded()
        await self._saved()


def file_filters() -> tuple[Gtk.FileFilter, ...]:
    """Return the filters of a file chooser: scenarios first, then all files."""
    scenarios, every = Gtk.FileFilter(), Gtk.FileFilter()
    scenarios.set_name("Scenarios")
    every.set_name("All files")
    every.add_pattern("*")
    for suffix in SUFFIXES:
        scenarios.add_suffix(suffix[1:])
    return scenarios, every
