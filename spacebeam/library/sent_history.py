"""What was sent to each address, so that it can be sent again on another day.

One file for each address, a message a line (JSON). Lines are appended, so two programs can write
at once; when a file is read, repeated messages and old ones are removed.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from spacebeam.library.retention import DAY_S, RetentionPolicy

_log = logging.getLogger(__name__)

MAX_MESSAGES = 200  # for an address
MAX_MESSAGE_SIZE = 64 * 1024  # bytes; longer messages are not saved
_MAX_FILE_SIZE = 4 * 1024**2  # bytes that are read from the end of a file
_SUFFIX = ".jsonl"
_FOLDER_MODE = 0o700  # messages may hold secrets

Message = str | bytes


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
    """The messages that were sent to one address, oldest first, without repetitions."""

    def __init__(self, folder: Path, address: str) -> None:
        """`address` is without secrets. Nothing is read before it is needed."""
        self._path = folder / f"{hashlib.sha256(address.encode()).hexdigest()[:32]}{_SUFFIX}"
        self._messages: dict[Message, None] | None = None

    def messages(self) -> list[Message]:
        """Return the messages, newest last."""
        return list(self._loaded())

    def matching(self, text: str) -> list[Message]:
        """Return the messages that contain a text in either case, newest first."""
        wanted = text.casefold()
        texts = (one for one in reversed(self.messages()) if isinstance(one, str))
        return [one for one in texts if wanted in one.casefold()]

    def add(self, message: Message) -> None:
        """Save a message that was sent; it becomes the newest."""
        if not message or len(message) > MAX_MESSAGE_SIZE:
            return
        messages = self._loaded()
        is_newest = next(reversed(messages), None) == message
        messages.pop(message, None)
        messages[message] = None
        if len(messages) > 2 * MAX_MESSAGES:
            del messages[next(iter(messages))]
        if not is_newest:
            self._append(message)

    def forget(self) -> None:
        """Remove all messages. Raises OSError."""
        self._messages = {}
        self._path.unlink(missing_ok=True)

    def _loaded(self) -> dict[Message, None]:
        if self._messages is None:
            self._messages, lines = {}, 0
            for message in self._read():
                lines += 1
                self._messages.pop(message, None)
                self._messages[message] = None
            for old in list(self._messages)[:-MAX_MESSAGES]:
                del self._messages[old]
            if lines > 2 * MAX_MESSAGES:
                self._compact(list(self._messages))
        return self._messages

    def _read(self) -> Iterator[Message]:
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(size - _MAX_FILE_SIZE, 0))
                lines = file.read(_MAX_FILE_SIZE).split(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            _log.warning("sent messages could not be read: %s", error.strerror)
            return
        for line in lines:
            message = _parsed(line)
            if message is not None:
                yield message

    def _append(self, message: Message) -> None:
        try:
            self._path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            with self._path.open("ab") as file:
                file.write(_line(message))
        except OSError as error:  # the message was sent all the same
            _log.warning("a sent message could not be saved: %s", error.strerror)

    def _compact(self, messages: list[Message]) -> None:
        with contextlib.suppress(OSError):
            descriptor, name = tempfile.mkstemp(dir=self._path.parent, prefix=".sent")
            try:
                with open(descriptor, "wb") as file:
                    file.writelines(map(_line, messages))
                Path(name).replace(self._path)
            except OSError:
                Path(name).unlink(missing_ok=True)


def _line(message: Message) -> bytes:
    if isinstance(message, str):
        return json.dumps({"text": message}).encode() + b"\n"
    return json.dumps({"binary": base64.b64encode(message).decode()}).encode() + b"\n"


def _parsed(line: bytes) -> Message | None:
    """Return a line's message; None if it was cut or is damaged."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    text, encoded = found.get("text"), found.get("binary")
    if isinstance(text, str):
        return text
    if not isinstance(encoded, str):
        return None
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
