"""What was sent to each address, so that it can be sent again on another day.

One file for each address, a message a line (JSON). Lines are appended, so two programs can write
at once; when a file is read, repeated messages and old ones are removed. A message that is to be
forgotten is overwritten with blanks, so that its bytes are gone and no other line moves.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import json
import logging
import mmap
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from spacebeam.library.retention import DAY_S, RetentionPolicy

_log = logging.getLogger(__name__)

MAX_MESSAGES = 10_000  # for an address
MAX_SIZE = 4 * 1024**2  # characters and bytes of all messages for an address
MAX_MESSAGE_SIZE = 64 * 1024  # bytes; longer messages are not saved
_MAX_FILE_SIZE = 2 * MAX_SIZE  # bytes that are read from the end of a file
_MAX_TIME = 10**11  # Unix time; a later one is a mistake
_SUFFIX = ".jsonl"
_FOLDER_MODE = 0o700  # messages may hold secrets

Message = str | bytes


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that was sent, and when."""

    message: Message
    time: float = 0.0  # Unix time; 0 where an earlier version did not save it


def default_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of all histories (XDG Base Directory Specification)."""
    home = Path(environment.get("XDG_STATE_HOME", ""))
    if not home.is_absolute():  # ignored, as the specification requires
        home = Path("~/.local/state").expanduser()
    return home / "spacebeam" / "sent"


def remove_expired(folder: Path, policy: RetentionPolicy, now: float) -> None:
    """Remove what was sent to addresses that were not used for as long as recordings stay."""
    if policy.max_age is None:
        return
    for path in folder.glob(f"*{_SUFFIX}"):
        with contextlib.suppress(OSError):
            if now - path.stat().st_mtime > policy.max_age * DAY_S:
                path.unlink()


class SentHistory:
    """The messages that were sent to one address, oldest first, without repetitions.

    It has those of the file once `load`, or `read` in a thread and `take_up`, was called.
    """

    def __init__(self, folder: Path, address: str) -> None:
        """`address` is without secrets. Nothing is read before it is needed."""
        self._path = folder / f"{hashlib.sha256(address.encode()).hexdigest()[:32]}{_SUFFIX}"
        self._times: dict[Message, float] = {}
        self._size = 0  # of all messages
        self._removed: set[Message] = set()  # while a thread may still read them
        self._seen = 0  # bytes of the file that are taken up

    def messages(self) -> list[Message]:
        """Return the messages, newest last."""
        return list(self._times)

    def search(self, typed: str) -> Iterator[SentMessage | None]:
        """Yield the messages that contain all typed words, in either case, newest first.

        Yields None for each message that does not, so that the caller can pause. Bytes are found by
        their hexadecimal digits.
        """
        words = typed.casefold().split()
        for message, time in reversed(list(self._times.items())):
            text = message.casefold() if isinstance(message, str) else message.hex(" ")
            is_found = all(word in text for word in words)
            yield SentMessage(message, time) if is_found else None

    def add(self, message: Message, time: float) -> None:
        """Save a message that was sent at a Unix time; it becomes the newest."""
        if not message or len(message) > MAX_MESSAGE_SIZE:
            return
        is_newest = next(reversed(self._times), None) == message
        self._removed.discard(message)
        self._put(message, time)
        self._trim()
        if not is_newest:
            self._append(SentMessage(message, time))

    def remove(self, message: Message) -> None:
        """Remove a message, in the file too. Raises OSError."""
        self._pop(message)
        self._removed.add(message)
        with contextlib.suppress(FileNotFoundError):
            _blank(self._path, message)

    def forget(self) -> None:
        """Remove all messages. Raises OSError."""
        self._times, self._size, self._seen = {}, 0, 0
        self._path.unlink(missing_ok=True)

    # The file

    def is_outdated(self) -> bool:
        """Return whether the file has messages that are not taken up."""
        with contextlib.suppress(OSError):
            return self._path.stat().st_size != self._seen
        return False

    def load(self) -> None:
        """Read the file and take it up."""
        self.take_up(*self.read())

    def read(self) -> tuple[list[SentMessage], int]:
        """Return the messages in the file, oldest first, and its size; works in any thread."""
        lines, size = self._lines()
        found = [sent for line in lines if (sent := _parsed(line)) is not None]
        times: dict[Message, SentMessage] = {}
        for sent in found:
            times.pop(sent.message, None)
            times[sent.message] = sent
        newest = list(times.values())[-MAX_MESSAGES:]
        if size > _MAX_FILE_SIZE or len(found) > 2 * MAX_MESSAGES:
            size = self._compact(newest, size)
        return newest, size

    def take_up(self, earlier: Iterable[SentMessage], size: int) -> None:
        """Add what `read` returned to what was sent meanwhile."""
        self._seen = size
        merged = {one.message: one.time for one in earlier if one.message not in self._removed}
        for message, time in self._times.items():
            merged[message] = max(time, merged.get(message, 0.0))
        self._removed.clear()
        self._times = dict(sorted(merged.items(), key=lambda item: item[1]))
        self._size = sum(map(len, self._times))
        self._trim()

    def _put(self, message: Message, time: float) -> None:
        self._pop(message)
        self._times[message] = time
        self._size += len(message)

    def _pop(self, message: Message) -> None:
        if self._times.pop(message, None) is not None:
            self._size -= len(message)

    def _trim(self) -> None:
        while len(self._times) > MAX_MESSAGES or self._size > MAX_SIZE:
            self._pop(next(iter(self._times)))

    def _lines(self) -> tuple[list[bytes], int]:
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(size - _MAX_FILE_SIZE, 0))
                return file.read(_MAX_FILE_SIZE).split(b"\n"), size
        except FileNotFoundError:
            return [], 0
        except OSError as error:
            _log.warning("sent messages could not be read: %s", error.strerror)
            return [], 0

    def _append(self, sent: SentMessage) -> None:
        try:
            self._path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            with open(self._path, "ab", opener=_open_private) as file:
                before = file.tell()
                file.write(_line(sent))
                if before == self._seen:
                    self._seen = file.tell()
        except OSError as error:  # the message was sent all the same
            _log.warning("a sent message could not be saved: %s", error.strerror)

    def _compact(self, messages: list[SentMessage], size: int) -> int:
        """Replace the file of `size` bytes, unless it has grown; return its size then."""
        with contextlib.suppress(OSError):
            descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=".sent")
            try:
                with open(descriptor, "wb") as file:
                    file.writelines(map(_line, messages))
                    written = file.tell()
                if self._path.stat().st_size == size:
                    Path(name).replace(self._path)
                    return written
                Path(name).unlink()
            except OSError:
                Path(name).unlink(missing_ok=True)
        return size


def _blank(path: Path, message: Message) -> None:
    """Overwrite the lines of a message with blanks. Raises OSError."""
    ending = _content(message)
    with path.open("r+b") as file:
        if not file.seek(0, os.SEEK_END):
            return
        with mmap.mmap(file.fileno(), 0) as data:
            place = data.find(ending)
            while place >= 0:
                begin, end = data.rfind(b"\n", 0, place) + 1, place + len(ending)
                sent = _parsed(data[begin:end])
                if sent is not None and sent.message == message:
                    data[begin : end - 1] = b" " * (end - 1 - begin)
                place = data.find(ending, end)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _line(sent: SentMessage) -> bytes:
    return b'{"time": %s, %s' % (json.dumps(sent.time).encode(), _content(sent.message))


def _content(message: Message) -> bytes:
    """Return the end of a message's line."""
    if isinstance(message, str):
        return f'"text": {json.dumps(message)}}}\n'.encode()
    return f'"binary": "{base64.b64encode(message).decode()}"}}\n'.encode()


def _parsed(line: bytes) -> SentMessage | None:
    """Return a line's message; None if it was cut or is damaged."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    text, encoded, time = found.get("text"), found.get("binary"), found.get("time")
    time = time if isinstance(time, int | float) and 0 <= time < _MAX_TIME else 0
    if isinstance(text, str):
        return SentMessage(text, time)
    if not isinstance(encoded, str):
        return None
    try:
        return SentMessage(base64.b64decode(encoded, validate=True), time)
    except (binascii.Error, ValueError):
        return None
