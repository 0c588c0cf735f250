"""The input line on a terminal: editing, keys, history and completion, by prompt_toolkit.

The line stays while messages are printed above it. Cursor position requests are off: their answers
would be among the typed keys, and come late over a slow connection.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.data_structures import Size
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import History
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import ColorDepth
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.shortcuts import PromptSession

from spacebeam.cli.interactive.completion import TypedCompleter

PROMPT = "> "
_SIZE_INTERVAL_S = 0.2


class InputLine:
    """A line, or several, in which a person edits a text.

    `on_enter` gets each text, and returns whether it was taken; else it stays in the line.
    `on_interrupt` is called for Ctrl+C, `on_end` for Ctrl+D in an empty line. `state` is shown
    before the prompt.
    """

    def __init__(self, history: History, *, has_colors: bool) -> None:
        self.on_enter: Callable[[str], bool] = lambda _text: True
        self.on_interrupt: Callable[[], None] = lambda: None
        self.on_end: Callable[[], None] = lambda: None
        self.state: Callable[[], str] = lambda: ""
        self._is_drawn = asyncio.Event()
        self._session: PromptSession[str] = PromptSession(
            self._prompt,
            multiline=True,
            prompt_continuation=" " * len(PROMPT),
            history=history,
            completer=TypedCompleter(),
            complete_while_typing=False,
            key_bindings=self._keys(),
            enable_suspend=True,
            erase_when_done=True,
            output=Vt100_Output(
                sys.stdout, _size, os.environ.get("TERM"), enable_bell=False, enable_cpr=False
            ),
            color_depth=None if has_colors else ColorDepth.DEPTH_1_BIT,
        )

        # gi.events calls the handler of a signal only once, and so that of SIGWINCH.
        self.application.terminal_size_polling_interval = _SIZE_INTERVAL_S

    @property
    def application(self) -> Application[str]:
        """The application that draws the line."""
        return self._session.app

    @property
    def text(self) -> str:
        """The text in the line."""
        return self._session.default_buffer.text

    async def run(self) -> None:
        """Show the line until `stop`, with the terminal in raw mode."""
        await self.application.run_async(
            self._is_drawn.set, set_exception_handler=False, handle_sigint=False
        )

    async def drawn(self, drawing: asyncio.Task[None]) -> None:
        """Wait until the task of `run` shows the line."""
        shown = asyncio.ensure_future(self._is_drawn.wait())
        await asyncio.wait({shown, drawing}, return_when=asyncio.FIRST_COMPLETED)
        shown.cancel()

    def stop(self) -> None:
        """Remove the line, unless it is removed already; `text` stays."""
        if self.application.is_running and not self.application.is_done:
            self.application.exit(result="")

    def put(self, text: str, place: int | None = None) -> None:
        """Put a text into the line, with the cursor at `place` or its end."""
        buffer = self._session.default_buffer
        buffer.text = text
        buffer.cursor_position = len(text) if place is None else min(place, len(text))
        self.redraw()

    def redraw(self) -> None:
        """Draw the line again, as after a change of `state`."""
        self.application.invalidate()

    def _prompt(self) -> StyleAndTextTuples:
        return [("ansiyellow", self.state()), ("ansigreen bold", PROMPT)]

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        is_editing = has_focus(DEFAULT_BUFFER)
        is_empty = Condition(lambda: not self.text)
        keys.add("enter", filter=is_editing)(self._on_enter_key)
        keys.add("escape", "enter", filter=is_editing)(_on_new_line_key)
        keys.add(Keys.BracketedPaste, filter=is_editing)(_on_paste)
        keys.add("c-c")(lambda _event: self.on_interrupt())
        keys.add("c-d", filter=is_editing & is_empty)(lambda _event: self.on_end())
        return keys

    def _on_enter_key(self, event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion:
            buffer.complete_state = None  # the completion is chosen
        elif self.on_enter(buffer.text):
            buffer.reset(append_to_history=True)


def _on_paste(event: KeyPressEvent) -> None:
    # Terminals send CR for a line feed. What ends a copied line is not part of the message.
    text = event.data.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    event.current_buffer.insert_text(text)


def _on_new_line_key(event: KeyPressEvent) -> None:
    event.current_buffer.newline(copy_margin=False)


def _size() -> Size:
    columns, rows = os.get_terminal_size(sys.stdout.fileno())
    return Size(rows or 24, columns or 80)  # 0 where nobody said, as on a serial line
