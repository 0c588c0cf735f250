"""What the header bar says of a tab: its title, and the state of its connection in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from spacebeam.decode.visible import one_line
from spacebeam.net.close_reason import CloseCause
from spacebeam.protocol.lifecycle import ConnectionState
from spacebeam.wording.i18n import _

if TYPE_CHECKING:
    from spacebeam.ui.session_adapter import SessionAdapter

_LOST = {
    CloseCause.STREAM_CLOSED,
    CloseCause.IO_ERROR,
    CloseCause.SILENT,
    CloseCause.PROTOCOL_ERROR,
    CloseCause.MESSAGE_TOO_BIG,
    CloseCause.OBSERVER_FAILED,
}


class ConnectionStatus(Enum):
    """The state of a tab's connection, each with an icon and a style class of its own."""

    CONNECTING = "content-loading-symbolic", "warning"
    CONNECTED = "media-record-symbolic", "success"
    CLOSED = "media-playback-stop-symbolic", "dim-label"
    LOST = "network-error-symbolic", "error"
    RECONNECTING = "view-refresh-symbolic", "warning"
    RECORDING = "media-tape-symbolic", "dim-label"

    @classmethod
    def of(cls, session: SessionAdapter) -> ConnectionStatus:
        """Return the status; a connection is lost if neither side closed it in order."""
        match session.state:
            case ConnectionState.CONNECTING:
                return cls.CONNECTING
            case ConnectionState.OPEN:
                return cls.CONNECTED
            case ConnectionState.CLOSING:
                return cls.CONNECTING
        if session.shows_earlier and not session.is_restored:
            return cls.RECORDING
        if session.progress is not None:
            return cls.RECONNECTING
        reason = session.session.close_reason
        is_lost = reason is not None and reason.cause in _LOST
        if is_lost or session.session.given_up is not None:
            return cls.LOST
        return cls.CLOSED

    @property
    def icon_name(self) -> str:
        return self.value[0]

    @property
    def style_class(self) -> str:
        return self.value[1]


_WORDS = {
    ConnectionStatus.CONNECTING: _("Connecting…"),
    ConnectionStatus.CONNECTED: _("Connected"),
    ConnectionStatus.CLOSED: _("Not connected"),
    ConnectionStatus.RECORDING: _("Recording"),
}


@dataclass(frozen=True, slots=True)
class Headline:
    """What the header bar shows of a tab; `status` is None on the first screen."""

    title: str
    address: str = ""  # the title and the address in full
    status: ConnectionStatus | None = None
    words: str = ""  # the status in words, with the latency
    can_disconnect: bool = False
    can_cancel: bool = False  # an attempt to connect
    can_reconnect: bool = False

    @classmethod
    def of(cls, session: SessionAdapter, title: str, address: str) -> Headline:
        """Return the headline of a conversation or a recording."""
        state, progress = session.state, session.progress
        return cls(
            title,
            address,
            ConnectionStatus.of(session),
            " · ".join(filter(None, (_state_words(session), _latency(session), _warning(session)))),
            can_disconnect=state in (ConnectionState.OPEN, ConnectionState.CLOSING),
            can_cancel=progress is None and state is ConnectionState.CONNECTING,
            can_reconnect=progress is None and state is ConnectionState.CLOSED,
        )

    @property
    def is_recording(self) -> bool:
        """Whether an earlier recording is shown, which connecting leaves as it is."""
        return self.status is ConnectionStatus.RECORDING


def _state_words(session: SessionAdapter) -> str:
    if session.state is ConnectionState.CLOSING:
        return _("Disconnecting…")
    if session.why_closed and (session.progress or session.state is ConnectionState.CLOSED):
        return one_line(session.why_closed)
    return _WORDS.get(ConnectionStatus.of(session), "")


def _latency(session: SessionAdapter) -> str:
    """Return the round-trip time of the last ping, such as “12 ms”, while it is connected."""
    connection = session.connection
    if connection is None or connection.round_trip is None:
        return ""
    if session.state is not ConnectionState.OPEN:
        return ""
    milliseconds = connection.round_trip * 1000
    return f"{milliseconds:.0f} ms" if milliseconds >= 10 else f"{milliseconds:.1f} ms"


def _warning(session: SessionAdapter) -> str:
    return "" if session.answers_pings else _("Pongs disabled")
