"""An index of a recording's questions and answers, which grows with the recording.

A question and its answer may be far apart, so they are found by reading every message in order.
What was found is stored in columns: 19 bytes for each message of a pair.
"""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left
from collections.abc import Callable

from spacebeam.decode.conversation import Reading
from spacebeam.decode.schemas import Schemas
from spacebeam.recording.block import Block
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.search.conversation_reader import ConversationReader
from spacebeam.search.counterpart import Counterpart
from spacebeam.search.pair_paths import PairPaths
from spacebeam.search.statistics import MAX_GROUPS, OTHERS, Statistics

MAX_ROWS = 4_000_000  # 76 MB; the oldest are forgotten
_MAX_NAME = 200  # characters
_STEP = 64  # entries, after which a message without pairs has its turn too
_MAX_WITHOUT_PAIRS = 1000  # messages, after which a recording is taken for one without pairs
NONE = -1.0  # the latency of a question without an answer, and of a later answer

IS_QUESTION = 1
IS_ERROR = 2
IS_LATER = 4  # an answer after the first one


class PairIndex:
    """Which entries of a recording are questions and answers, as far as it was read.

    The rows are in the order of the entries; an entry with several messages has several, first
    its questions. Row `r` is a message of the entry `numbers[r]`, `names[r]` is the number of
    its question's name, and `flags[r]` has IS_QUESTION, IS_ERROR and IS_LATER. Of a question,
    `others[r]` is one more than the number of its first answer (0 without one), and of an answer
    one more than that of its question. `latencies[r]` is the time in seconds from the question to
    the first answer, for both; else NONE. Readers must not change the columns.
    """

    def __init__(
        self,
        recording: Recording,
        schemas: Schemas | None = None,
        paths: PairPaths | None = None,
        *,
        is_quick: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`paths` and `is_quick` as in ConversationReader; if it is quick, rows are limited too."""
        self.recording = recording
        self.statistics = Statistics()
        self.numbers, self.others = array("I"), array("I")
        self.latencies = array("d")
        self.names, self.flags = array("H"), bytearray()
        self.read_to = recording.first_number  # number of the next entry to read
        self.answered = 0  # questions that were answered so far
        self.newest_question = 0.0  # Unix time of the newest one
        self.was_current = False  # whether the end of the recording was ever reached
        self._reader = ConversationReader(recording, schemas, paths, is_quick=is_quick)
        self._has_paths = paths is not None
        self._max_rows = MAX_ROWS if is_quick else None
        self._clock = clock
        self._block = recording.block_index(self.read_to)
        self._held: Block | None = None  # a complete one that is read
        self._known_names: list[str] = []
        self._name_numbers: dict[str, int] = {}
        self._without_pairs = 0  # messages before the first one that has a partner

    @property
    def unanswered(self) -> int:
        """The number of questions without an answer so far."""
        return self._reader.unanswered

    @property
    def is_current(self) -> bool:
        """Whether all entries were read."""
        return self.read_to >= len(self.recording)

    @property
    def seems_empty(self) -> bool:
        """Whether the first thousand messages are neither questions nor answers."""
        has_none = not self.numbers and not self._has_paths
        return has_none and self._without_pairs >= _MAX_WITHOUT_PAIRS

    def advance(self, seconds: float | None = None) -> bool:
        """Read more entries, for about `seconds`, or all of them. Return whether there are more.

        A block that cannot be read is passed over.
        """
        deadline = None if seconds is None else self._clock() + seconds
        self._skip_forgotten()
        while self.read_to < len(self.recording):
            try:
                block = self._current_block()
            except RecordingError:
                self.read_to = self.recording.block_numbers(self._block)[1]
                self._block += 1
                continue
            begin = self.read_to - block.first
            if begin >= len(block):
                self._block += 1
                self._held = None
                continue
            end = min(len(block), begin + _STEP)
            for read in self._reader.read(block, begin, end):
                number = block.first + read.place
                self._add(number, read.time, read.reading)
                self.statistics.count(number, read.time, read.reading, read.size)
                self.read_to = number + 1
                if deadline is not None and self._clock() >= deadline:
                    break
            else:
                self.read_to = block.first + end
            if deadline is not None and self._clock() >= deadline:
                break
        self.was_current |= self.is_current
        return not self.is_current

    def rows(self, begin: int, end: int) -> range:
        """Return the rows of the entries with the numbers from `begin` to `end`."""
        first = bisect_left(self.numbers, begin)
        return range(first, bisect_left(self.numbers, end, first))

    def name(self, row: int) -> str:
        """Return the name of a row's question: the method, or the type where there is none."""
        return self._known_names[self.names[row]]

    @property
    def known_names(self) -> list[str]:
        """The names of the questions, in the order in which they came; it is not to be changed."""
        return self._known_names

    def names_like(self, name: str, *, ignores_case: bool) -> frozenset[int]:
        """Return the numbers of the names that equal this one, or end with it after a space.

        So `GetBook` is `query GetBook` of GraphQL too.
        """
        fold = str.casefold if ignores_case else str
        wanted = fold(name)
        known = ((number, fold(one)) for number, one in enumerate(self._known_names))
        return frozenset(
            number for number, one in known if one == wanted or one.endswith(f" {wanted}")
        )

    @property
    def name_count(self) -> int:
        """How many names there are; a later one may be added."""
        return len(self._known_names)

    def counterpart(self, number: int) -> Counterpart | None:
        """Return the counterpart of an entry, as far as it was read; None if it has none."""
        rows = self.rows(number, number + 1)
        if not rows:
            return None
        row = rows[0]
        is_question = bool(self.flags[row] & IS_QUESTION)
        return Counterpart(
            self.others[row] - 1,
            is_question,
            self.latencies[row],
            self.name(row),
            bool(self.flags[row] & IS_ERROR),
        )

    def _current_block(self) -> Block:
        """Return the block that is read; a slice does not load again what the last one loaded."""
        held = self._held
        if held is None or held.first != self.recording.block_numbers(self._block)[0]:
            held = self.recording.block(self._block, use_cache=False)
            self._held = held if self._block < self.recording.block_count - 1 else None
        return held

    def _add(self, number: int, when: float, reading: Reading) -> None:
        if not reading.messages:
            self._without_pairs += 1
            return
        for message in reading.messages:
            if message.asks:
                self._append(number, 0, NONE, message.name or message.type, IS_QUESTION)
                self.newest_question = max(self.newest_question, when)
        for answer in reading.answers:
            question, flags = answer.question, IS_ERROR if answer.is_error else 0
            latency = answer.latency if answer.is_first else NONE
            if answer.is_first:
                self._answer(question.number, question.place, number, latency, flags)
            else:
                flags |= IS_LATER
            self._append(number, question.number + 1, latency, question.name, flags)
        self._forget_oldest()

    def _answer(self, number: int, place: int, other: int, latency: float, flags: int) -> None:
        """Store the answer of the question at a place among those of an entry."""
        row = bisect_left(self.numbers, number) + place
        self.answered += 1
        if row < len(self.numbers) and self.numbers[row] == number:  # else it was forgotten
            self.others[row], self.latencies[row] = other + 1, latency
            self.flags[row] |= flags

    def _append(self, number: int, other: int, latency: float, name: str, flags: int) -> None:
        self.numbers.append(number)
        self.others.append(other)
        self.latencies.append(latency)
        self.names.append(self._name_number(name[:_MAX_NAME]))
        self.flags.append(flags)

    def _name_number(self, name: str) -> int:
        number = self._name_numbers.get(name)
        if number is None:
            if len(self._known_names) >= MAX_GROUPS and name != OTHERS:
                return self._name_number(OTHERS)
            number = self._name_numbers[name] = len(self._known_names)
            self._known_names.append(name)
        return number

    def _forget_oldest(self) -> None:
        if self._max_rows is not None and len(self.numbers) > self._max_rows:
            self._forget(self._max_rows // 4)

    def _forget(self, count: int) -> None:
        for column in (self.numbers, self.others, self.latencies, self.names, self.flags):
            del column[:count]

    def _skip_forgotten(self) -> None:
        """Go on after entries that the recording has forgotten, and forget them too."""
        first = self.recording.first_number
        if first:
            self._forget(bisect_left(self.numbers, first))
        self.read_to = max(self.read_to, first)
        self._block = max(self._block, self.recording.block_index(self.read_to))
