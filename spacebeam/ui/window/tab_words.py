"""The title of a tab, and what it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacebeam.decode.visible import one_line
from spacebeam.library.titles import MAX_TITLE
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.lifecycle import ConnectionState
from spacebeam.protocol.secrets import without_secrets
from spacebeam.ui.window.tab_names import TabTitle
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.ui.session_adapter import SessionAdapter


def title(endpoint: Endpoint | None, given: str = "") -> str:
    """Return the recording's `given` title, or else the endpoint's host and path without secrets.

    The query is left out: it is long.
    """
    if given:
        return _given(given)
    if endpoint is None:
        return _("New Connection")
    path = endpoint.resource.partition("?")[0].rstrip("/")
    return without_secrets(f"{endpoint.display_host}{path}")


def parts(endpoint: Endpoint | None, recorded: str, name: str) -> TabTitle:
    """Return what tells a tab from others: its recording's title and its own name may be ""."""
    automatic = title(endpoint, recorded)
    if endpoint is None or recorded:
        return TabTitle(automatic, given=name, is_new=endpoint is None and not recorded)
    resource = without_secrets(endpoint.url).partition("?")[2]
    query = f"?{resource}" if resource else ""
    return TabTitle(automatic, query, endpoint.scheme, name)


def return_words(session: SessionAdapter, title: str) -> str:
    """Return what the first screen leads back to, such as “Connected to example.com”, or ""."""
    if not session.is_used:
        return ""
    if session.shows_earlier:
        return _("Recording of {title}").format(title=title)
    if session.progress is not None:
        return _("Reconnecting to {title}").format(title=title)
    match session.connection and session.connection.state:
        case ConnectionState.OPEN:
            return _("Connected to {title}").format(title=title)
        case ConnectionState.CLOSING:
            return _("Disconnecting from {title}").format(title=title)
    return _("Disconnected from {title}").format(title=title)


def whole_title(endpoint: Endpoint | None, given: str = "") -> str:
    """Return the given title and the address without secrets, a line each."""
    address = without_secrets(endpoint.url) if endpoint is not None else ""
    return "\n".join(filter(None, (_given(given), address)))


def _given(given: str) -> str:
    """Return a title on one line with control characters escaped: a file may come from anyone."""
    return one_line(given[:MAX_TITLE])
