"""Which message answers which: by the keys that the decoders gave them."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from spacebeam.decode.decoder import Message

MAX_OPEN = 100_000  # questions that are remembered; the oldest are forgotten

_OTHER = {"sent": "received", "received": "sent"}


class Question(NamedTuple):
    """A message that expects an answer."""

    number: int  # of its entry
    time: float  # Unix time in seconds
    name: str  # of the method, or the type where there is none
    place: int = 0  # among the questions of its entry


class Answer(NamedTuple):
    """A message that answers another."""

    number: int  # of its entry
    question: Question
    latency: float  # seconds
    is_first: bool  # of the answers to it: a stream has several
    is_error: bool


class Pairing:
    """Finds the question of each answer, in the order of the entries."""

    def __init__(self, max_open: int = MAX_OPEN) -> None:
        self._max_open = max_open
        # The open questions, and whether they were answered, by direction and key, oldest first.
        self._open: OrderedDict[tuple[str, str], tuple[Question, bool]] = OrderedDict()
        self.unanswered = 0  # questions without an answer so far, forgotten ones included

    @property
    def open(self) -> list[Question]:
        """The questions without an answer, oldest first."""
        return [question for question, is_answered in self._open.values() if not is_answered]

    def is_asked(self, direction: str, key: str) -> bool:
        """Return whether a message in this direction would answer a question with the key."""
        return (_OTHER.get(direction, ""), key) in self._open

    def add(
        self, number: int, time: float, direction: str, message: Message, place: int = 0
    ) -> Answer | None:
        """Add a message; `place` counts the questions before it in its entry.

        Return its Answer if it answers an earlier one, else None.
        """
        answer = None
        if message.answers:
            answer = self._answer(number, time, direction, message)
        if message.asks:
            self._open.pop((direction, message.asks), None)  # a used id: the newest is meant
            question = Question(number, time, message.name or message.type, place)
            self._open[direction, message.asks] = question, False
            self.unanswered += 1
            if len(self._open) > self._max_open:
                self._open.popitem(last=False)
        return answer

    def _answer(self, number: int, time: float, direction: str, message: Message) -> Answer | None:
        key = _OTHER.get(direction, ""), message.answers
        found = self._open.get(key)
        if found is None:
            return None
        question, is_answered = found
        self.unanswered -= not is_answered
        if message.is_last:
            del self._open[key]
        elif not is_answered:
            self._open[key] = question, True
        latency = max(time - question.time, 0.0)
        return Answer(number, question, latency, not is_answered, message.is_error)
