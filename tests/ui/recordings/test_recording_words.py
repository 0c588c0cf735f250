"""The words of the list of recordings."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.library.retention_policy import GIB, RetentionPolicy
from spacebeam.recording.errors import RecordingError, RecordingFault
from spacebeam.ui.rates.bars import duration
from spacebeam.ui.recordings import recording_words

NOW = datetime.datetime(2026, 11, 25, 14, 30, tzinfo=datetime.UTC)


def ago(**span: float) -> float:
    return (NOW - datetime.timedelta(**span)).timestamp()


def kept(**more: Any) -> RecordingInfo:
    return RecordingInfo(Path("/where/one.beam"), **({"state": RecordingState.COMPLETE} | more))


@pytest.mark.parametrize(
    ("began", "words"),
    [
        (ago(minutes=5), "Today 14:25"),
        (ago(hours=20), "Yesterday 18:30"),
        (ago(days=3), "22 November, 14:30"),
        (ago(days=400), "21 October 2025, 14:30"),
        (ago(minutes=-5), "Today 14:35"),
        (ago(days=-1), "26 November, 14:30"),
    ],
)
def test_a_time_is_shown_relative_to_today(began: float, words: str) -> None:
    assert recording_words.when(began, NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (0.9, "1 s"),
        (59.9, "1 min"),
        (60, "1 min"),
        (125, "2 min 5 s"),
        (3600, "1 h"),
        (3600 + 5, "1 h"),
        (2 * 3600 + 60 * 3 + 4, "2 h 3 min"),
        (86_400 * 2 + 3600, "2 d 1 h"),
    ],
)
def test_a_time_span_has_its_two_largest_units(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_details_break_only_between_their_parts() -> None:
    line = recording_words.details(
        kept(began=ago(minutes=5), ended=ago(minutes=3), entries=1204, size=2**20), NOW
    )
    assert line.replace("\xa0", " ") == "Today 14:25 · 2 min · 1,204 entries · 1.0 MiB"
    assert [part.count("\xa0") for part in line.split(" · ")] == [1, 1, 1, 1]


def test_the_error_of_a_damaged_recording_is_shown() -> None:
    line = recording_words.details(
        kept(
            state=RecordingState.DAMAGED,
            error=RecordingError(RecordingFault.CANNOT_OPEN, Path("one"), detail="two\nlines"),
            size=5,
            began=ago(hours=1),
        ),
        NOW,
    )
    assert line.replace("\xa0", " ") == "Today 13:30 · 5 B · one cannot be opened: two␊lines."


def test_entries_have_a_singular() -> None:
    assert recording_words.entries(1) == "1 entry"
    assert recording_words.entries(0) == "0 entries"


def test_control_characters_in_a_name_are_shown() -> None:
    assert recording_words.name(kept(title="a\n\u202eb")) == "a␊⟨202E⟩b"
    named = recording_words.whole_name(kept(title="t", address="ws://one.test/\x07"))
    assert named == "t\nws://one.test/␇\none.beam"


def test_the_total_has_a_count_and_a_size() -> None:
    assert recording_words.total([]) == ""
    assert recording_words.total([kept(size=1024)]) == "1 recording, 1.0 KiB in total."
    assert recording_words.total([kept()] * 1200) == "1,200 recordings, 0 B in total."


@pytest.mark.parametrize(
    ("keeping", "words"),
    [
        (RetentionPolicy(), "Recordings are kept for 30 days, up to 10 GiB; starred ones stay."),
        (RetentionPolicy(1, None), "Recordings are kept for 1 day; starred ones stay."),
        (RetentionPolicy(365, None), "Recordings are kept for 1 year; starred ones stay."),
        (RetentionPolicy(730, None), "Recordings are kept for 2 years; starred ones stay."),
        (
            RetentionPolicy(None, GIB // 2),
            "Recordings are kept up to 512.0 MiB; starred ones stay.",
        ),
        (RetentionPolicy(None, None), "Recordings are kept until you delete them."),
    ],
)
def test_the_retention_policy_is_described(keeping: RetentionPolicy, words: str) -> None:
    assert recording_words.retention(keeping) == words


def test_a_search_matches_if_every_word_is_found() -> None:
    one = kept(title="The Crash", address="wss://example.com/feed")
    assert recording_words.matches(one, "")
    assert recording_words.matches(one, " crash  EXAMPLE one ")
    assert not recording_words.matches(one, "crash elsewhere")
