"""Finds the answer to an entry, or what it answers, among the entries around it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from spacebeam.decode.conversation import Conversation, Reading
from spacebeam.protocol.batch import Kind
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of, context_of

REACH = 2000  # entries that are read before and after
_MAX_READ = 256 * 1024  # bytes; a longer payload is passed over
_MESSAGES = (Kind.TEXT, Kind.BINARY)


@dataclass(frozen=True, slots=True)
class Counterpart:
    """The other one of a question and its answer."""

    number: int  # of the other entry; -1: the entry is a question without an answer so far
    is_answer: bool  # whether the other one is the answer
    latency: float = 0.0  # seconds from the question to the answer
    name: str = ""  # of the question: the method, or its type
    is_error: bool = False  # whether the answer is one


Found = Generator[None, None, Counterpart | None]


def counterpart(recording: Recording, number: int) -> Found:
    """Return the counterpart of an entry, or None; yield after each entry that was read.

    Of several answers, it is the first.
    """
    begin = max(recording.first_number, number - REACH)
    conversation = Conversation(connection_of(recording, number))
    asked = ""
    for place in range(begin, min(len(recording), number + REACH + 1)):
        reading = _read(recording, conversation, place)
        if reading is not None:
            for answer in reading.answers:
                question = answer.question
                is_answer = question.number == number
                if is_answer or place == number:
                    other = place if is_answer else question.number
                    return Counterpart(
                        other, is_answer, answer.latency, question.name, answer.is_error
                    )
            if place == number:
                asked = next((one.name or one.type for one in reading.messages if one.asks), "")
        if place == number and not asked:
            return None
        yield
    return Counterpart(-1, is_answer=True, name=asked) if asked else None


def _read(recording: Recording, conversation: Conversation, number: int) -> Reading | None:
    """Return what an entry says; None if it is no message, too long or unreadable."""
    try:
        entry = recording.entry(number, _MAX_READ)
    except (IndexError, RecordingError):  # dropped meanwhile, or damaged
        return None
    if entry.kind not in _MESSAGES or len(entry.payload) < entry.size:
        return None
    context = context_of(entry.kind, entry.direction)
    return conversation.read(number, entry.time, context.kind, context.direction, entry.payload)
