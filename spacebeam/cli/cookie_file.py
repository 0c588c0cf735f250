"""Cookie files of --cookie and --cookie-jar: read before the handshake, written after it."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path

from spacebeam.cli.messages import print_error
from spacebeam.exchange import netscape_cookies
from spacebeam.exchange.netscape_cookies import CookieFileError
from spacebeam.net.cookies import Cookie, CookieJar

_MAX_FILE_BYTES = 16 * 1024 * 1024


def read(path: str) -> tuple[Cookie, ...]:
    """Return the cookies in a file.

    Raises CookieFileError for a file that is unreadable or invalid, and FileNotFoundError.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise CookieFileError(f"{_why(error)}.") from None
    if len(content) > _MAX_FILE_BYTES:
        raise CookieFileError(f"It is longer than {_MAX_FILE_BYTES:,} bytes.")
    try:
        return netscape_cookies.from_text(content.decode())
    except UnicodeDecodeError:
        raise CookieFileError("It is not UTF-8.") from None


def why_not_writable(path: str) -> str | None:
    """Return why cookies cannot be written to `path`, as a sentence; None where they can."""
    if os.path.isdir(path):
        return "It is a folder."
    if os.path.exists(path) and not os.access(path, os.W_OK):
        return "You may not write to it."
    if _is_special(path):
        return None
    folder = Path(path).resolve().parent
    if not folder.is_dir():
        return f"There is no folder “{folder}”."
    return None if os.access(folder, os.W_OK) else f"You may not write to the folder “{folder}”."


def write(jar: CookieJar, path: str) -> None:
    """Write the jar to a file that only its owner can read; report a failure."""
    try:
        _replace(netscape_cookies.to_text(jar.all(), time.time()).encode(), path)
    except OSError as error:
        print_error(
            f"Could not write the cookies to “{path}”: {_why(error)}. "
            "Choose another file with --cookie-jar."
        )


def _replace(content: bytes, path: str) -> None:
    if _is_special(path):
        Path(path).write_bytes(content)
        return
    target = Path(path).resolve()  # a symbolic link is followed, not replaced
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".cookies.")
    try:
        with os.fdopen(descriptor, "wb") as file:  # mkstemp makes it private
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _is_special(path: str) -> bool:
    """Return whether `path` is a device or a pipe, which is never replaced."""
    return os.path.exists(path) and not os.path.isfile(path)


def _why(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
