"""Series of what is measured: the latency of answers and the size of messages."""

from __future__ import annotations

from itertools import count

import pytest

from spacebeam.decode.decoder import Context
from spacebeam.recording.recording import Recording
from spacebeam.search.json_path import PathError, compile_path
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.series.measured import check_path
from spacebeam.search.series.reader import SeriesReader
from spacebeam.search.series.series import Newest, Series
from spacebeam.search.series.table import table
from tests.support.calls import CALLS, RECEIVED, SENT, call, recorded, result, text


def reader_of(recording: Recording, *paths: str) -> SeriesReader:
    return SeriesReader(recording, paths, Context(), pairs=PairIndex(recording))


def read(recording: Recording, *paths: str) -> list[Series]:
    reader = reader_of(recording, *paths)
    reader.advance()
    return reader.series


def test_latencies_are_of_first_answers_at_their_times() -> None:
    (series,) = read(recorded(*CALLS), "latency:")
    assert (series.numbers, series.least, series.most, series.sum) == (3, 0.125, 1.0, 1.375)
    assert series.newest == Newest(6, 3.125, 0.125)
    begun = [one.began for one in series.buckets]
    assert begun == pytest.approx([1.5, 2.0, 3.125], abs=0.01)


@pytest.mark.parametrize(
    ("path", "numbers"),
    [("latency:getBook", 2), ("latency:GETBOOK", 2), ("latency:ping", 1), ("latency:none", 0)],
)
def test_latencies_may_be_of_one_method(path: str, numbers: int) -> None:
    assert read(recorded(*CALLS), path)[0].numbers == numbers


def test_sizes_are_of_all_messages_and_stand_beside_values() -> None:
    size, value = read(recorded(*CALLS), "size:", "id")
    assert (size.numbers, value.numbers) == (8, 7)
    assert not size.is_sequence


def test_a_latency_has_no_digits_that_mean_nothing() -> None:
    (series,) = read(recorded((1.0, SENT, call(1, "a")), (1.2, RECEIVED, result(1))), "latency:")
    assert series.most == 0.2


def test_without_an_index_of_pairs_there_is_no_latency() -> None:
    reader = SeriesReader(recorded(*CALLS), ["latency:"], Context())
    reader.advance()
    assert not reader.series[0].has_values


def test_several_answers_in_one_message_are_several_latencies() -> None:
    recording = recorded(
        (1.0, SENT, [call(1, "a"), call(2, "b")]), (2.0, RECEIVED, [result(1), result(2)])
    )
    reader = reader_of(recording, "latency:")
    reader.advance()
    assert (reader.series[0].numbers, reader.series[0].sum) == (2, 2.0)


def test_a_reader_waits_for_the_pairs_and_follows_the_recording() -> None:
    recording = recorded(*CALLS * 400)
    ticks = count(0.0, 0.01)
    pairs = PairIndex(recording, clock=lambda: next(ticks))
    reader = SeriesReader(recording, ["latency:"], Context(), pairs=pairs)
    steps = 0
    while reader.advance(0.0):
        steps += 1
        assert round(reader.share * len(recording)) <= pairs.read_to
    assert steps > 10
    assert (reader.series[0].numbers, reader.share) == (read(recording, "latency:")[0].numbers, 1.0)
    before = reader.series[0].numbers
    recording.append(text(9000.0, SENT, call(77, "late")))
    recording.append(text(9000.5, RECEIVED, result(77)))
    reader.advance()
    assert reader.series[0].numbers == before + 1
    assert reader.series[0].newest == Newest(len(recording) - 1, 9000.5, 0.5)


def test_a_table_has_a_column_for_each() -> None:
    recording = recorded(*CALLS[:4])
    reader = reader_of(recording, "latency:", "size:", "method")
    reader.advance()
    block = recording.block(0)
    rows = "".join(table(reader, [(block, 0, len(block), None)])).splitlines()
    assert rows[0] == "number,time,latency:,size:,method"
    assert rows[1].split(",")[2:] == ["", "48", "getBook"]
    assert rows[3].split(",")[2:3] == ["0.25"]


@pytest.mark.parametrize("path", ["size:big", f"latency:{'x' * 201}", "a["])
def test_a_path_that_means_nothing_is_refused(path: str) -> None:
    with pytest.raises(PathError):
        check_path(path)


@pytest.mark.parametrize("path", ["latency:", "latency:a b.c", "size:"])
def test_a_measured_path_is_no_path_of_a_value(path: str) -> None:
    check_path(path)
    with pytest.raises(PathError):
        compile_path(path)
