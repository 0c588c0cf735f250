"""Checks what is typed while it is typed, without holding up the window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from xml.parsers import expat

from gi.repository import GLib

from spacebeam.decode.json_check import JsonCheck
from spacebeam.session.repeat import RUNNING_NUMBER
from spacebeam.ui.composer.draft import PayloadFormat, Typed, message
from spacebeam.ui.composer.draft_error import DraftError
from spacebeam.ui.composer.escapes import ESCAPE
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.wording.mistakes import json_words, place_words, running_number_words

_DELAY_MS = 200  # after the last key
_SLICE_S = 0.003
_PIECE = 16 * 1024  # characters of XML in a step


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text is not what its format says."""

    words: str  # a sentence with the place
    offset: int  # in characters
    is_at_end: bool  # the text may only be incomplete


def is_checked(typed: Typed) -> bool:
    """Return whether a text of this format can be wrong."""
    return typed.form is not PayloadFormat.TEXT or typed.has_escapes


def steps(typed: Typed, found: list[Problem]) -> Iterator[None]:
    """Check a text in steps of less than a millisecond or two; add the first problem to `found`."""
    text = typed.text
    if not typed.form.is_text or typed.has_escapes:
        try:
            message(typed.form, text, has_escapes=typed.has_escapes)
        except DraftError as error:
            at = len(text) if error.offset is None else error.offset
            words = str(error).removesuffix(".")
            sentence = place_words(text, at, words) if error.offset is not None else f"{words}."
            found.append(Problem(sentence, at, error.offset is None))
            return
        yield
    if typed.form is PayloadFormat.JSON:
        yield from _json_steps(typed, found)
    elif typed.form is PayloadFormat.XML:
        yield from _xml_steps(text, found)


def _json_steps(typed: Typed, found: list[Problem]) -> Iterator[None]:
    between: re.Pattern[str] | None = ESCAPE if typed.has_escapes else None
    check = JsonCheck(typed.text, between)
    yield from check.read()
    if check.flaw is not None:
        flaw = check.flaw
        is_number = typed.text.startswith(RUNNING_NUMBER, flaw.offset - 1)  # once it is repeated
        words = running_number_words(RUNNING_NUMBER) if is_number else json_words(flaw)
        words = place_words(typed.text, flaw.offset, words)
        found.append(Problem(words, flaw.offset, flaw.is_at_end))


def _xml_steps(text: str, found: list[Problem]) -> Iterator[None]:
    parser = expat.ParserCreate("utf-8")
    try:
        for place in range(0, len(text), _PIECE):
            parser.Parse(text[place : place + _PIECE].encode(errors="replace"), False)
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        lines = text.split("\n")
        before = sum(len(line) + 1 for line in lines[: error.lineno - 1])
        at = min(before + error.offset, len(text))
        words = place_words(text, at, expat.ErrorString(error.code))
        found.append(Problem(words, at, at >= len(text.rstrip())))


@weak_handlers
class DraftCheck:
    """Checks a text a moment after its last change."""

    def __init__(
        self,
        read: Callable[[], tuple[Typed, Iterator[str]]],
        on_done: Callable[[Typed, Problem | None], object],
    ) -> None:
        """`read` returns the format, and the text in pieces; `on_done` is called with both and the
        problem. Both are bound weakly.
        """
        self._read = weakly(read)
        self._tell = weakly(on_done)
        self._typed = Typed(PayloadFormat.TEXT, "")
        self._found: list[Problem] = []
        self._task = SlicedTask(_SLICE_S, self._on_task_done)
        self._timer = 0

    def schedule(self) -> None:
        """Check the text when it has not changed for a moment."""
        self.stop()
        self._timer = GLib.timeout_add(_DELAY_MS, self._on_timer)

    def stop(self) -> None:
        """Do not check what was scheduled."""
        self._task.stop()
        if self._timer:
            GLib.source_remove(self._timer)
            self._timer = 0

    def start(self) -> None:
        """Check the text now; a short one is checked when this returns."""
        self.stop()
        self._found = []
        self._task.start(self._steps())

    def _steps(self) -> Iterator[None]:
        format_, pieces = self._read()
        text = list[str]()
        for piece in pieces:
            text.append(piece)
            yield
        self._typed = replace(format_, text="".join(text))
        yield from steps(self._typed, self._found)

    def _on_timer(self) -> bool:
        self._timer = 0
        self.start()
        return GLib.SOURCE_REMOVE

    def _on_task_done(self) -> None:
        self._tell(self._typed, self._found[0] if self._found else None)
