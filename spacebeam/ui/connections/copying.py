"""Copies a saved connection as a command or program that makes it."""

from __future__ import annotations

from gi.repository import Gdk

from spacebeam.exchange.copy_connection import ConnectionForm, connection_as
from spacebeam.library.connections.variables import made_values
from spacebeam.profiles.collection import inherited
from spacebeam.profiles.prepared import Preparation
from spacebeam.profiles.variables import TooLongError
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.protocol.secrets import MASK
from spacebeam.ui.connections.preparing import known
from spacebeam.ui.connections.problems import LIBRARY_ERRORS, error_words
from spacebeam.ui.library_service import LibraryService, SavedPlace


def copied_connection(
    library: LibraryService, place: SavedPlace, form: str, clipboard: Gdk.Clipboard
) -> str:
    """Copy a connection with its folders' part, without secrets; return what was done in words."""
    try:
        connection = place.folder.connection(place.path)
        folders = place.folder.folders_of(place.path)
    except LIBRARY_ERRORS as error:
        return error_words(error)
    store, root = library.environments, place.folder.root
    found = known(connection, folders, store.chosen_name(root), store.variables(root))
    full = inherited(connection, folders)
    try:
        ready = Preparation(full, found.variables, made_values(root)).prepared()
        address = parse(ready.address).url_with_user
    except EndpointError as error:
        return error.explanation
    except TooLongError:
        return "The variables become too long."
    text = connection_as(ConnectionForm(form), address, ready.profile, with_secrets=False)
    clipboard.set(text)
    return "Copied without its secrets" if MASK in text else "Connection copied"
