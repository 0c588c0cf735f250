"""The title of a tab."""

from __future__ import annotations

from spacebeam.decode.visible import one_line
from spacebeam.library.recording_info import MAX_TITLE
from spacebeam.net.connection import ConnectionState
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.secrets import without_secrets


def title(endpoint: Endpoint | None, given: str = "") -> str:
    """Return the recording's `given` title, or else the endpoint's host and path.

    The query is left out: it is long and may contain a password or a token.
    """
    if given:
        return _given(given)
    if endpoint is None:
        return "New connection"
    return f"{endpoint.display_host}{endpoint.resource.partition('?')[0].rstrip('/')}"


def state_words(title: str, state: ConnectionState, *, is_reconnecting: bool) -> str:
    """Return the state of a connection with its title, such as “Connected to example.com/feed”."""
    if is_reconnecting:
        return f"Reconnecting to {title}"
    match state:
        case ConnectionState.OPEN:
            return f"Connected to {title}"
        case ConnectionState.CLOSING:
            return f"Disconnecting from {title}"
    return f"Disconnected from {title}"


def whole_title(endpoint: Endpoint | None, given: str = "") -> str:
    """Return the given title and the address without secrets, a line each."""
    address = without_secrets(endpoint.url) if endpoint is not None else ""
    return "\n".join(filter(None, (_given(given), address)))


def _given(given: str) -> str:
    """Return a title on one line with control characters escaped: a file may come from anyone."""
    return one_line(given[:MAX_TITLE])
