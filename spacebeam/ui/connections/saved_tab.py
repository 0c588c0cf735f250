"""The saved connection that a tab shows, and what was changed in it since it was read."""

from __future__ import annotations

import os
from dataclasses import replace

from gi.repository import GObject

from spacebeam.library.connections.files import ChangedOnDiskError
from spacebeam.profiles.collection import SavedConnection, SavedMessage
from spacebeam.profiles.merging import merged
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.saved_profile import with_secrets
from spacebeam.profiles.secret_fields import secrets_of, without_known
from spacebeam.profiles.written_secrets import written_address
from spacebeam.ui.connections.problems import LIBRARY_ERRORS
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.library_service import LibraryService, SavedPlace


@weak_handlers
class SavedTab(GObject.Object):
    """What a tab has of a saved connection; without one, `place` is None.

    It gives the first screen's options as `AddressProfiles` does for other addresses. Emits
    `changed`.
    """

    __gtype_name__ = "SpacebeamSavedTab"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self, library: LibraryService) -> None:
        super().__init__()
        self._library = library
        self.place: SavedPlace | None = None
        self.binding: object = None  # as SavedSource
        self.saved = SavedConnection("", "")  # as it is in the file, with the known secrets
        self._in_file = self.saved  # as it was read from the file
        self._base = self.saved  # as this tab last read or saved its filter and the like
        self.address = ""  # as it is typed now
        self.profile = Profile()
        self.problem = ""  # why its file cannot be read

    @property
    def is_bound(self) -> bool:
        """Whether the tab shows a saved connection."""
        return self.place is not None

    @property
    def name(self) -> str:
        """The connection's name, or ""."""
        return self.saved.name if self.is_bound else ""

    @property
    def is_changed(self) -> bool:
        """Whether the address or the options differ from what is saved."""
        return self.is_bound and (
            self.address != self.saved.address or self.profile != self.saved.profile
        )

    @property
    def is_gone(self) -> bool:
        """Whether the file is missing; saving creates it again."""
        return self.place is not None and not os.path.exists(self.place.key)

    def bind(
        self, place: SavedPlace, address: str | None = None, profile: Profile | None = None
    ) -> None:
        """Show a connection, perhaps with another address and profile than are saved.

        Raises one of LIBRARY_ERRORS.
        """
        self.saved = self._in_file = self._base = place.folder.connection(place.path)
        self.place = place
        self.binding = object()
        self.address = self.saved.address if address is None else address
        self.profile = self.saved.profile if profile is None else profile
        self.emit("changed")

    def move(self, place: SavedPlace) -> None:
        """Show the connection at another place; its name may have changed."""
        self.place = place
        self.take_up()
        self.emit("changed")

    def leave(self) -> None:
        """Show no saved connection any more."""
        if self.is_bound:
            self.place = self.binding = None
            self.saved = SavedConnection("", "")
            self.profile = Profile()
            self.emit("changed")

    def revert(self) -> None:
        """Discard what was changed, and show what the file has now."""
        self.address, self.profile = self.saved.address, self.saved.profile
        self.take_up()
        self.emit("changed")

    def save(self, **values: object) -> None:
        """Save what was changed, and other values such as the filter.

        What others changed in the file meanwhile stays; where both changed the same, this raises
        ChangedOnDiskError. Raises one of LIBRARY_ERRORS.
        """
        assert self.place is not None
        changed = {name: one for name, one in values.items() if one != getattr(self._base, name)}
        self.take_up()
        wanted = replace(
            self.saved,
            address=self.address,
            profile=self.profile,
            **changed,  # type: ignore[arg-type]
        )
        folder, path = self.place.folder, self.place.path
        if self.is_gone:
            self.place = self._library.place(folder, folder.create_again(path, wanted))
            self._in_file = folder.connection(self.place.path)
        else:
            self._in_file = folder.save(path, wanted, self._in_file)
        self._base = replace(self._base, **values)  # type: ignore[arg-type]
        # Secrets are in no file, but they are known until the program ends.
        self.saved = replace(self._in_file, address=self.address, profile=self.profile)
        self._library.refresh()
        self.emit("changed")

    def drop_secrets(self, profile: Profile) -> None:
        """Forget the secrets of a profile that the keyring has now, unless it was changed since."""
        if self.profile == profile:
            bare = without_known(profile, secrets_of(profile))
            self.saved, self.profile = replace(self.saved, profile=bare), bare
            self.emit("changed")

    def accept_secrets(self) -> None:
        """Take the present secrets for the saved ones: they are in no file."""
        self.saved = replace(self.saved, address=self.address, profile=self.profile)
        self.emit("changed")

    def recall_secrets(self, address: str, profile: Profile) -> None:
        """Take the secrets of an earlier tab, unless they would go to another server now."""
        earlier = SavedConnection("", address, profile)
        if self.profile == self.saved.profile and _addresses(earlier) == _addresses(self.saved):
            self.profile = with_secrets(self.profile, profile)
            self.accept_secrets()

    def set_messages(self, messages: tuple[SavedMessage, ...]) -> None:
        """Save other messages; what else was changed is not saved. Raises LIBRARY_ERRORS."""
        assert self.place is not None
        folder, path = self.place.folder, self.place.path
        now = folder.connection(path)
        if now.messages != self._in_file.messages:
            raise ChangedOnDiskError(path)
        folder.save(path, replace(now, messages=messages), now)
        self._in_file = replace(self._in_file, messages=messages)
        self.saved = replace(self.saved, messages=messages)
        self.emit("changed")

    def take_up(self) -> None:
        """Merge what others changed in the file with what was changed here.

        A conflict changes nothing; neither does another server for secrets that were typed here.
        """
        if self.place is None:
            return
        if self.is_gone:
            self.emit("changed")
            return
        try:
            in_file = self.place.folder.connection(self.place.path)
        except LIBRARY_ERRORS:
            return
        if in_file == self._in_file:
            return
        found = in_file
        if _addresses(found) == _addresses(self.saved):  # secrets go to no other server
            profile = with_secrets(found.profile, self.saved.profile)
            found = replace(found, address=self.saved.address, profile=profile)
        elif self.is_changed and secrets_of(self.profile):
            return
        mine = replace(self.saved, address=self.address, profile=self.profile)
        shown = merged(self.saved, mine, found)
        if shown is None:
            return
        self.saved, self._in_file = found, in_file
        self.address, self.profile = shown.address, shown.profile
        self.emit("changed")

    # As AddressProfiles

    def find(self, _typed: str) -> Profile:
        """Return the profile."""
        return self.profile

    def use(self, typed: str) -> Profile:
        """Return the profile to connect with."""
        return self.find(typed)

    def store(self, _typed: str, profile: Profile) -> None:
        """Change the profile; the file is not written."""
        self.profile = profile
        self.emit("changed")


def _addresses(connection: SavedConnection) -> tuple[object, ...]:
    """Return all that a connection's secrets are sent to, in which no secret is."""
    address = written_address(connection.address)
    profile, oauth = connection.profile, connection.profile.oauth
    proxy = profile.proxy.choice, profile.proxy.address
    return address, proxy, oauth.issuer, oauth.token_url, oauth.device_url
