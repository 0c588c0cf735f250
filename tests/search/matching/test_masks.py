"""Masks of entries: combining, counting and listing them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.block import Block
from spacebeam.search.matching import masks

PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=80)


@given(PAIRS, st.integers(0, 1000))
def test_masks_combine_like_sets(pairs: list[tuple[bool, bool]], begin: int) -> None:
    one, other = bytes(a for a, _b in pairs), bytearray(b for _a, b in pairs)
    assert list(masks.both(one, other)) == [a and b for a, b in pairs]
    assert list(masks.either(one, other)) == [a or b for a, b in pairs]
    assert list(masks.inverted(one)) == [not a for a, _b in pairs]
    assert masks.passing(other) == sum(b for _a, b in pairs)
    expected = [begin + place for place, (a, _b) in enumerate(pairs) if a]
    assert list(masks.places(one, begin)) == list(masks.candidates(one, begin)) == expected


def test_rare_places_of_a_mask_are_found() -> None:
    mask = bytearray(1000)
    mask[7] = mask[999] = 1
    assert list(masks.places(mask, 10)) == [17, 1009]
    assert masks.passing(masks.all_pass(5)) == 5


@given(st.data())
def test_the_mask_of_runs_is_that_of_their_entries(data: st.DataObject) -> None:
    flags = data.draw(st.lists(st.booleans(), min_size=1, max_size=9))
    lengths = data.draw(st.lists(st.integers(1, 4), min_size=len(flags), max_size=len(flags)))
    entries: list[bool] = []
    batches = []
    for flag, length in zip(flags, lengths, strict=True):
        one = single(float(flag), Direction.SENT, Kind.TEXT, b"x")
        starts, ends = one.starts * length, one.ends * length
        batches.append(type(one)(one.time, one.direction, one.data, b"\x01" * length, starts, ends))
        entries += [flag] * length
    block = Block(0, batches[0])
    for batch in batches[1:]:
        block.gather(batch)
    begin = data.draw(st.integers(0, len(entries) - 1))
    end = data.draw(st.integers(begin + 1, len(entries)))
    run_mask = bytes(time == 1.0 for time in block.run_times[masks.runs(block, begin, end)])
    assert list(masks.of_runs(run_mask, block, begin, end)) == entries[begin:end]
