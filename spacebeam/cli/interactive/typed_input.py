"""The input line of a session: what is typed is done in order, and what is not sent is not lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, redirect_stderr

from spacebeam.cli.forms import FormError
from spacebeam.cli.interactive.actions import TypedActions
from spacebeam.cli.interactive.commands import (
    Action,
    CommandError,
    Message,
    MessageToSave,
    ShowHelp,
    TypedForm,
    mistake_words,
)
from spacebeam.cli.interactive.history import TypedHistory, history_of
from spacebeam.cli.interactive.input_line import InputLine
from spacebeam.cli.interactive.screen import Screen, ScreenNotes
from spacebeam.cli.messages import print_error
from spacebeam.cli.options.values import CloseOptions
from spacebeam.cli.terminal import is_styled
from spacebeam.decode.visible import one_line
from spacebeam.net.connection import ConnectionState
from spacebeam.session.outgoing import NotSentError
from spacebeam.session.session import Session

_NO_CONNECTION = "Not sent: there is no connection."
_LOST = "Not sent: the connection ended first."


class TypedInput:
    """Reads the input line while it is shown, and sends over the session.

    `convert` returns the message of a text, or raises ValueError. `on_end` is called once
    everything that was entered before Ctrl+D is sent.
    """

    def __init__(
        self,
        session: Session,
        form: TypedForm,
        actions: TypedActions,
        convert: Callable[[str], str | bytes],
        history: TypedHistory,
        line: InputLine,
    ) -> None:
        self.on_end: Callable[[], None] = lambda: None
        self._session = session
        self._form = form
        self._actions = actions
        self._convert = convert
        self._history = history
        self.line = line
        self._pending: dict[asyncio.Task[None], str] = {}  # with the typed text
        self._turn = asyncio.Lock()
        self._ending: asyncio.Task[None] | None = None
        self._is_shown = False
        self._unsent: list[str] = []  # when the line was gone already
        line.on_enter = self._take
        line.on_end = self._end
        line.state = self._state

    @property
    def has_unsent(self) -> bool:
        """Whether a text that was entered is not sent."""
        return bool(self._pending or self._unsent)

    @asynccontextmanager
    async def shown(self, screen: Screen) -> AsyncIterator[None]:
        """Show the line below what the screen prints, for the length of the block."""
        drawing = asyncio.create_task(self.line.run())
        drawing.add_done_callback(lambda _task: self._end())
        await self.line.drawn(drawing)
        screen.attach(self.line.application)
        self._is_shown = True
        try:
            with redirect_stderr(ScreenNotes(screen)):
                yield
        finally:
            self._is_shown = False
            self.line.stop()
            await asyncio.wait({drawing})
            screen.detach()
            if self.line.text:
                self._unsent.append(self.line.text)
            error = drawing.exception()
            if error is not None and not isinstance(error, EOFError):  # the terminal is gone
                raise error

    def print_unsent(self) -> None:
        """Print the texts that were typed and not sent, so that they can be copied."""
        for text in (*self._pending.values(), *self._unsent):
            print_error(f"Not sent:\n{text}")

    def _state(self) -> str:
        return "" if self._session.state is ConnectionState.OPEN else "(not connected) "

    def _take(self, text: str) -> bool:
        """Do what a text says; return whether it leaves the line."""
        try:
            text.encode()
            typed = self._form.action(text)
            action = self._convert(typed) if isinstance(typed, str) else typed
        except ValueError as error:
            is_text = not isinstance(error, UnicodeError)
            print_error(mistake_words(error) if is_text else "Not sent: The text is not UTF-8.")
            if isinstance(error, FormError):
                self.line.put(text, error.place)
            return False
        if action is None:
            return True
        is_sent = not isinstance(action, CloseOptions | MessageToSave | ShowHelp)
        if is_sent and self._session.state is not ConnectionState.OPEN:
            print_error(_NO_CONNECTION)
            return False
        saved = typed if isinstance(typed, str | bytes) else None  # not what variables hide
        task = asyncio.create_task(self._do(text, action, saved))
        self._pending[task] = text
        task.add_done_callback(self._pending.pop)
        return True

    async def _do(self, text: str, action: Action, saved: Message | None) -> None:
        try:
            async with self._turn:
                await self._actions.do(action)
        except NotSentError as error:
            self._give_back(text, _LOST if error.has_ended else _NO_CONNECTION)
        except CommandError as error:
            self._give_back(text, mistake_words(error))
        else:
            if saved is not None:
                self._actions.newest = saved
                self._history.sent(saved)

    def _give_back(self, text: str, why: str) -> None:
        if not self._is_shown:
            self._unsent.append(text)
        elif self.line.text:  # the next message is being typed
            print_error(f"{why} Up brings it back: {one_line(text)}")
        else:
            print_error(why)
            self.line.put(text)

    def _end(self) -> None:
        if self._is_shown and self._ending is None:
            self._ending = asyncio.create_task(self._end_when_sent())

    async def _end_when_sent(self) -> None:
        if self._pending:
            await asyncio.wait(set(self._pending))
        self._ending = None
        if not self._unsent and not self.line.text:
            self.on_end()


async def typed_input(
    session: Session,
    form: TypedForm,
    actions: TypedActions,
    convert: Callable[[str], str | bytes],
    *,
    is_saved: bool,
) -> TypedInput:
    """Return the input line of a session, with the history of its address."""
    assert session.plan is not None
    history = await history_of(session.plan, form, is_saved=is_saved)
    line = InputLine(history, has_colors=is_styled())
    return TypedInput(session, form, actions, convert, history, line)
