"""The variables of a tab: marked in its address, replaced before it connects and in messages.

What reads files is imported when it is first wanted: the start has no need of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from spacebeam.decode.visible import one_line
from spacebeam.profiles.collection import Folder, SavedConnection, SavedMessage, inherited
from spacebeam.profiles.made_values import MadeValues
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.summary import summary
from spacebeam.profiles.variables import Resolver, has_variables, places
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.options.connection_options import ConnectionOptions
from spacebeam.ui.pages.connection_page import ConnectionPage
from spacebeam.ui.settings_service import SettingsService

if TYPE_CHECKING:
    from spacebeam.library.connections.open_folder import OpenFolder
    from spacebeam.profiles.prepared import Preparation
    from spacebeam.ui.connections.saved_tab import SavedTab
    from spacebeam.ui.library_service import LibraryService
    from spacebeam.ui.variables.entry_variables import EntryVariables
    from spacebeam.ui.variables.known import Known

_MAX_MESSAGE = 1024 * 1024  # characters; variables of a longer message are not replaced


@weak_handlers
class TabVariables:
    """Those of the environment, of the folders and of the saved connection, if there is one."""

    def __init__(
        self,
        page: ConnectionPage,
        options: ConnectionOptions,
        settings_service: SettingsService,
        notify: Callable[[str], object],
    ) -> None:
        self.saved: SavedTab | None = None
        self._page = page
        self._options = options
        self._settings_service = settings_service
        self._notify = weakly(notify)
        self._entry_variables: EntryVariables | None = None
        self._known_now: Known | None = None  # until something changes
        self._made: MadeValues | None = None  # counts `$seq` of the messages
        self._preparation: Preparation | None = None  # of the newest attempt
        options.prepare = weakly(self._prepare)
        options.variables = weakly(self._for_options)

    def forget(self) -> None:
        """Find the variables again when they are next wanted."""
        self._known_now = None

    @property
    def _library(self) -> LibraryService:
        return self._settings_service.library

    @property
    def _is_bound(self) -> bool:
        return self.saved is not None and self.saved.is_bound

    @property
    def folder(self) -> OpenFolder:
        """The open folder whose environments the tab uses."""
        place = None if self.saved is None else self.saved.place
        return self._library.library.folders[0] if place is None else place.folder

    @property
    def known(self) -> Known:
        """The variables that the tab can use."""
        if self._known_now is None:
            from spacebeam.ui.connections.preparing import known

            store, root = self._library.environments, self.folder.root
            saved = self.saved.saved if self.saved is not None else SavedConnection("", "")
            self._known_now = known(
                saved, self.folders, store.chosen_name(root), store.variables(root)
            )
        return self._known_now

    @property
    def folders_with_keys(self) -> list[tuple[str, Folder]]:
        """The folders, each with its path, outermost first."""
        place = None if self.saved is None else self.saved.place
        parts = [] if place is None else place.path.split("/")[:-1]
        keys = [str(self.folder.root.joinpath(*parts[:count])) for count in range(len(parts) + 1)]
        return list(zip(keys, self.folders, strict=False))

    def _for_options(self) -> tuple[Callable[[], Known], Sequence[Folder]]:
        return weakly(self._known), self.folders if self._is_bound else ()

    @property
    def inherited_words(self) -> str:
        """What the folders add to the options, such as “1 header from Trading”."""
        return " · ".join(
            f"{words} from {one_line(folder.name)}"
            for folder in self.folders
            if (words := summary(folder.profile))
        )

    @property
    def folders(self) -> Sequence[Folder]:
        """The folders that the connection is in, outermost first."""
        from spacebeam.ui.connections.problems import LIBRARY_ERRORS

        place = None if self.saved is None else self.saved.place
        with suppress(*LIBRARY_ERRORS):
            if place is not None:
                return self._library.folders_of(place)
            return (self.folder.folder(),)
        return ()

    def _prepare(self, address: str, profile: Profile) -> tuple[str, Profile] | None:
        """Return what to connect with; None, after saying why, if a variable is not known."""
        from spacebeam.ui.connections.preparing import (
            unresolved_on_connect,
            unresolved_words,
            uses_variables,
        )

        self._options.is_replaced = False
        self._preparation = None
        if not self._is_bound and not uses_variables(address, profile):
            return address, profile
        from spacebeam.library.connections.variables import made_values
        from spacebeam.profiles.prepared import Preparation
        from spacebeam.profiles.variables import TooLongError

        saved = self.saved.saved if self.saved is not None else SavedConnection("", "")
        typed = replace(saved, address=address.strip(), profile=profile)
        full = inherited(typed, self.folders if self._is_bound else ())
        made = self._made = made_values(self.folder.root)
        preparation = Preparation(full, self.known.variables, made)
        try:
            found = preparation.prepared()
            missing = unresolved_words(found.unresolved) or unresolved_on_connect(preparation)
        except TooLongError:
            self._page.show_failure("The variables become too long.", "Look at their values.")
            return None
        if missing is not None:
            self._page.show_undefined(*missing)
            return None
        self._options.is_replaced = True
        self._preparation = preparation
        return found.address, found.profile

    def message(self, text: str) -> tuple[str, tuple[str, ...]]:
        """Return a text with its variables replaced, and the names that could not be.

        A text without any known variable stays as it is: its braces may mean something else.
        Raises TooLongError.
        """
        if "{{" not in text or len(text) > _MAX_MESSAGE:
            return text, ()
        known = self.known
        if not known.is_in_use or all(known.value(one.name) is None for one in places(text)):
            return text, ()
        resolver = self._resolver()
        found = resolver.message(text)
        return found, resolver.unresolved.names

    def saved_message(self, message: SavedMessage) -> tuple[str | bytes, tuple[str, ...]]:
        """Return a saved message as it is sent, and the names that could not be replaced.

        Raises MessageError or TooLongError.
        """
        from spacebeam.profiles.prepared import Preparation

        resolver = self._resolver()
        resolver.text(message.text)
        connection = SavedConnection("", "")
        payload = Preparation(connection, self.known.variables, self._made).payload(message)
        return payload, resolver.unresolved.names

    def _resolver(self) -> Resolver:
        if self._made is None:
            from spacebeam.library.connections.variables import made_values

            self._made = made_values(self.folder.root)
        return Resolver(self.known.variables, self._made)

    def on_connect(self) -> Sequence[str | bytes]:
        """Return the messages that are sent by themselves after a connect."""
        if self._preparation is None:
            return ()
        from spacebeam.profiles.prepared import MessageError
        from spacebeam.profiles.variables import TooLongError

        try:
            return self._preparation.on_connect()
        except MessageError as error:
            name = one_line(error.message.name)
            self._notify(f"“{name}” was not sent: it is not {error.message.format.value}.")
        except TooLongError:
            self._notify("Nothing was sent on connect: the variables become too long.")
        return ()

    def show(self) -> None:
        """Mark the variables of the address, and show what it becomes."""
        typed = self._page.address
        if self._entry_variables is None and "{{" in typed:
            from spacebeam.ui.variables.entry_variables import EntryVariables

            self._entry_variables = EntryVariables(self._page.address_entry, self._known)
        if self._entry_variables is not None:
            self._entry_variables.refresh()
        resolved = self.known.resolved(typed) if has_variables(typed) else typed
        self._page.show_resolved(resolved if resolved != typed else "")

    def _known(self) -> Known:
        return self.known
