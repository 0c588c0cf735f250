"""What an entry is in a chat: somebody's words, a picture, a line about the room, or nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from spacebeam.decode.decoder import Data, DecodeError
from spacebeam.decode.json_values import read_json
from spacebeam.decode.pictures import picture_info
from spacebeam.decode.preview import size
from spacebeam.decode.visible import lines, one_line
from spacebeam.net.events import Connected, from_payload
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording
from spacebeam.search.json_path import MISSING, JsonPath, PathError, compile_path
from spacebeam.server import room_protocol as room
from spacebeam.ui.chat.links import Link, links_in
from spacebeam.ui.chat.room_words import room_event_words
from spacebeam.ui.timeline.timeline_model import read
from spacebeam.wording.events import event_words
from spacebeam.wording.i18n import _

MAX_SHOWN = 4000  # characters of a text; all of it is in the timeline
_MAX_SENDER = 60  # characters
_READ_BYTES = 6 * MAX_SHOWN
_MAX_BETWEEN = 8  # entries between the announcement of a binary message and the message
_MAX_JSON = 64 * 1024  # bytes of a message in which a path is looked up
_MAX_DEEP_JSON = 8 * 1024  # bytes; of a message that is nested deeply


class Place(Enum):
    """Where an entry is shown."""

    LEFT = auto()  # received
    RIGHT = auto()  # sent
    LINE = auto()  # in the middle, without a bubble
    NOWHERE = auto()


@dataclass(frozen=True, slots=True)
class Speech:
    """One entry as a chat shows it. All texts are safe to show."""

    number: int
    time: float  # Unix time in seconds
    place: Place
    text: str = ""
    sender: str = ""
    is_cut: bool = False
    has_picture: bool = False
    links: tuple[Link, ...] = ()

    @property
    def is_bubble(self) -> bool:
        """Whether somebody said it."""
        return self.place in (Place.LEFT, Place.RIGHT)

    @property
    def clock(self) -> str:
        """The local time of day to the minute."""
        return datetime.fromtimestamp(self.time).strftime("%H:%M")

    def is_of(self, before: Speech | None) -> bool:
        """Return whether the same side said the one before."""
        return before is not None and (before.place, before.sender) == (self.place, self.sender)

    def is_in_minute(self, before: Speech | None) -> bool:
        """Return whether the one before was said in the same minute."""
        return before is not None and before.is_bubble and before.clock == self.clock


@dataclass(frozen=True, slots=True)
class ChatPaths:
    """Where the sender's name and the text are in a JSON message; "" for nowhere (JMESPath)."""

    name: str = ""
    text: str = ""


class SpeechReader:
    """Reads entries of one conversation as speech.

    With `is_room`, messages are those of Spacebeam's own rooms.
    """

    def __init__(self, paths: ChatPaths | None = None, *, is_room: bool = False) -> None:
        paths = paths or ChatPaths()
        self._name = _compiled(paths.name)
        self._text = _compiled(paths.text)
        self._is_room = is_room

    def read(self, recording: Recording, number: int) -> Speech:
        """Return what an entry is in the chat."""
        entry = read(recording, number, _READ_BYTES)
        if entry.kind is Kind.EVENT:
            if self._is_room and isinstance(from_payload(entry.payload), Connected):
                return Speech(number, entry.time, Place.NOWHERE)  # the room's welcome follows
            return _line(entry, event_words(entry.payload))
        if entry.kind is Kind.BINARY:
            return self._binary(recording, entry)
        if entry.kind is not Kind.TEXT:
            return Speech(number, entry.time, Place.NOWHERE)
        if self._is_room:
            return _room_speech(recording, entry)
        return self._text_speech(recording, entry)

    def _text_speech(self, recording: Recording, entry: Entry) -> Speech:
        text, sender = None, ""
        if (self._name or self._text) and entry.size <= _MAX_JSON:
            whole = read(recording, entry.number, None)
            value = _json(whole.payload)
            text, sender = _found(self._text, value), _found(self._name, value) or ""
        if text is None:
            text = _decoded(entry.payload)
        return _bubble(entry, text, sender, is_cut=len(entry.payload) < entry.size)

    def _binary(self, recording: Recording, entry: Entry) -> Speech:
        sender = ""
        if self._is_room and entry.direction is Direction.RECEIVED:
            sender = _announced_sender(recording, entry.number)
        info = picture_info(entry.payload)
        if info is None:
            return _bubble(entry, _("Binary, {size}").format(size=size(entry.size)), sender)
        return _bubble(entry, f"{info.format}, {size(entry.size)}", sender, has_picture=True)


def valid_path(path: str) -> str:
    """Return "" for a path that can be used, or else what to write instead."""
    try:
        if path:
            compile_path(path)
    except PathError as error:
        return str(error)
    return ""


def _compiled(path: str) -> JsonPath | None:
    try:
        return compile_path(path) if path else None
    except PathError:
        return None


def _json(payload: Data) -> Any:
    try:
        return read_json(payload, _MAX_DEEP_JSON)
    except DecodeError:
        return MISSING


def _found(path: JsonPath | None, value: Any) -> str | None:
    if path is None or value is MISSING:
        return None
    try:
        found = path.find(value)
        if found is MISSING or found is None:
            return None
        if isinstance(found, str):
            return found
        return json.dumps(found, ensure_ascii=False, default=str)
    except RecursionError:
        return None


def _decoded(payload: Data) -> str:
    return bytes(payload).decode(errors="replace")


def _line(entry: Entry, text: str) -> Speech:
    return Speech(entry.number, entry.time, Place.LINE, one_line(text))


def _bubble(
    entry: Entry, text: str, sender: str = "", *, is_cut: bool = False, has_picture: bool = False
) -> Speech:
    is_sent = entry.direction is Direction.SENT
    shown = text[:MAX_SHOWN]
    return Speech(
        entry.number,
        entry.time,
        Place.RIGHT if is_sent else Place.LEFT,
        lines(shown) or "empty",
        "" if is_sent else one_line(sender[:_MAX_SENDER]),
        is_cut or len(shown) < len(text),
        has_picture,
        () if has_picture else links_in(shown),
    )


def _room_speech(recording: Recording, entry: Entry) -> Speech:
    if entry.direction is Direction.SENT:
        return _sent_in_room(entry, _decoded(entry.payload))
    whole = entry
    if len(entry.payload) < entry.size <= room.MAX_PAYLOAD:
        whole = read(recording, entry.number, None)
    event = room.room_event(whole.payload)
    if isinstance(event, room.Said):
        return _bubble(entry, event.text, event.sender)
    if isinstance(event, room.Attached):
        return Speech(entry.number, entry.time, Place.NOWHERE)
    if event is None:
        return _bubble(entry, _decoded(entry.payload), is_cut=len(entry.payload) < entry.size)
    return _line(entry, room_event_words(event))


def _sent_in_room(entry: Entry, text: str) -> Speech:
    request = room.request_of(text)
    if isinstance(request, room.TakeName):
        return Speech(entry.number, entry.time, Place.NOWHERE)
    return _bubble(entry, request.text, is_cut=len(entry.payload) < entry.size)


def _announced_sender(recording: Recording, number: int) -> str:
    """Return who sent a binary message of a room: an announcement came right before it."""
    for before in range(number - 1, max(-1, number - 1 - _MAX_BETWEEN), -1):
        entry = read(recording, before, _READ_BYTES)
        if entry.direction is Direction.RECEIVED and entry.kind in (Kind.TEXT, Kind.BINARY):
            event = room.room_event(entry.payload) if entry.kind is Kind.TEXT else None
            return event.sender if isinstance(event, room.Attached) else ""
    return ""
