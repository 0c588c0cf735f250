"""Finds what an entry is compared with: the previous entry of its kind, or its echo."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from spacebeam.compare.kind import MessageKind, kind_of, subject_of
from spacebeam.decode.conversation import Conversation, Reading
from spacebeam.decode.decoder import Value
from spacebeam.decode.schemas import Schemas
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of, context_of

REACH = 2000  # entries that are read before an entry, or after it
_MAX_READ = 256 * 1024  # bytes; a longer payload is passed over, unless the entry's own is as long
_MAX_OWN = 4 * 1024 * 1024  # bytes; a longer entry has no partner
_MESSAGES = (Kind.TEXT, Kind.BINARY)
_MAX_FOLLOWED = 200  # added entries that are read at once
_MIN_REPEATED = 2  # characters of a text that an echo has among others

Subject = frozenset[tuple[str, str]]


class Partner(StrEnum):
    """Which entry another is compared with."""

    PREVIOUS = "previous"  # of its kind; rather one that is about the same
    ECHO = "echo"  # of a sent entry, or the sent one of an echo


class PartnerSearch:
    """Looks for the partner of an entry. `read` is called with each of `entries` in order.

    The decoders read a payload of some hundred bytes in microseconds, and take longer than a frame
    for one of many kilobytes.
    """

    def __init__(
        self,
        recording: Recording,
        number: int,
        partner: Partner,
        schemas: Schemas | None = None,
    ) -> None:
        self._recording = recording
        self._partner = partner
        self._entry = entry_of(recording, number, _MAX_OWN)
        self._conversation = Conversation(connection_of(recording, number, schemas))
        self._passed: list[tuple[int, MessageKind, Subject]] = []
        self._own: Reading | None = None
        self.found = -1  # the number of the partner, once all entries are read; -1: none
        # What the entry is, and what it shares with the previous one of its kind.
        self._kind: MessageKind | None = None
        self._shared: Subject = frozenset()

    def following(self) -> KindFollowing | None:
        """Return what finds later entries like this one; None unless the previous was found."""
        if self._kind is None or self._entry is None:
            return None
        return KindFollowing(
            self._recording,
            self._conversation,
            self._entry.number,
            self.found,
            self._kind,
            self._shared,
        )

    def entries(self) -> Iterator[Entry]:
        """Yield the messages to read, until the partner is found."""
        entry = self._entry
        if entry is None or entry.kind not in _MESSAGES or len(entry.payload) < entry.size:
            return
        limit = max(_MAX_READ, 2 * entry.size)
        for number in self._numbers(entry):
            other = entry
            if number != entry.number:
                found = entry_of(self._recording, number, limit)
                if found is None or found.kind not in _MESSAGES or len(found.payload) < found.size:
                    continue
                other = found
            if self._is_asked(other, entry):
                yield other
            if self.found >= 0:
                return

    def _numbers(self, entry: Entry) -> range:
        first = max(self._recording.first_number, entry.number - REACH)
        if self._partner is Partner.PREVIOUS:
            return range(first, entry.number + 1)
        if entry.direction is Direction.SENT:
            return range(entry.number, min(len(self._recording), entry.number + REACH + 1))
        return range(entry.number, first - 1, -1)

    def _is_asked(self, other: Entry, entry: Entry) -> bool:
        """Return whether an entry can be the partner, or has to be read before it."""
        is_previous = self._partner is Partner.PREVIOUS
        return is_previous or other is entry or other.direction is not entry.direction

    def read(self, other: Entry) -> None:
        """Decode a message, and compare it with the entry."""
        entry = self._entry
        assert entry is not None  # else there is nothing to read
        context = context_of(other.kind, other.direction)
        reading = self._conversation.read(
            other.number, other.time, context.kind, context.direction, other.payload
        )
        if self._partner is Partner.PREVIOUS:
            kind, subject = kind_of(reading, context.direction), subject_of(reading.value)
            if other.number == entry.number:
                self._find_previous(kind, subject)
            else:
                self._passed.append((other.number, kind, subject))
        elif self._own is None:
            self._own = reading
        elif other.payload == entry.payload or self._is_echo(self._own, reading, entry):
            self.found = other.number

    def _find_previous(self, kind: MessageKind, subject: Subject) -> None:
        self._kind = kind
        most = -1
        for number, other_kind, other_subject in reversed(self._passed):
            if other_kind == kind and len(subject & other_subject) > most:
                self._shared = subject & other_subject
                most, self.found = len(self._shared), number
            if most == len(subject):
                return

    def _is_echo(self, own: Reading, other: Reading, entry: Entry) -> bool:
        is_sent = entry.direction is Direction.SENT
        sent, received = (own, other) if is_sent else (other, own)
        subject = subject_of(sent.value)
        if subject and subject.isdisjoint(subject_of(received.value)):
            return False
        if _repeats(sent.value, received.value):
            return True
        is_structured = isinstance(sent.value, dict | list)
        return is_structured and kind_of(sent, "").names == kind_of(received, "").names


class KindFollowing:
    """Finds later entries of an entry's kind as they come, and about the same if that is known.

    `read` is called with each of `entries` in order.
    """

    def __init__(
        self,
        recording: Recording,
        conversation: Conversation,
        number: int,
        before: int,
        kind: MessageKind,
        shared: Subject,
    ) -> None:
        self._recording = recording
        self._conversation = conversation  # read up to the entry
        self._kind = kind
        self._shared = shared
        self._next = number + 1
        self.newest = number
        self.before = before  # the one before the newest, or -1

    def entries(self) -> Iterator[Entry]:
        """Yield the messages that were added since the last time; of many the newest."""
        end = len(self._recording)
        begin, self._next = max(self._next, end - _MAX_FOLLOWED), end
        for number in range(begin, end):
            found = entry_of(self._recording, number, _MAX_READ)
            if found is not None and found.kind in _MESSAGES and len(found.payload) == found.size:
                yield found

    def read(self, entry: Entry) -> None:
        """Decode a message, and take it as the newest if it is of the kind."""
        context = context_of(entry.kind, entry.direction)
        reading = self._conversation.read(
            entry.number, entry.time, context.kind, context.direction, entry.payload
        )
        is_like = kind_of(reading, context.direction) == self._kind
        if is_like and self._shared <= subject_of(reading.value):
            self.before, self.newest = self.newest, entry.number


def _repeats(sent: Value, received: Value) -> bool:
    """Return whether a message has all of another, and perhaps more."""
    if isinstance(sent, str) and isinstance(received, str):
        return len(sent) >= _MIN_REPEATED and sent.casefold() in received.casefold()
    if isinstance(sent, dict) and isinstance(received, dict):
        has_keys = bool(sent) and sent.keys() <= received.keys()
        return has_keys and any(sent[key] == received[key] for key in sent)
    return False


def entry_of(recording: Recording, number: int, limit: int | None = None) -> Entry | None:
    """Return an entry; None if it is not in the recording, or unreadable."""
    try:
        return recording.entry(number, limit)
    except (IndexError, RecordingError):
        return None
