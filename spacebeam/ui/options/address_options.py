"""Which options belong to the address that stands in the field.

Options belong to an address, and never go to another server by themselves: there may be secrets
in them. Another path on the same server begins with the newest options of that server; one that was
connected to before without any goes on without.
"""

from __future__ import annotations

from spacebeam.profiles.profile import Profile
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.ui.settings_service import SettingsService


class AddressOptions:
    """Finds and keeps options by what was typed."""

    def __init__(self, keeper: SettingsService) -> None:
        self._keeper = keeper
        self._draft: Profile | None = None  # made before there was an address

    def of(self, typed: str) -> Profile:
        """The address's own options; or those that were made before it was typed; or those of
        the same server; or else the defaults."""
        endpoint = _parsed(typed)
        if endpoint is None:
            return self._draft or Profile()
        own = self._keeper.settings.options.get(endpoint.url)
        return own or self._draft or self._of_server(endpoint) or Profile()

    def use(self, typed: str) -> Profile:
        """The same, to connect with: what was made before the address is the address's now."""
        options = self.of(typed)
        if options is self._draft:
            self.keep(typed, options)
        return options

    def keep(self, typed: str, options: Profile) -> None:
        """From now on these are the address's options."""
        endpoint = _parsed(typed)
        if endpoint is None:
            self._draft = options
            return
        self._draft = None
        self._keeper.remember(endpoint.url, options)

    def _of_server(self, endpoint: Endpoint) -> Profile | None:
        settings = self._keeper.settings
        if endpoint.url in settings.recent:
            return None
        known = (address for address in settings.recent if address in settings.options)
        return next(
            (settings.options[address] for address in known if _is_there(address, endpoint)), None
        )


def _parsed(typed: str) -> Endpoint | None:
    try:
        return parse(typed)
    except EndpointError:
        return None


def _is_there(address: str, endpoint: Endpoint) -> bool:
    """Whether a recent address is at the same server, spoken to as safely."""
    other = _parsed(address)
    return other is not None and (
        (other.scheme, other.host, other.port, other.socket_path)
        == (endpoint.scheme, endpoint.host, endpoint.port, endpoint.socket_path)
    )
