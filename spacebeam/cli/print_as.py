"""Prints a connection as a command or program that makes it, instead of connecting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from cloup import option

from spacebeam.cli.messages import print_note, print_text
from spacebeam.cli.options.profile import checked_profile, endpoint_of
from spacebeam.cli.options.target import print_left_out
from spacebeam.cli.options.values import CookieSource
from spacebeam.cli.status import Status
from spacebeam.exchange.copy_connection import ConnectionForm, connection_as
from spacebeam.protocol.secrets import MASK
from spacebeam.wording.copying import not_in_form_words

PRINT_AS = (
    option(
        "--print-as",
        type=click.Choice([form.value for form in ConnectionForm]),
        help="Do not connect; print the connection as a command of curl, Spacebeam or websocat, or "
        "as a program for Python (websockets), Node (ws) or a browser.",
    ),
    option(
        "--with-secrets",
        is_flag=True,
        help=f"With --print-as, print passwords, tokens and cookies, not {MASK}.",
    ),
)


def print_connection(given: Mapping[str, Any]) -> Status:
    """Print the connection of a command line in the form of --print-as."""
    form, profile = ConnectionForm(given["print_as"]), checked_profile(given)
    address = endpoint_of(given).url_with_user
    print_left_out({"target": given["target"]})
    if any(isinstance(one, CookieSource) for one in given["cookie"]):
        print_note("Left out: the cookies of a file.")
    copied = connection_as(form, address, profile, with_secrets=given["with_secrets"])
    print_text(f"{copied.text}\n")
    if copied.left_out:
        print_note(not_in_form_words(copied.left_out))
    if copied.lacks_secrets and not given["with_secrets"]:
        print_note(f"Secrets are left out ({MASK}); --with-secrets prints them.")
    return Status.DONE
