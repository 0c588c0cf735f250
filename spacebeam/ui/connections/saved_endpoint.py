"""A saved connection made ready to connect outside a tab: with variables, folders and secrets."""

from __future__ import annotations

from functools import partial

from spacebeam.library.connections.variables import preparation
from spacebeam.profiles.prepared import PreparedConnection
from spacebeam.profiles.secret_fields import unknown_secrets
from spacebeam.profiles.variables import TooLongError
from spacebeam.ui.connections.problems import LIBRARY_ERRORS, error_words
from spacebeam.ui.library_service import SavedPlace
from spacebeam.ui.settings_service import SettingsService
from spacebeam.wording.keyring import withheld_words
from spacebeam.wording.variables import define_words, too_long_words, unresolved_words


class NotReadyError(Exception):
    """Something is missing to connect; its text says what."""


async def prepared_endpoint(service: SettingsService, place: SavedPlace) -> PreparedConnection:
    """Return address and options, with the chosen environment and the keyring's secrets.

    Raises NotReadyError.
    """
    environment = service.library.environments.chosen_name(place.folder.root)
    prepare = partial(preparation, place.folder, place.path, environment, {})
    try:
        released = await service.secrets.released(
            place.folder,
            place.path,
            environment,
            place.folder.connection(place.path),
            lambda secrets: prepare(secrets),
        )
        found = prepare(released.secrets).prepared()
    except TooLongError:
        raise NotReadyError(too_long_words()) from None
    except LIBRARY_ERRORS as error:
        raise NotReadyError(error_words(error)) from None
    words = []
    if found.unresolved.names:
        words += [unresolved_words(found.unresolved), define_words(len(found.unresolved.names))]
    if released.withheld and (words or unknown_secrets(found.profile)):
        words.append(withheld_words(released.withheld, released.servers))
    if words:
        raise NotReadyError(" ".join(words))
    return found
