"""Does what a person typed, over a session."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Awaitable, Callable
from pathlib import Path

from spacebeam.cli.interactive.commands import (
    Action,
    CommandError,
    FileToSend,
    Message,
    MessageToSave,
    SaveError,
    ShowHelp,
    TypedCall,
)
from spacebeam.cli.messages import print_note
from spacebeam.cli.options.values import CloseOptions
from spacebeam.decode.preview import size
from spacebeam.decode.speaking.speaker import Verb, call_of_line
from spacebeam.decode.visible import one_line
from spacebeam.net.message_writer import NotOpenError
from spacebeam.protocol.raw_frame import RawFrame
from spacebeam.session.outgoing import NotSentError, Ping
from spacebeam.session.session import Session
from spacebeam.wording.speaking import not_ready_words


class TypedActions:
    """Sends messages, control frames and files; closes; prints help.

    `send` sends a message, `close` ends the run. Files have `limit` bytes at most.
    """

    def __init__(
        self,
        session: Session,
        send: Callable[[Message], Awaitable[None]],
        close: Callable[[CloseOptions], None],
        save: Callable[[str, Message], None],
        limit: int,
        help_words: str,
    ) -> None:
        self._session = session
        self._send = send
        self._close = close
        self._limit = limit
        self._help_words = help_words
        self.newest: Message | None = None  # message that a person typed, with its variables
        self._save_message = save
        self._waiting: set[asyncio.Task[None]] = set()  # for pongs

    async def do(self, action: Action) -> None:
        """Do it; wait until a message has left this program.

        Raises NotSentError, or CommandError for a file that cannot be sent.
        """
        match action:
            case ShowHelp():
                print_note(self._help_words)
            case MessageToSave(name):
                await self._save(name)
            case CloseOptions():
                self._close(action)
            case FileToSend():
                await self._send(await asyncio.to_thread(_contents, action, self._limit))
            case Ping(payload):
                self._ping(payload)
            case RawFrame():
                await self._session.send(action)
                print_note(f"> pong{_shown(action.payload)}")
            case TypedCall(verb, rest):
                await self._call(verb, rest)
            case _:
                await self._send(action)

    async def _call(self, verb: Verb, rest: str) -> None:
        speech = self._session.speech
        if not rest.strip():
            raise CommandError(f"Write a name after “/{verb}”.")
        if speech.speaker is None:
            raise CommandError("The connection speaks no protocol; connect with --protocol.")
        if not speech.is_ready:
            raise CommandError(not_ready_words(speech.speaker.name))
        try:
            payloads = speech.payloads(call_of_line(verb, rest.strip(), speech.speaker))
        except ValueError as error:
            raise CommandError(f"{error}.") from None
        for payload in payloads:
            await self._send(payload)

    async def _save(self, name: str) -> None:
        if self.newest is None:
            raise SaveError("No message was typed yet. Messages that are typed can be saved.")
        await asyncio.to_thread(self._save_message, name, self.newest)
        print_note(f"Saved as “{one_line(name)}”.")

    def _ping(self, payload: bytes) -> None:
        connection = self._session.connection
        try:
            if connection is None:
                raise NotOpenError
            pong = connection.ping(payload)
        except NotOpenError:
            raise NotSentError(Ping(payload)) from None
        print_note(f"> ping{_shown(payload)}")
        task = asyncio.create_task(_print_pong(pong, payload))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)


async def _print_pong(pong: asyncio.Future[float], payload: bytes) -> None:
    await asyncio.wait({pong})
    if not pong.cancelled():
        print_note(f"< pong{_shown(payload)} after {pong.result() * 1000:.1f} ms")


def _shown(payload: bytes) -> str:
    return f" {one_line(payload.decode(errors='replace'))}" if payload else ""


def _contents(file: FileToSend, limit: int) -> Message:
    """Return a file's contents as a message; works in any thread. Raises CommandError."""
    name = one_line(str(file.path))
    try:
        is_file = stat.S_ISREG(file.path.stat().st_mode)  # a pipe might never end
        data = _read(file.path, limit + 1) if is_file else b""
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise CommandError(f"“{name}” cannot be read: {why}.") from None
    if not is_file:
        raise CommandError(f"“{name}” is not a file.")
    if len(data) > limit:
        raise CommandError(
            f"“{name}” has more than {size(limit)}; a message has no more. --max-message of "
            "connect raises the limit."
        )
    if file.is_binary:
        return data
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as opened:
        return opened.read(most)
