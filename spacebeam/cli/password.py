"""Ask for passwords and secrets on the terminal, also while standard input is a pipe."""

from __future__ import annotations

import getpass
import os
from collections.abc import Sequence

from click import UsageError

from spacebeam.decode.visible import one_line
from spacebeam.wording.keyring import field_words

_TERMINAL = "/dev/tty"
_FORMS = {
    "sign_in.password": "USER:PASSWORD",
    "aws.secret_key": "KEY:SECRET",
    "oauth.client_secret": "the secret after it",
}


def ask_secret(what: str) -> str:
    """Return a secret that is typed, without echo. Raise UsageError if none can be typed."""
    if not _has_terminal():
        raise UsageError(
            f"{what} has no value, and there is no terminal to ask for it on. Set it with --var, "
            "or in the keyring with “spacebeam secrets set”."
        )
    return _typed(what)


def ask_password(field: str, user: str, options: Sequence[str]) -> str:
    """Return a password or secret that is typed, without echo. Raise UsageError if none can be.

    `field` is its path in a profile, `user` whose it is, and `options` give it.
    """
    words = field_words(field)
    if not _has_terminal():
        names = " / ".join(f"'{one}'" for one in options)
        advice = f"write {_FORMS[field]}."
        raise UsageError(
            f"Invalid value for {names}: there is no terminal to ask for the {words} on; {advice}"
        )
    return _typed(f"{words[0].upper()}{words[1:]} of “{one_line(user)}”")


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
