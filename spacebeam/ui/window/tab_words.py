"""What a tab is called, in a person's words."""

from __future__ import annotations

from spacebeam.decode.visible import one_line
from spacebeam.library.recording_info import MAX_TITLE
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.secrets import without_secrets


def title(endpoint: Endpoint | None, given: str = "") -> str:
    """The name that was `given` to its recording, or else the host and the path there.

    The query is left out: it is long, and may hold what signs in.
    """
    if given:
        return _given(given)
    if endpoint is None:
        return "New connection"
    return f"{endpoint.display_host}{endpoint.resource.partition('?')[0].rstrip('/')}"


def whole_title(endpoint: Endpoint | None, given: str = "") -> str:
    """All of it, where there is room for that."""
    address = without_secrets(endpoint.url) if endpoint is not None else ""
    return "\n".join(filter(None, (_given(given), address)))


def _given(given: str) -> str:
    """A stranger may have given it."""
    return one_line(given[:MAX_TITLE])
