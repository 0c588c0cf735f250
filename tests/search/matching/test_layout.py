"""The entry of each byte, for entries in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.batch import Batch
from spacebeam.recording.block import Block
from spacebeam.search.matching.layout import Layout, region
from tests.support.filtering import batches


@given(batches(), st.data())
def test_each_byte_is_located_in_its_entry(batch: Batch, data: st.DataObject) -> None:
    block = Block(0, batch)
    layout = Layout(block)
    start = data.draw(st.integers(0, max(0, len(batch.data) - 1)))
    end = data.draw(st.integers(start + 1, start + 4))
    bounds = list(zip(batch.starts, batch.ends, strict=True))
    expected = [place for place, (low, high) in enumerate(bounds) if low <= start and end <= high]
    place, behind = layout.locate(start, end)
    assert expected == ([] if place < 0 else [place])
    later = [low for low, high in bounds if low > start and low < high]
    assert behind > start or not later
    assert all(behind <= low for low in later)
    assert layout.entry_at(start)[0] == layout.locate(start, start + 1)[0]


@given(batches(), st.data())
def test_a_region_contains_its_payloads(batch: Batch, data: st.DataObject) -> None:
    block = Block(0, batch)
    begin = data.draw(st.integers(0, len(batch) - 1))
    end = data.draw(st.integers(begin + 1, len(batch)))
    low, high = region(block, begin, end)
    assert all(low <= start for start in batch.starts[begin:end])
    assert all(stop <= high for stop in batch.ends[begin:end])
    assert region(block, 0, len(batch)) == (0, len(batch.data))
