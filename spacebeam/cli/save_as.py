"""Saves a command line's connection under a name, instead of connecting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from click import BadParameter, UsageError
from cloup import option

from spacebeam.cli.messages import print_line, print_note
from spacebeam.cli.options import values
from spacebeam.cli.options.named import file_words, library_of
from spacebeam.cli.options.profile import checked_profile
from spacebeam.cli.options.target import Target, messages_of, print_left_out
from spacebeam.cli.status import Status
from spacebeam.decode.visible import one_line
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.nodes import ROOT
from spacebeam.profiles.collection import MessageFormat, SavedConnection, SavedMessage
from spacebeam.profiles.profile import Reconnect
from spacebeam.profiles.secret_fields import unknown_secrets
from spacebeam.profiles.variables import has_variables
from spacebeam.protocol.secrets import has_mask

SAVE_AS = option(
    "--save-as",
    metavar="NAME",
    type=values.text,
    help="Do not connect; save the connection under this name or FOLDER/NAME, with its options. "
    "--send is saved as messages that are sent on connect. Secrets are not saved, but variables "
    "in their places are: --bearer '{{token}}'.",
)


def save_connection(given: Mapping[str, Any]) -> Status:
    """Save the connection of a command line under the name of --save-as."""
    name: str = given["save_as"]
    target: Target = given["target"]
    if not has_variables(target.typed):
        values.endpoint(target.typed)  # an address that no connection can have is not saved
    *folders, last = [part.strip() for part in name.split("/")]
    if not last or not all(folders):
        raise BadParameter("A name, or FOLDER/NAME, is needed.", param_hint="--save-as")
    library = library_of(given)
    folder = library.folders[0]
    try:
        library.load(checked=False)
        if any(one.folder is folder for one in library.named(name)):
            raise UsageError(f"There is a connection “{one_line(name)}” already.")
        inside = folder.folder_named(ROOT, folders)
        path = folder.create_connection(inside, _connection(given, target, last))
        saved = folder.connection(path)
    except (OSError, YamlError) as error:
        raise UsageError(file_words(str(folder.root), error)) from None
    print_left_out(given)
    print_line(str(folder.root / path))
    if has_mask(saved.address) or unknown_secrets(saved.profile):
        print_note("Secrets were left out. Write a variable in their places, as {{token}}.")
    return Status.DONE


def _connection(given: Mapping[str, Any], target: Target, name: str) -> SavedConnection:
    profile = checked_profile(given, may_have_variables=True)
    if given["reconnect"] is not None:  # the waits are those of the terminal, not of the profile
        profile = replace(profile, reconnect=Reconnect(True, profile.reconnect.attempts))
    encoding = given["encoder"] or ""
    messages = tuple(
        SavedMessage(
            f"message {number}",
            text,
            MessageFormat.JSON if encoding else MessageFormat.TEXT,
            on_connect=True,
            encoding=encoding,
        )
        for number, text in enumerate(messages_of(given), start=1)
    )
    return SavedConnection(name, target.typed, profile, messages)
