"""Ask for the password of -u on the terminal, also while standard input is a pipe."""

from __future__ import annotations

import getpass
import os

from click import UsageError

_TERMINAL = "/dev/tty"


def ask_password(user: str) -> str:
    """Return the password that is typed, without echo. Raise UsageError if none can be typed."""
    try:
        # Without a terminal getpass would read standard input, which has the messages.
        os.close(os.open(_TERMINAL, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        raise UsageError(
            "Invalid value for '-u' / '--user': there is no terminal to ask for the password on; "
            "write USER:PASSWORD."
        ) from None
    try:
        return getpass.getpass(f"Password of “{user}”: ")
    except (EOFError, UnicodeDecodeError):
        raise UsageError("No password was entered.") from None
