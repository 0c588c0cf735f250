"""Views show the matching entries in order while entries are added and dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.batch import Batch, Direction, Kind, single
from spacebeam.recording.block import Block
from spacebeam.recording.errors import RecordingError, RecordingFault
from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView
from tests.support.filtering import BEGAN, batch, batches, shown

FILTERS = (
    "need",
    "-need",
    "is:text",
    "size>=0",
    "size>1000",
    "json:a=10",
    "/need/",
    "is:sent",
    "is:sent e",
)


class Bounded(Recording):
    """A recording whose oldest block can be dropped, except the newest."""

    def drop_block(self) -> None:
        if self._first_block < self.block_count - 1:
            self._forget_block()


def append(recording: Recording, batch: Batch, *, apart: bool) -> None:
    """Add a batch, gathered with others or in its own block."""
    if apart:
        recording._tail = None  # as if the block were full
    recording.append(batch)


def matching(text: str) -> Matcher:
    return Matcher(parse(text))


def ticking() -> Callable[[], float]:
    """Return a clock that advances by a second at each reading."""
    seconds: Iterator[int] = count()
    return lambda: float(next(seconds))


def check(view: FilteredView, expected: list[int], length: int) -> None:
    """Check that a view of a recording of `length` entries shows the expected numbers."""
    assert [view.number(position) for position in range(len(view))] == expected
    for number in range(length + 1):
        at = next((at for at, one in enumerate(expected) if one >= number), len(expected))
        assert view.position(number) == at


@given(
    st.lists(st.tuples(batches(), st.booleans(), st.booleans()), max_size=8),
    st.sampled_from(FILTERS),
)
def test_a_view_advanced_at_any_time_shows_all_matches_at_the_end(
    given: list[tuple[Batch, bool, bool]], text: str
) -> None:
    recording = Recording()
    view = FilteredView(recording, matching(text))
    for one, is_apart, is_advanced in given:
        append(recording, one, apart=is_apart)
        if is_advanced:
            assert view.advance() is False
            check(view, shown(parse(text), recording), len(recording))
    view.advance()
    assert view.is_current
    assert view.scanned == len(recording)
    check(view, shown(parse(text), recording), len(recording))


@given(st.lists(batches(), max_size=5))
def test_a_view_without_a_filter_shows_all_entries(given: list[Batch]) -> None:
    recording = Recording()
    view = FilteredView(recording)
    for one in given:
        recording.append(one)
        check(view, list(range(len(recording))), len(recording))
    assert (view.advance(0.0), view.is_current, view.scanned) == (False, True, len(recording))


@given(
    st.lists(batches(), min_size=1, max_size=8),
    st.sampled_from((None, *FILTERS)),
    st.data(),
)
def test_a_view_forgets_dropped_entries(
    given: list[Batch], text: str | None, data: st.DataObject
) -> None:
    recording = Bounded()
    view = FilteredView(recording, None if text is None else matching(text))
    model = Recording()
    for one in given:
        append(recording, one, apart=data.draw(st.booleans()))
        model.append(one)
        if data.draw(st.booleans()):
            view.advance()
        if data.draw(st.booleans()):
            recording.drop_block()
            view.drop(recording.first_number)
        if data.draw(st.booleans()):
            view.advance()
            everything = shown(parse(text or ""), model)
            expected = [number for number in everything if number >= recording.first_number]
            check(view, expected, len(recording))
            assert view.scanned == len(recording) - recording.first_number


@given(
    st.lists(batches(), min_size=1, max_size=8),
    st.sampled_from(("", *FILTERS)),
    st.lists(
        st.sampled_from(("is:ping", "need", "size<4 is:text", "json:a=10", "/a+/")), max_size=3
    ),
    st.data(),
)
def test_hidden_entries_are_counted_and_not_shown(
    given: list[Batch], text: str, hidden: list[str], data: st.DataObject
) -> None:
    recording, model = Bounded(), Recording()
    view = FilteredView(recording, Matcher(parse(text), hidden=map(parse, hidden)))
    for one in given:
        append(recording, one, apart=data.draw(st.booleans()))
        model.append(one)
        if data.draw(st.booleans()):
            view.advance()
        if data.draw(st.booleans()):
            recording.drop_block()
            view.drop(recording.first_number)
    begin = data.draw(st.integers(recording.first_number, len(recording)))
    if data.draw(st.booleans()):
        view.drop(begin)
    else:
        begin = recording.first_number
    view.advance()
    noise = set().union(*(shown(parse(one), model) for one in hidden))
    wanted = [one for one in shown(parse(text), model) if one >= begin and one not in noise]
    check(view, wanted, len(recording))
    for number in (begin, len(recording) // 2, len(recording)):
        assert view.hidden(number) == len([one for one in noise if begin <= one < number])


def test_a_hidden_filter_with_an_error_or_without_a_condition_hides_nothing() -> None:
    recording = Recording()
    recording.append(batch([(Kind.TEXT, b"a"), (Kind.PING, b"b")]))
    hidden = ("is:ping size>x", "", "case:yes", "is:nothing")
    view = FilteredView(recording, Matcher(parse(""), hidden=map(parse, hidden)))
    view.advance()
    check(view, [0, 1], 2)
    assert view.hidden(2) == 0


@given(st.lists(batches(), min_size=1, max_size=4), st.sampled_from(("json:a", "-json:a=10", "")))
def test_payloads_that_take_long_are_left_to_a_thread(given: list[Batch], text: str) -> None:
    recording = Recording()
    for one in given:
        recording.append(one)
    hidden = ("json:b=need",)
    at_once = FilteredView(recording, Matcher(parse(text), hidden=map(parse, hidden)))
    at_once.advance()
    in_steps = FilteredView(recording, Matcher(parse(text), hidden=map(parse, hidden)))
    while in_steps.advance(0.004):
        if in_steps.pending is not None:
            before = len(in_steps)
            assert in_steps.advance(0.004)
            assert len(in_steps) == before
            in_steps.accept(in_steps.pending())
    check(in_steps, [at_once.number(at) for at in range(len(at_once))], len(recording))
    assert in_steps.hidden(len(recording)) == at_once.hidden(len(recording))
    assert in_steps.unsearched == at_once.unsearched


def test_what_a_thread_found_in_dropped_entries_is_left_out() -> None:
    recording = Recording()
    deep = b"[" * 100_000 + b"]" * 100_000
    recording.append(batch([(Kind.TEXT, deep), (Kind.TEXT, b"{}"), (Kind.TEXT, b"[1]")]))
    view = FilteredView(recording, matching("json:@"))
    assert view.advance(1.0)
    pending = view.pending
    assert pending is not None
    view.drop(2)
    view.accept(pending())
    assert not view.advance(1.0)
    check(view, [2], 3)


def test_a_growing_block_is_shown_in_parts() -> None:
    recording = Recording()
    view = FilteredView(recording, matching("is:sent"))
    for direction in (Direction.SENT, Direction.SENT, Direction.RECEIVED, Direction.SENT):
        recording.append(batch([(Kind.TEXT, b"a"), (Kind.TEXT, b"b")], direction=direction))
        view.advance()
    assert recording.block_count == 1
    check(view, [0, 1, 2, 3, 6, 7], 8)


def test_a_view_can_forget_a_part_of_a_block() -> None:
    recording = Recording()
    recording.append(batch([(Kind.TEXT, b"a"), (Kind.TEXT, b"b")] * 4))
    view = FilteredView(recording, matching("a"))
    view.advance()
    view.drop(3)
    assert [view.number(position) for position in range(len(view))] == [4, 6]
    assert [view.position(number) for number in (0, 4, 5, 7)] == [0, 0, 1, 2]
    view.drop(1)
    assert (len(view), view.scanned) == (2, 5)


def test_a_view_begins_after_entries_dropped_earlier() -> None:
    recording = Bounded()
    for text in ("one", "two", "three"):
        recording.append(single(0.0, Direction.SENT, Kind.TEXT, text.encode() * 30_000))
    recording.drop_block()
    view = FilteredView(recording, matching("t"))
    view.advance()
    assert [view.number(position) for position in range(len(view))] == [1, 2]
    assert FilteredView(recording).number(0) == 1


@pytest.mark.parametrize(
    ("text", "payload", "steps"),
    [
        ("word", b"word", 3),  # 4,096 entries between two readings of the clock
        ("json:a", b'{"a":1}', 20),  # 512
        ("json:a", b'"' + b"a" * 1022 + b'"', 157),  # 64 KiB
    ],
)
def test_the_clock_is_read_often_enough_in_a_slice(text: str, payload: bytes, steps: int) -> None:
    recording = Recording()
    recording.append(batch([(Kind.TEXT, payload)] * 10_000))
    view = FilteredView(recording, matching(text), ticking())
    taken = 1
    while view.advance(1.0):
        assert not view.is_current
        assert view.scanned < 10_000
        taken += 1
    assert taken == steps
    assert view.scanned == 10_000


def test_a_slice_of_time_is_used_completely() -> None:
    recording = Recording()
    for _ in range(10):
        recording.append(batch([(Kind.TEXT, b"x" * 100)] * 1000))
    view = FilteredView(recording, matching("x"), ticking())
    assert view.advance(4.0) is True
    assert view.scanned == 4000
    assert len(view) == 4000


@pytest.mark.parametrize("position", [-1, 1])
@pytest.mark.parametrize("text", ["a", None])
def test_an_invalid_position_is_an_index_error(position: int, text: str | None) -> None:
    recording = Recording()
    recording.append(batch([(Kind.TEXT, b"a")]))
    view = FilteredView(recording, None if text is None else matching(text))
    view.advance()
    with pytest.raises(IndexError):
        view.number(position)
    assert view.number(0) == 0


def test_a_block_that_matches_completely_stores_no_places() -> None:
    recording = Recording()
    recording.append(batch([(Kind.TEXT, b"a" * 10)] * 50_000))
    view = FilteredView(recording, matching("a"), ticking())
    while view.advance(1.0):
        pass
    assert len(view) == 50_000
    assert [type(part.places) for part in view._parts] == [range]


@pytest.mark.parametrize(("text", "expected"), [("need", [1, 2, 4]), ("-need", [0, 1, 2, 3])])
def test_an_unreadable_block_is_shown_and_the_rest_searched(
    text: str, expected: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = Recording()
    for payloads in ((b"hay",), (b"lost", b"too"), (b"hay", b"need")):
        append(recording, batch([(Kind.TEXT, payload) for payload in payloads]), apart=True)
    read = recording.block

    def damaged(index: int, *, use_cache: bool = True) -> Block:
        if index == 1:
            raise RecordingError(RecordingFault.OVERWRITTEN)
        return read(index, use_cache=use_cache)

    monkeypatch.setattr(recording, "block", damaged)
    view = FilteredView(recording, matching(text))
    with pytest.raises(RecordingError):
        view.advance()
    view.show_unreadable_block()
    view.advance()
    assert view.is_current
    check(view, expected, 5)


def test_entries_dropped_before_they_were_searched_are_passed_over() -> None:
    """Entries after a cleared view are dropped before the view advances."""
    recording = Recording(memory_limit=1_000_000)

    def receive() -> None:
        recording.append(single(BEGAN, Direction.RECEIVED, Kind.TEXT, b"need" * 25_000))

    receive()
    view = FilteredView(recording, matching("need"))
    view.advance()
    begin = len(recording)
    view.drop(begin)
    while recording.first_number < begin:
        receive()
    view.drop(max(begin, recording.first_number))
    view.advance()
    check(view, list(range(begin, len(recording))), len(recording) - begin)
