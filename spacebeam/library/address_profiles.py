"""Selects the profile for an address.

A profile may hold secrets, so it belongs to an address and is never used for another server.
A new path of a known server starts with that server's most recent profile; an address that was
used with the default profile keeps it.
"""

from __future__ import annotations

from collections.abc import Callable

from spacebeam.library.settings import Settings
from spacebeam.profiles.profile import Profile
from spacebeam.profiles.variables import has_variables
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.protocol.secrets import saved_address

Remember = Callable[[str, Profile], None]


class AddressProfiles:
    """Finds profiles by the typed address, and stores them with `remember`."""

    def __init__(self, settings: Settings, remember: Remember) -> None:
        self._settings = settings
        self._remember = remember
        self._draft: Profile | None = None  # edited before an address was typed
        self._of_variables: dict[str, Profile] = {}  # of addresses with variables
        self._drafts: dict[str, Profile] = {}  # of addresses that were filled in, not connected to

    def find(self, typed: str) -> Profile:
        """Return the address's own profile, the draft, its server's most recent, or the default."""
        endpoint = _parsed(typed)
        if endpoint is None:
            return self._of_variables.get(typed) or self._draft or Profile()
        for address in _keys(endpoint):
            for profiles in (self._drafts, self._settings.private, self._settings.profiles):
                if address in profiles:
                    return profiles[address]
        return self._draft or self._of_server(endpoint) or Profile()

    def source(self, typed: str) -> str | None:
        """Return the saved address whose profile `find` returns, if it is one of the file."""
        endpoint = _parsed(typed)
        if endpoint is None:
            return None
        own = (one for one in _keys(endpoint) if one in self._settings.profiles)
        found = self.find(typed)
        others = (one for one, profile in self._settings.profiles.items() if profile is found)
        return next((*own, *others).__iter__(), None)

    def use(self, typed: str) -> Profile:
        """Return the profile to connect with; a draft becomes the profile of this address."""
        profile = self.find(typed)
        if profile is self._draft or self.has_draft(typed):
            self.store(typed, profile)
        return profile

    def has_draft(self, typed: str) -> bool:
        """Return whether the profile of an address is a draft, which is not saved."""
        endpoint = _parsed(typed)
        return endpoint is not None and any(one in self._drafts for one in _keys(endpoint))

    def draft(self, typed: str, profile: Profile) -> None:
        """Use a profile for an address without remembering either, until `use`."""
        endpoint = _parsed(typed)
        if endpoint is None:
            self._keep(typed, profile)
        else:
            self._drafts[_keys(endpoint)[0]] = profile

    def store(self, typed: str, profile: Profile) -> None:
        """Store the profile of an address; if the text is no address, store it as the draft."""
        endpoint = _parsed(typed)
        if endpoint is None:
            self._keep(typed, profile)
            return
        self._draft = None
        for address in _keys(endpoint):
            self._drafts.pop(address, None)
        self._remember(endpoint.url_with_user, profile)

    def _keep(self, typed: str, profile: Profile) -> None:
        """Hold a profile in memory: that of an address with variables, or the draft."""
        if has_variables(typed):
            self._draft, self._of_variables[typed] = None, profile
        else:
            self._draft = profile

    def _of_server(self, endpoint: Endpoint) -> Profile | None:
        if any(address in self._settings.recent for address in _keys(endpoint)):
            return None
        private, profiles = self._settings.private, self._settings.profiles
        known = [address for address in self._settings.recent if address in profiles]
        of_server = (one for one in (*reversed(private), *known) if _is_same_server(one, endpoint))
        found = next(of_server, None)
        return None if found is None else private.get(found) or profiles[found]


def _keys(endpoint: Endpoint) -> tuple[str, str]:
    """Return the address as it is saved, and the same without its user."""
    return saved_address(endpoint.url_with_user), saved_address(endpoint.url)


def _parsed(typed: str) -> Endpoint | None:
    try:
        return None if has_variables(typed) else parse(typed)
    except EndpointError:
        return None


def _is_same_server(address: str, endpoint: Endpoint) -> bool:
    """Return whether an address has the same server and scheme, so that it may get its secrets."""
    other = _parsed(address)
    return other is not None and (
        (other.scheme, other.host, other.port, other.socket_path)
        == (endpoint.scheme, endpoint.host, endpoint.port, endpoint.socket_path)
    )
