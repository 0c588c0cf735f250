"""The reader has the index of what is shown, as it is read now."""

from __future__ import annotations

from spacebeam.decode.schemas import Schemas
from spacebeam.search.decoding import use_schemas
from spacebeam.search.pair_paths import read_paths
from spacebeam.ui.pairs.pair_reader import PairReader
from tests.support.calls import CALLS, RECEIVED, recorded
from tests.support.waiting import eventually


async def test_another_recording_other_schemas_and_other_paths_are_read_again() -> None:
    reader, recording = PairReader(), recorded(*CALLS)
    first = reader.index(recording)
    assert reader.index(recording) is first
    use_schemas(recording, Schemas())
    second = reader.index(recording)
    assert second is not first
    reader.pair_by(read_paths("json:id=json:id"))
    third = reader.index(recording)
    assert third is not second
    assert reader.index(recorded()) is not third


async def test_a_recording_without_pairs_is_read_on_only_where_its_calls_are_shown() -> None:
    reader, recording = PairReader(), recorded(*[(1.0, RECEIVED, {"price": 1})] * 3000)
    told: list[int] = []
    reader.connect("read", lambda one: told.append(one.index(recording).read_to))
    reader.read_on(recording)
    await eventually(lambda: reader.index(recording).seems_empty)
    assert 1000 <= told[-1] < 3000
    reader.reads_all = True
    reader.read_on(recording)
    await eventually(lambda: told[-1] == 3000)
    reader.close()
