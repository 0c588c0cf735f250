"""A saved connection as it is used now: copied as a command, found among the recordings."""

from __future__ import annotations

from gi.repository import Gdk

from spacebeam.exchange.copy_connection import ConnectionForm, connection_as
from spacebeam.library.connections.variables import made_values
from spacebeam.profiles.collection import inherited
from spacebeam.profiles.prepared import Preparation, PreparedConnection
from spacebeam.profiles.variables import TooLongError
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.ui.clipboard import put
from spacebeam.ui.connections.preparing import known
from spacebeam.ui.connections.problems import LIBRARY_ERRORS, error_words
from spacebeam.ui.library_service import LibraryService, SavedPlace
from spacebeam.wording.addresses import address_words
from spacebeam.wording.copying import copied_words
from spacebeam.wording.i18n import _


def copied_connection(
    library: LibraryService, place: SavedPlace, form: str, clipboard: Gdk.Clipboard
) -> str:
    """Copy a connection with its folders' part, without secrets; return what was done in words."""
    try:
        ready = _prepared(library, place)
        address = parse(ready.address).url_with_user
    except LIBRARY_ERRORS as error:
        return error_words(error)
    except EndpointError as error:
        return address_words(error)
    except TooLongError:
        return _("The variables become too long.")
    copied = connection_as(ConnectionForm(form), address, ready.profile)
    put(copied.text, clipboard)
    return copied_words(copied)


def recorded_as(library: LibraryService, place: SavedPlace) -> str:
    """Return the part of a connection's address that finds its recordings; "" if it has none."""
    try:
        endpoint = parse(_prepared(library, place).address)
    except (*LIBRARY_ERRORS, EndpointError, TooLongError):
        return ""
    return endpoint.with_resource(endpoint.resource.partition("?")[0]).url


def _prepared(library: LibraryService, place: SavedPlace) -> PreparedConnection:
    """Return a connection with its folders' part, and variables as the environment has them now.

    Raises what LIBRARY_ERRORS lists, or TooLongError.
    """
    connection = place.folder.connection(place.path)
    folders = place.folder.folders_of(place.path)
    store, root = library.environments, place.folder.root
    found = known(connection, folders, store.chosen_name(root), store.variables(root))
    full = inherited(connection, folders)
    return Preparation(full, found.variables, made_values(root)).prepared()
