"""One run of `spacebeam connect`: sends input, prints messages, and sets the exit code."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from enum import Enum, auto

from spacebeam.cli import input_messages, output, printing, standard_input
from spacebeam.cli.forms import BinaryForm
from spacebeam.cli.input_messages import InputForm
from spacebeam.cli.loop import on_signals
from spacebeam.cli.messages import print_error, print_note, print_terminal_note
from spacebeam.cli.options.values import CloseOptions
from spacebeam.cli.session_run import GRACE_S, SessionRun
from spacebeam.cli.standard_input import Framing, InputError
from spacebeam.cli.status import Status
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.events import ConnectFailed, event
from spacebeam.net.handshake import HandshakeError
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.batch import Batch
from spacebeam.search.filter import Filter
from spacebeam.session.observer import Observer
from spacebeam.session.on_connect import OnConnect
from spacebeam.session.outgoing import SendQueue
from spacebeam.session.repeat import MAX_STALL_S, RepeatEnd, Repeater, Repetition
from spacebeam.session.session import Session
from spacebeam.wording.body_text import body_text
from spacebeam.wording.repeat import repeat_end_words, repeat_words

_CLOSE_TIMEOUT_S = 10.0  # after Ctrl+C, for the close handshake and a slow reader of the output
_MAX_SHOWN_BODY = 1000  # characters of a refusal's body


class ConnectStop(Enum):
    """Why the run ends."""

    ENDED = auto()  # by the server
    EXPECTED = auto()  # --expect messages were received
    INPUT_ENDED = auto()
    BAD_INPUT = auto()
    INTERRUPTED = auto()
    TIME_UP = auto()
    STALLED = auto()  # the server has not read a repeated message
    OUTPUT_CLOSED = auto()


@dataclass(frozen=True, slots=True)
class ConnectPlan:
    """The values of the command line's options."""

    connection: ConnectionPlan
    messages: tuple[str | bytes, ...] | None = None  # to send; None: those of standard input
    on_connect: Callable[[], tuple[str | bytes, ...]] = tuple  # sent first over each connection
    expand: Callable[[str], str] | None = None  # replaces variables; raises ValueError
    repetition: Repetition | None = None  # of the messages
    form: BinaryForm | None = None  # of binary messages and of lines to send; None: text
    input_form: InputForm = InputForm.LINES
    framing: Framing | None = None  # of standard input and of printed messages; None: by lines
    expect: int | None = None
    timeout: float | None = None  # seconds for the whole run
    as_json: bool = False
    decoder: str | None = None  # as in `printing.plain`
    hidden: Sequence[Filter] = ()  # of entries that are not printed
    close: CloseOptions = field(default_factory=CloseOptions)
    is_verbose: bool = False


class ConnectRun(SessionRun):
    """Connects, sends, prints, and disconnects for the first reason to stop."""

    def __init__(self, plan: ConnectPlan) -> None:
        super().__init__(plan.connection, plan.close, ConnectStop.ENDED, is_verbose=plan.is_verbose)
        self._plan = plan
        self._output = output.Output(output.descriptor())
        self._output.on_failed = self._on_output_failed
        self._outputs = [one for one in (self._output, self._frames) if one is not None]
        self._quota = printing.Quota(plan.expect, lambda: self._leave(ConnectStop.EXPECTED))
        self._render = _renderer(plan, is_terminal=self._output.is_terminal)
        self._shown = printing.shown(plan.hidden)
        self._repeater: Repeater | None = None
        self._has_sent_all = False
        self._has_unsent = False  # when the run stopped

    async def run(self) -> Status:
        """Run until there is a reason to stop; return the exit status."""
        loop = asyncio.get_running_loop()
        self._begin(self._outputs, observers=self._observers)
        self._deadline = None if self._plan.timeout is None else loop.time() + self._plan.timeout
        with on_signals(lambda: self._leave(ConnectStop.INTERRUPTED)):
            if not await self._connect_in_time():
                return self._not_connected(ConnectStop.INTERRUPTED)
            connected = f"Connected to {self._connected_address}"
            print_terminal_note("\n".join((connected, *self._input_help())))
            reason = await self._send_and_receive()
            ending = await self._close_and_print(reason)
        if ending is None:
            print_error("The server did not answer the close frame in time.")
        else:
            self._report(ending)
        return Status.DONE if self._output.has_reader_left else self._verdict(reason, ending)

    def _observers(self, session: Session) -> Sequence[Observer]:
        if self._plan.repetition is not None:
            self._queue = SendQueue(session)
            return (OnConnect(session, self._plan.on_connect),)
        self._queue = SendQueue(session, self._plan.on_connect)
        return (self._queue,)

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
        _show_answer(error)
        if self._plan.as_json and error is not None:
            self._output.write(self._render(event(time.time(), ConnectFailed(error.failure))))

    async def _send_and_receive(self) -> ConnectStop:
        if self._deadline is not None:
            asyncio.get_running_loop().call_at(self._deadline, self._leave, ConnectStop.TIME_UP)
        if self._plan.repetition is not None:
            self._repeater = Repeater(self._session, self._plan.repetition, self._on_repeated)
            reason: ConnectStop = await self._reason
            self._stop_repeating(self._repeater)
            return reason
        sending = asyncio.create_task(self._send_all())
        reason = await self._reason
        self._has_unsent = self._is_unsent()
        sending.cancel()
        return reason

    # Sending

    def _input_help(self) -> list[str]:
        source = standard_input.descriptor() if self._plan.messages is None else None
        if source is None:
            return []
        plan = self._plan
        words = input_messages.input_help(source, plan.input_form, plan.form, plan.framing)
        return [words] if words else []

    async def _send_all(self) -> None:
        try:
            async with aclosing(self._messages()) as messages:
                async for message in messages:
                    if (expanded := self._expanded(message)) is not None:
                        await self._queue.put(expanded)
        except InputError as error:
            print_error(str(error))
            self._leave(ConnectStop.BAD_INPUT)
            return
        await self._queue.flush()
        self._has_sent_all = True
        if self._plan.messages is None and self._plan.expect is None:
            self._leave(ConnectStop.INPUT_ENDED)

    def _expanded(self, message: str | bytes) -> str | bytes | None:
        """Return a message of standard input with its variables replaced, if that is asked for.

        None for a typed line with an error, which is printed.
        """
        expand = self._plan.expand
        if expand is None or self._plan.messages is not None or isinstance(message, bytes):
            return message
        try:
            return expand(message)
        except ValueError as error:
            source = standard_input.descriptor()
            if source is None or not os.isatty(source):
                raise InputError(str(error)) from None
            print_error(str(error))
            return None

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

    async def _messages(self) -> AsyncGenerator[str | bytes, None]:
        if self._plan.messages is not None:
            for message in self._plan.messages:
                yield message
            return
        source = standard_input.descriptor()
        if source is None:
            return
        limit = self._plan.connection.limits.max_message
        form, framing = self._plan.form, self._plan.framing
        read = input_messages.messages(source, limit, self._plan.input_form, form, framing)
        async with aclosing(read):
            async for message in read:
                yield message

    # Receiving

    def entries(self, batch: Batch) -> None:
        """Print the received messages."""
        self._output.write(self._render(self._shown(self._quota.take(batch))))

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
        if reason is ConnectStop.BAD_INPUT:
            return Status.USAGE
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
        is_counted = self._plan.messages is None or self._plan.repetition is not None
        if reason is ConnectStop.ENDED and self._has_unsent and is_counted:
            print_error("Not everything was sent.")
            return Status.CUT_SHORT
        is_good = ending is not None and self._is_good(ending)
        if reason in (ConnectStop.ENDED, ConnectStop.INPUT_ENDED) and not is_good:
            return Status.CUT_SHORT
        return Status.DONE


def _renderer(plan: ConnectPlan, *, is_terminal: bool) -> Callable[[Batch], bytes]:
    form, decoder = plan.form or BinaryForm.HEX, plan.decoder
    end = b"\n" if plan.framing is None or is_terminal else plan.framing.delimiter or b"\n"
    if is_terminal:
        form = BinaryForm.HEX if form is BinaryForm.RAW else form
        decoder = "" if decoder is None and plan.form is None else decoder
    plain = printing.plain(form, decoder, end)
    render = printing.json if plan.as_json else plain
    return printing.safe(render) if is_terminal else render


def _show_answer(error: HandshakeError | None) -> None:
    """Print the beginning of the response body if the server refused the handshake."""
    exchanges = error.report.exchanges if error is not None else ()
    body = body_text(exchanges[-1]).strip() if exchanges else ""
    if body:
        cut = "…" if len(body) > _MAX_SHOWN_BODY else ""
        print_note(f"The server's answer:\n{body[:_MAX_SHOWN_BODY]}{cut}")
