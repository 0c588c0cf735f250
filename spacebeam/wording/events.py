"""Events of a recording as sentences."""

from __future__ import annotations

from spacebeam.net import events
from spacebeam.net.events import Event
from spacebeam.protocol.batch import Data
from spacebeam.protocol.raw_frame import opcode_name
from spacebeam.wording.closing import close_words
from spacebeam.wording.durations import rounded_words
from spacebeam.wording.failures import explanation
from spacebeam.wording.i18n import _, ngettext
from spacebeam.wording.reconnect import attempt_words, given_up_words


def event_words(payload: Data) -> str:
    """Return the sentence of an event's payload; not escaped, as recordings may be hostile."""
    return sentence(events.from_payload(payload))


def sentence(event: Event) -> str:
    """Return an event as a sentence; not escaped."""
    match event:
        case events.Connected():
            return _("Connected to {url}").format(url=event.url)
        case events.ConnectFailed():
            return explanation(event.failure)
        case events.Closed():
            return close_words(event.close_reason)
        case events.RoundTrip():
            milliseconds = f"{event.milliseconds:.1f}"
            return _("Round trip: {milliseconds} ms").format(milliseconds=milliseconds)
        case events.Reconnecting() | events.NotReconnected():
            return _reconnecting_words(event)
        case events.RawFrameSent():
            return _("Sent a raw frame: {frame}").format(frame=frame_words(event))
        case events.Unread():
            return _unread_words(event)
        case events.Expectation():
            return _expectation_words(event)
        case events.Note():
            return event.text


def _reconnecting_words(event: events.Reconnecting | events.NotReconnected) -> str:
    if isinstance(event, events.Reconnecting):
        return attempt_words(event.attempt, event.attempts)
    return given_up_words(event.attempts)


def _expectation_words(event: events.Expectation) -> str:
    expected = _expected_words(event)
    if event.outcome == "error":
        return _("Expected {expected}: could not be checked").format(expected=expected)
    is_met = event.outcome == "passed"
    if event.milliseconds < 1:
        words = _("Expected {expected}: met") if is_met else _("Expected {expected}: not met")
    else:
        words = (
            _("Expected {expected}: met in {time}")
            if is_met
            else _("Expected {expected}: not met in {time}")
        )
    return words.format(expected=expected, time=rounded_words(event.milliseconds / 1000))


def _expected_words(event: events.Expectation) -> str:
    subject = _(" and ").join(event.subjects)
    match event.step:
        case "wait":
            words = ngettext("{count} message", "{count} messages", event.number)
            return words.format(count=f"{event.number:,}")
        case "expect":
            return subject
        case "expect-next":
            return _("{filter} next").format(filter=subject)
        case "expect-none":
            return _("none of {filter}").format(filter=subject)
        case "expect-close":
            return _("the server to close") + (f" ({event.number})" if event.number else "")
        case "capture":
            return _("a value at {path}").format(path=subject)
        case "schema":
            return _("a message by the schema {name}").format(name=subject)
        case "snapshot":
            return _("a message as in the snapshot {name}").format(name=subject)


def _unread_words(event: events.Unread) -> str:
    is_sent = event.direction == "sent"
    if event.detail:
        words = (
            _("The client's frames cannot be read from here on: {detail}")
            if is_sent
            else _("The server's frames cannot be read from here on: {detail}")
        )
        return words.format(detail=event.detail)
    words = (
        ngettext(
            "{count} byte of the client is missing in the capture",
            "{count} bytes of the client are missing in the capture",
            event.size,
        )
        if is_sent
        else ngettext(
            "{count} byte of the server is missing in the capture",
            "{count} bytes of the server are missing in the capture",
            event.size,
        )
    )
    return words.format(count=f"{event.size:,}")


def frame_words(frame: events.RawFrameSent) -> str:
    """Return a frame in a phrase, such as “FIN RSV1 opcode 3, 16-bit length, masked, 12 bytes”."""
    reserved = [f"RSV{number}" for number in (1, 2, 3) if frame.rsv & 8 >> number]
    name = opcode_name(frame.opcode)
    opcode = f"opcode {frame.opcode}" + ("" if name.startswith("reserved") else f" ({name})")
    parts = [" ".join([*(["FIN"] if frame.fin else []), *reserved, opcode])]
    if frame.length_form != "shortest":
        parts.append(_("{form} length").format(form=frame.length_form))
    if frame.masked:
        parts.append(_("masked"))
    count = ngettext("{count} byte", "{count} bytes", frame.size)
    if frame.length != frame.size:
        count = ngettext(
            "{count} byte, with a length of {length} in the header",
            "{count} bytes, with a length of {length} in the header",
            frame.size,
        )
    parts.append(count.format(count=f"{frame.size:,}", length=f"{frame.length:,}"))
    return ", ".join(parts)
