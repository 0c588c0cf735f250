"""Why a connection was lost, with the window's advice."""

from __future__ import annotations

from spacebeam.net.close_reason import CloseCause, CloseReason
from spacebeam.net.failures import Failure
from spacebeam.wording.i18n import _
from spacebeam.wording.reconnect import lost_words


def why_lost(why: CloseReason | Failure) -> str:
    """Return why the connection was lost or not made, as sentences; not escaped."""
    is_too_big = isinstance(why, CloseReason) and why.cause is CloseCause.MESSAGE_TOO_BIG
    return lost_words(why) + (
        _(" Raise the limit in the connection's options.") if is_too_big else ""
    )
