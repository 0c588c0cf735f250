"""Ask for the password of -u on the terminal, also while standard input is a pipe."""

from __future__ import annotations

import getpass
import os

from click import UsageError

_TERMINAL = "/dev/tty"


def ask_secret(what: str) -> str:
    """Return a secret that is typed, without echo. Raise UsageError if none can be typed."""
    if not _has_terminal():
        raise UsageError(
            f"{what} has no value, and there is no terminal to ask for it on. Set it with --var, "
            "or in the keyring with “spacebeam secrets set”."
        )
    return _typed(what)


def ask_password(user: str) -> str:
    """Return the password that is typed, without echo. Raise UsageError if none can be typed."""
    if not _has_terminal():
        raise UsageError(
            "Invalid value for '-u' / '--user': there is no terminal to ask for the password on; "
            "write USER:PASSWORD."
        )
    return _typed(f"Password of “{user}”")


def _has_terminal() -> bool:
    try:
        # Without a terminal getpass would read standard input, which has the messages.
        os.close(os.open(_TERMINAL, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _typed(what: str) -> str:
    try:
        return getpass.getpass(f"{what}: ")
    except (EOFError, UnicodeDecodeError):
        raise UsageError("No password was entered.") from None
