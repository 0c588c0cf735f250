"""What a tab connects with: its address and options with the folders' part and all variables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from spacebeam.profiles.collection import Folder, SavedConnection, Variable, by_name
from spacebeam.profiles.prepared import MessageError, Preparation
from spacebeam.profiles.profile import DEFAULTS, Profile, value_at
from spacebeam.profiles.variables import Unresolved
from spacebeam.ui.variables.known import Known
from spacebeam.wording.i18n import _


def known(
    connection: SavedConnection,
    folders: Sequence[Folder],
    environment: str,
    of_environment: tuple[Variable, ...],
) -> Known:
    """Return the variables of a connection, and where each is from.

    As in `library.connections.variables`, the environment's win over the collection's, and those of
    the folders and the connection over both.
    """
    sets: list[tuple[str, tuple[Variable, ...]]] = []
    sets += [
        (_("from {name}").format(name=folder.name), folder.variables) for folder in folders[:1]
    ]
    sets.append((environment, of_environment))
    sets += [
        (_("from {name}").format(name=folder.name), folder.variables) for folder in folders[1:]
    ]
    sets.append(("", connection.variables))
    origins = {one.name: origin for origin, variables in sets for one in variables if one.enabled}
    return Known(by_name(*(variables for _origin, variables in sets)), origins)


def uses_variables(address: str, profile: Profile) -> bool:
    """Whether there is anything to replace in an address or its profile."""
    return any("{{" in text for text in (address, *_texts(profile)))


def unresolved_on_connect(preparation: Preparation) -> tuple[str, Unresolved] | None:
    """Return the name of a message that is sent on connect, and what it lacks; None if nothing.

    Raises TooLongError.
    """
    for message in preparation.connection.messages:
        if message.on_connect:
            # One that is not in its format is reported when it would be sent.
            with suppress(MessageError):
                if (found := preparation.trial(message)).names:
                    return message.name, found
    return None


def _texts(profile: Profile) -> Iterator[str]:
    for path in DEFAULTS:
        value = value_at(profile, path)
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            for one in value:
                yield from (text for text in (one if isinstance(one, tuple) else (one,)) if text)
