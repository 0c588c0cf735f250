"""One run of `spacebeam connect`: sends input, prints messages, and sets the exit code."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from spacebeam.cli import input_messages, message_lines, output, printing, standard_input
from spacebeam.cli.forms import BinaryForm, InputForm
from spacebeam.cli.interactive.actions import TypedActions
from spacebeam.cli.interactive.commands import (
    COMMAND_HELP,
    KEY_HELP,
    Action,
    CommandError,
    TypedForm,
    mistake_words,
)
from spacebeam.cli.loop import on_signals, unless
from spacebeam.cli.message_form import DecodingOptions, MessageForm
from spacebeam.cli.message_lines import LineStyle
from spacebeam.cli.messages import print_error, print_note, print_terminal_note
from spacebeam.cli.options.values import CloseOptions
from spacebeam.cli.report_printer import show_answer
from spacebeam.cli.session_run import GRACE_S, RunPlan, SessionRun
from spacebeam.cli.standard_input import Framing, InputError
from spacebeam.cli.status import Status
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import ConnectionState
from spacebeam.net.events import ConnectFailed, event
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.batch import Batch
from spacebeam.search.filter import Filter
from spacebeam.session.observer import Observer
from spacebeam.session.on_connect import OnConnect
from spacebeam.session.outgoing import NotSentError, SendQueue
from spacebeam.session.repeat import MAX_STALL_S, RepeatEnd, Repeater, Repetition
from spacebeam.session.session import Session
from spacebeam.wording.repeat import repeat_end_words, repeat_words

if TYPE_CHECKING:
    from spacebeam.cli.interactive.screen import Screen
    from spacebeam.cli.interactive.typed_input import TypedInput

_TYPED_HELP = (
    "Enter sends, Alt+Enter begins a new line, /help lists the commands. Ctrl+D disconnects."
)
_CLOSE_TIMEOUT_S = 10.0  # after Ctrl+C, for the close handshake and a slow reader of the output


class ConnectStop(Enum):
    """Why the run ends."""

    ENDED = auto()  # by the server
    EXPECTED = auto()  # --expect messages were received
    INPUT_ENDED = auto()
    BAD_INPUT = auto()
    INTERRUPTED = auto()
    TIME_UP = auto()
    REFUSED = auto()  # the protocol, by the server
    STALLED = auto()  # the server has not read a repeated message
    OUTPUT_CLOSED = auto()


_FAILURES = {ConnectStop.BAD_INPUT: Status.USAGE, ConnectStop.REFUSED: Status.CUT_SHORT}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectPlan(RunPlan):
    """The values of the command line's options."""

    messages: tuple[str | bytes, ...] | None = None  # to send; None: those of standard input
    calls: int = 0  # of the protocol, among the messages
    on_connect: Callable[[], tuple[str | bytes, ...]] = tuple  # sent first over each connection
    convert: Callable[[str], str | bytes] = str  # a typed text to a message; raises ValueError
    is_encoded: bool = False  # typed text is JSON that is converted to another format
    repetition: Repetition | None = None  # of the messages
    form: BinaryForm | None = None  # of binary messages and of lines to send; None: text
    input_form: InputForm = InputForm.LINES
    framing: Framing | None = None  # of standard input and of printed messages; None: by lines
    expect: int | None = None
    timeout: float | None = None  # seconds for the whole run
    as_json: bool = False
    decoding: DecodingOptions = DecodingOptions()  # noqa: RUF009  it is immutable
    hidden: Sequence[Filter] = ()  # of entries that are not printed
    style: LineStyle | None = None  # how a person reads messages; None: as they are
    is_typed: bool = False  # at an input line
    save: Callable[[str, str | bytes], None] = lambda _name, _message: None  # a typed message
    saves_history: bool = True  # of what is typed

    @property
    def typed_form(self) -> TypedForm:
        """How typed text is read."""
        form = None if self.is_encoded else self.form
        return TypedForm(form, self.input_form, self.close)


class ConnectRun(SessionRun):
    """Connects, sends, prints, and disconnects for the first reason to stop."""

    def __init__(self, plan: ConnectPlan) -> None:
        super().__init__(plan, ConnectStop.ENDED)
        self._plan = plan
        self._screen = _new_screen() if plan.is_typed else None
        self._output = self._screen or output.Output(output.descriptor())
        self._output.on_failed = self._on_output_failed
        if self._frames is not None and self._frames.is_terminal and self._screen is not None:
            self._frames = self._screen  # above the input line
        self._outputs = [*{one: None for one in (self._output, self._frames) if one is not None}]
        self._quota = printing.Quota(plan.expect, lambda: self._leave(ConnectStop.EXPECTED))
        is_terminal = self._output.is_terminal
        self._form = MessageForm.of_options(plan.form, plan.decoding, is_terminal=is_terminal)
        self._render = message_lines.live(
            plan.style, self._form, plan.framing, is_json=plan.as_json, is_terminal=is_terminal
        )
        self._shown = printing.shown(plan.hidden)
        self._repeater: Repeater | None = None
        self._was_opened = False
        self._has_sent_all = False
        self._has_unsent = False  # when the run stopped
        self._typing: TypedInput | None = None

    async def run(self) -> Status:
        """Run until there is a reason to stop; return the exit status."""
        loop = asyncio.get_running_loop()
        self._begin(self._outputs, observers=self._observers)
        self._deadline = None if self._plan.timeout is None else loop.time() + self._plan.timeout
        with on_signals(lambda: self._leave(ConnectStop.INTERRUPTED)):
            if not await self._connect_in_time():
                return self._not_connected(ConnectStop.INTERRUPTED)
            reason = await self._send_and_receive()
            ending = await self._close_and_print(reason)
        if ending is None:
            print_error("The server did not answer the close frame in time.")
        else:
            self._report(ending)
        if self._typing is not None:
            self._typing.print_unsent()
        return Status.DONE if self._output.has_reader_left else self._verdict(reason, ending)

    def _observers(self, session: Session) -> Sequence[Observer]:
        plan = self._plan
        session.speech.written = plan.calls
        has_queue = plan.repetition is None and not plan.is_typed  # a typed text waits in its line
        self._queue = SendQueue(session, plan.on_connect) if has_queue else SendQueue(session)
        send = self._queue.put if has_queue else session.send
        limit = plan.connection.limits.max_message
        help_words = f"{COMMAND_HELP}\n\n{KEY_HELP}" if plan.is_typed else COMMAND_HELP
        self._actions = TypedActions(session, send, self._close_with, plan.save, limit, help_words)
        return (self._queue if has_queue else OnConnect(session, plan.on_connect),)

    def opened(self, report: HandshakeReport) -> None:
        """Print the address, before the messages that are sent or received first."""
        self._form.connected(report.url, report.subprotocol)
        if not self._was_opened:
            self._was_opened = True
            print_terminal_note("\n".join((f"Connected to {report.url}", *self._input_help())))

    async def _connect_in_time(self) -> bool:
        loop = asyncio.get_running_loop()
        if self._deadline is not None and self._plan.connection.backoff is not None:
            loop.call_at(self._deadline, self._leave, ConnectStop.TIME_UP)
        if await self._connect():
            return True
        if self._reason.done() and self._reason.result() is ConnectStop.TIME_UP:
            print_error("Timed out before the connection was open.")
        return False

    def _on_refused(self, error: HandshakeError | None) -> None:
        show_answer(error)
        if self._plan.as_json and error is not None:
            self._output.write(self._render(event(time.time(), ConnectFailed(error.failure))))

    async def _send_and_receive(self) -> ConnectStop:
        if self._deadline is not None:
            asyncio.get_running_loop().call_at(self._deadline, self._leave, ConnectStop.TIME_UP)
        if self._plan.repetition is not None:
            if not await unless(self._reason, self._session.speech.until_ready()):
                return await self._reason_to_stop()
            self._repeater = Repeater(self._session, self._plan.repetition, self._on_repeated)
            reason = await self._reason_to_stop()
            self._stop_repeating(self._repeater)
            return reason
        sending = asyncio.create_task(self._send_all())
        reason = await self._reason_to_stop()
        self._has_unsent = self._has_unsent or self._is_unsent()
        sending.cancel()
        return reason

    async def _reason_to_stop(self) -> ConnectStop:
        """Wait for the reason to stop, with the input line if a person types."""
        if self._screen is None:
            reason: ConnectStop = await self._reason
            return reason
        from spacebeam.cli.interactive.typed_input import typed_input  # as in `_new_screen`

        plan = self._plan
        self._typing = await typed_input(
            self._session,
            plan.typed_form,
            self._actions,
            plan.convert,
            is_saved=plan.saves_history,
        )
        self._typing.line.on_interrupt = self._interrupt
        self._typing.on_end = lambda: self._leave(ConnectStop.INPUT_ENDED)
        async with self._typing.shown(self._screen):
            reason = await self._reason
            self._has_unsent = self._typing.has_unsent
        return reason

    def _interrupt(self) -> None:
        """Do as Ctrl+C does where the terminal handles it."""
        if not self._reason.done():
            signal.raise_signal(signal.SIGINT)

    def state(self, state: ConnectionState) -> None:
        """Show the state in the input line."""
        if self._typing is not None:
            self._typing.line.redraw()

    # Sending

    def _input_help(self) -> list[str]:
        if self._plan.is_typed:
            return [_TYPED_HELP]
        source = standard_input.descriptor() if self._plan.messages is None else None
        if source is None:
            return []
        words = input_messages.input_help(source, self._plan.typed_form, self._plan.framing)
        return [words] if words else []

    async def _send_all(self) -> None:
        try:
            async with aclosing(self._messages()) as messages:
                async for message in messages:
                    await self._do(message)
        except InputError as error:
            print_error(str(error))
            self._leave(ConnectStop.BAD_INPUT)
            return
        await self._queue.flush()
        self._has_sent_all = True
        if self._plan.messages is None and self._plan.expect is None:
            self._leave(ConnectStop.INPUT_ENDED)

    async def _do(self, action: Action) -> None:
        try:
            await self._actions.do(self._converted(action))
            if isinstance(action, str | bytes) and self._plan.messages is None:
                self._actions.newest = action
        except NotSentError:
            print_error("Not sent: there is no connection.")
        except CommandError as error:
            print_error(mistake_words(error))

    def _converted(self, action: Action) -> Action:
        """Return the message of a text of standard input.

        Raises CommandError for a typed line, InputError in a pipe.
        """
        if self._plan.messages is not None or not isinstance(action, str):
            return action
        try:
            return self._plan.convert(action)
        except ValueError as error:
            source = standard_input.descriptor()
            is_typed = source is not None and os.isatty(source)
            raise (CommandError if is_typed else InputError)(str(error)) from None

    def _close_with(self, close: CloseOptions) -> None:
        self._close_options = close
        self._leave(ConnectStop.INPUT_ENDED)

    def _on_repeated(self) -> None:
        if self._repeater is not None and self._repeater.end is RepeatEnd.STALLED:
            print_error(repeat_end_words(MAX_STALL_S))
            self._leave(ConnectStop.STALLED)

    def _stop_repeating(self, repeater: Repeater) -> None:
        repeater.stop()
        times = repeater.repetition.times
        self._has_unsent = times is not None and repeater.sent < times
        print_note(f"{repeat_words(repeater.sent, times, repeater.skipped)}.")

    def _is_unsent(self) -> bool:
        """Return whether messages or input lines are ready to send."""
        if self._has_sent_all:
            return False
        if self._plan.messages is not None or self._queue:
            return True
        source = standard_input.descriptor()
        return source is not None and standard_input.has_unread(source)

    async def _messages(self) -> AsyncGenerator[Action, None]:
        if self._plan.messages is not None:
            for message in self._plan.messages:
                yield message
            return
        source = standard_input.descriptor()
        if source is None:
            return
        limit = self._plan.connection.limits.max_message
        read = input_messages.messages(source, limit, self._plan.typed_form, self._plan.framing)
        async with aclosing(read):
            async for action in read:
                yield action

    # Receiving

    def entries(self, batch: Batch) -> None:
        """Print the received messages; those of a protocol itself with --json only."""
        own = self._session.speech.own
        if not self._plan.as_json:
            batch, own = printing.without(batch, own), frozenset()
        self._output.write(self._render(self._shown(self._quota.take(batch, own))))

    def refused(self, reason: str) -> None:
        """Stop, unless a person can go on."""
        super().refused(reason)
        if not self._plan.is_typed:
            self._leave(ConnectStop.REFUSED)

    def _on_output_failed(self) -> None:
        if self._output.failure is not None:
            print_error(f"Could not write to standard output: {self._output.failure}.")
        self._leave(ConnectStop.OUTPUT_CLOSED)

    # Stopping

    async def _close_and_print(self, reason: ConnectStop) -> CloseReason | None:
        """Disconnect and print pending output; return None if the server did not close in time."""
        for one in self._outputs:
            one.max_pending = output.MAX_PENDING_BYTES_WHILE_CLOSING
            self._session.release(one)
        ending = None
        try:
            async with asyncio.timeout_at(self._latest_end(reason)):
                ending = await self._close()
                for one in self._outputs:
                    await one.drain()
        except TimeoutError:
            for one in self._outputs:
                one.forget()
        return ending

    def _latest_end(self, reason: ConnectStop) -> float | None:
        now = asyncio.get_running_loop().time()
        if reason is ConnectStop.INTERRUPTED:
            return now + _CLOSE_TIMEOUT_S
        return None if self._deadline is None else max(self._deadline, now + GRACE_S)

    def _verdict(self, reason: ConnectStop, ending: CloseReason | None) -> Status:
        if reason in _FAILURES:
            return _FAILURES[reason]
        if self._output.failure is not None:
            return Status.UNWRITABLE
        if not self._quota.is_met:
            print_error(
                f"Received {self._quota.received} of {self._quota.wanted} expected messages."
            )
            return Status.CUT_SHORT
        if self._quota.wanted is not None:
            return Status.DONE
        if self.is_lost or reason is ConnectStop.STALLED:
            if self._has_unsent:
                print_error("Not everything was sent.")
            return Status.CUT_SHORT
        if reason is ConnectStop.TIME_UP and self._has_unsent:
            print_error("Timed out before everything was sent.")
            return Status.CUT_SHORT
        plan = self._plan
        is_counted = plan.messages is None or plan.repetition is not None or plan.is_typed
        if reason is ConnectStop.ENDED and self._has_unsent and is_counted:
            print_error("Not everything was sent.")
            return Status.CUT_SHORT
        is_good = ending is not None and self._is_good(ending)
        if reason in (ConnectStop.ENDED, ConnectStop.INPUT_ENDED) and not is_good:
            return Status.CUT_SHORT
        return Status.DONE


def _new_screen() -> Screen:
    # Late: prompt_toolkit is for a person at a terminal only.
    from spacebeam.cli.interactive.screen import Screen

    return Screen(output.descriptor())
