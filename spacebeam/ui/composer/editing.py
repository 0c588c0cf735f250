"""Checks, indents and compacts the text of the composer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gi.repository import Gio

from spacebeam.decode.json_format import compact, indented
from spacebeam.ui.actions import add, enable
from spacebeam.ui.composer.draft import PayloadFormat, Typed
from spacebeam.ui.composer.draft_check import DraftCheck, Problem, is_checked, steps
from spacebeam.ui.composer.editor import Editor
from spacebeam.ui.composer.encoding import Encoding
from spacebeam.ui.composer.find_bar import FindBar
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.wording.i18n import _

_SLICE_S = 0.003
_MAX_CHECKED_AT_ONCE = 32 * 1024  # characters; about 8 ms
_VALID = {
    PayloadFormat.JSON: _("Valid JSON"),
    PayloadFormat.XML: _("Well-formed XML"),
}

Layout = Callable[[str], Iterator[str]]


@weak_handlers
class Editing:
    """What is done with the text of one editor."""

    def __init__(self, editor: Editor, actions: Gio.SimpleActionGroup, encoding: Encoding) -> None:
        """Add `indent`, `compact` and `find` to the composer's actions."""
        self._editor = editor
        self._encoding = encoding
        self._actions = actions
        add(actions, {"indent": self.indent, "compact": self.compact, "find": self.find})
        self._form: PayloadFormat | None = None
        self._has_escapes = False
        self._has_warned = False  # that a message is not JSON
        self._find_bar: FindBar | None = None
        self._check = DraftCheck(self._read, self._show)
        self._checked: tuple[Typed, Problem | None] | None = None
        self._layout: Layout | None = None  # waits for the check
        self._pieces: list[str] = []
        self._task = SlicedTask(_SLICE_S, self._on_task_done)
        editor.connect("changed", self._on_editor_changed)

    def show_form(self, form: PayloadFormat, *, has_escapes: bool) -> None:
        """Check the text as this format."""
        if (form, has_escapes) != (self._form, self._has_escapes):
            self._form, self._has_escapes = form, has_escapes
            for name in ("indent", "compact"):
                enable(self._actions, name, form is PayloadFormat.JSON)
            self._editor.show_check("")
            self._on_editor_changed(self._editor)

    def _read(self) -> tuple[Typed, Iterator[str]]:
        return self._format, self._editor.pieces()

    @property
    def _format(self) -> Typed:
        return Typed(self._form or PayloadFormat.TEXT, "", self._has_escapes)

    def find(self) -> None:
        """Open the bar for find and replace."""
        if self._find_bar is None:
            self._find_bar = FindBar(self._editor)
            self._editor.prepend(self._find_bar)
        self._find_bar.open()

    def warning(self, typed: Typed) -> str:
        """Return once that a message that was sent is not JSON; else ""."""
        if self._has_warned or typed.form is not PayloadFormat.JSON:
            return ""
        problem = self._problem(typed)
        self._has_warned = problem is not None
        return (
            ""
            if problem is None
            else _("Sent as it is, but it is not JSON. {words}").format(words=problem.words)
        )

    def _problem(self, typed: Typed) -> Problem | None:
        """Return what is wrong with a text; None also if that takes too long."""
        if self._checked is not None and self._checked[0] == typed:
            return self._checked[1]
        found: list[Problem] = []
        if len(typed.text) <= _MAX_CHECKED_AT_ONCE:
            for _step in steps(typed, found):
                pass
        return found[0] if found else None

    def indent(self) -> None:
        """Indent valid JSON, or show where it is not valid."""
        self._lay_out(indented)

    def compact(self) -> None:
        """Remove the white space of valid JSON, or show where it is not valid."""
        self._lay_out(compact)

    def _lay_out(self, layout: Layout) -> None:
        if not self._editor.is_empty:
            self._task.stop()
            self._layout = layout
            self._check.start()

    def _show(self, typed: Typed, problem: Problem | None) -> None:
        self._checked = typed, problem
        self._editor.note_longest_line(typed.text)
        if problem is None and typed.form is PayloadFormat.JSON and self._encoding.name:
            self._encoding.show(typed, self._show_encoded)
        elif problem is None:
            self._editor.show_check(_VALID.get(typed.form, ""))
        else:
            is_mistake = not problem.is_at_end
            mark = problem.offset if is_mistake else None
            self._editor.show_check(problem.words, mark, is_mistake=is_mistake)
        layout, self._layout = self._layout, None
        if layout is None:
            return
        if problem is not None:
            self._editor.show_check(problem.words, problem.offset, is_mistake=True)
            self._editor.go_to(problem.offset)
            return
        self._pieces = []
        self._task.start(self._collect(layout(typed.text)))

    def _show_encoded(self, words: str, is_mistake: bool) -> None:
        if not self._editor.is_empty:
            self._editor.show_check(words, is_mistake=is_mistake)

    def check_again(self) -> None:
        """Check the text although it has not changed."""
        self._on_editor_changed(self._editor)

    def _collect(self, pieces: Iterator[str]) -> Iterator[None]:
        for piece in pieces:
            self._pieces.append(piece)
            yield

    def _on_task_done(self) -> None:
        text = "".join(self._pieces)
        if text and text != self._editor.text:
            self._editor.replace(text)
            self._editor.buffer.place_cursor(self._editor.buffer.get_start_iter())

    def _on_editor_changed(self, editor: Editor) -> None:
        self._task.stop()
        self._layout = None
        if editor.is_empty or not is_checked(self._format):
            self._check.stop()
            editor.show_check("")
        else:
            self._check.schedule()  # what is shown stays until then, so that nothing jumps
