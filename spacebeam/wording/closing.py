"""Why a connection ended, and what close codes mean (RFC 6455, section 7.4)."""

from __future__ import annotations

from spacebeam.net.close_reason import CloseCause, CloseReason
from spacebeam.protocol.batch import Data, Direction, split_close
from spacebeam.protocol.close import CloseCode
from spacebeam.wording.i18n import _, ngettext
from spacebeam.wording.sizes import exact_size


def code_meaning(code: int) -> str:
    """Return the meaning of a close code as a phrase."""
    meanings = {
        CloseCode.NORMAL: _("normal closure"),
        CloseCode.GOING_AWAY: _("going away"),
        CloseCode.PROTOCOL_ERROR: _("protocol error"),
        CloseCode.UNSUPPORTED_DATA: _("unsupported data"),
        CloseCode.NO_STATUS: _("no status code"),
        CloseCode.ABNORMAL: _("abnormal closure, without a close frame"),
        CloseCode.INVALID_PAYLOAD: _("invalid payload data"),
        CloseCode.POLICY_VIOLATION: _("policy violation"),
        CloseCode.MESSAGE_TOO_BIG: _("message too big"),
        CloseCode.MANDATORY_EXTENSION: _("missing extension"),
        CloseCode.INTERNAL_ERROR: _("internal error"),
        CloseCode.SERVICE_RESTART: _("service restart"),
        CloseCode.TRY_AGAIN_LATER: _("try again later"),
        CloseCode.BAD_GATEWAY: _("bad gateway"),
        CloseCode.TLS_HANDSHAKE: _("TLS handshake failed"),
    }
    if code in meanings:
        return meanings[CloseCode(code)]
    if 3000 <= code <= 3999:
        return _("a code of a library or framework")
    if 4000 <= code <= 4999:
        return _("a code of the application")
    return _("unknown code")


def close_payload_words(payload: Data) -> str:
    """Return the code, its meaning and the reason of a close frame; not escaped."""
    code, reason = split_close(payload)
    if code == CloseCode.NO_STATUS:
        return _("no status code")
    meaning = code_meaning(code)
    if reason:
        words = _("{code} {meaning}: {reason}")
        return words.format(code=code, meaning=meaning, reason=reason)
    return _("{code} {meaning}").format(code=code, meaning=meaning)


def not_sent_words(*, has_ended: bool) -> str:
    """Return why a message was not sent; `has_ended`: the connection ended while it waited."""
    if has_ended:
        return _("Not sent: the connection ended before the message had left.")
    return _("Not sent: the connection is not open.")


def close_words(reason: CloseReason) -> str:
    """Return why the connection to a server ended, as a sentence; peer's text is not escaped."""
    if reason.cause is CloseCause.CLOSE_FRAME:
        return _closed_words(reason)
    if reason.cause is CloseCause.CLOSE_UNANSWERED and not reason.seconds:
        return _("Disconnected; the server did not answer the close frame.")
    return _sentence(reason).format(
        detail=reason.detail,
        code=int(reason.code),
        seconds=f"{reason.seconds:g}",
        size=exact_size(reason.limit),
    )


def _closed_words(reason: CloseReason) -> str:
    match reason.closed_by:
        case Direction.SENT:
            ended = _("Disconnected")
        case Direction.RECEIVED if reason.is_inside_message:
            ended = _("Closed by the server in the middle of a message")
        case Direction.RECEIVED:
            ended = _("Closed by the server")
        case _:  # files of other programs do not have it
            ended = _("Closed")
    if reason.code == CloseCode.NO_STATUS:
        words = _("{ended} (no status code).")
    elif reason.reason:
        words = _("{ended} ({code}, {meaning}: “{reason}”).")
    else:
        words = _("{ended} ({code}, {meaning}).")
    meaning = code_meaning(reason.code)
    return words.format(ended=ended, code=int(reason.code), meaning=meaning, reason=reason.reason)


def _sentence(reason: CloseReason) -> str:
    match reason.cause:
        case CloseCause.STREAM_CLOSED if reason.is_inside_message:
            return _(
                "Connection lost in the middle of a message: the server closed it without a close "
                "frame."
            )
        case CloseCause.STREAM_CLOSED:
            return _("Connection lost: the server closed it without a close frame.")
        case CloseCause.IO_ERROR if reason.is_inside_message:
            return _("Connection lost in the middle of a message: {detail}.")
        case CloseCause.IO_ERROR:
            return _("Connection lost: {detail}.")
        case CloseCause.SILENT:
            return _("Timed out: the server did not answer a ping within {seconds} s.")
        case CloseCause.CLOSE_UNANSWERED:
            return _("Disconnected; the server did not answer the close frame within {seconds} s.")
        case CloseCause.OBSERVER_FAILED:
            return _("Connection dropped: Spacebeam could not process an entry.")
        case CloseCause.PROTOCOL_ERROR:
            return _("Protocol error: the server sent {detail} ({code}).")
        case CloseCause.MESSAGE_TOO_BIG:
            return _("The server sent a message over the limit of {size} ({code}).")
        case _:
            return _("Connection dropped.")


def ending_words(connections: int, drafts: int) -> str:
    """Return what closing a window ends, in a sentence; "" for nothing."""
    parts = []
    if connections:
        words = ngettext("{count} connection is open", "{count} connections are open", connections)
        parts.append(words.format(count=connections))
    if drafts:
        words = ngettext("{count} message is not sent", "{count} messages are not sent", drafts)
        parts.append(words.format(count=drafts))
    return f"{', '.join(parts)}." if parts else ""
