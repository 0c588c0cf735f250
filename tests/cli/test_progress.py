"""The progress line of a recording."""

from __future__ import annotations

from spacebeam.cli.progress import ProgressLine


def test_it_tells_how_much_there_is_and_how_fast_it_grew_in_the_last_second() -> None:
    counts = iter(range(0, 1400, 200))
    progress = ProgressLine(lambda: (next(counts), 2**20))
    assert progress.words(10.0) == "0 entries, 1.0 MiB, 0/s"
    assert progress.words(10.2) == "200 entries, 1.0 MiB, 1,000/s"
    for look in range(2, 6):
        progress.words(10.0 + look * 0.2)
    # After a pause of a second, earlier samples are dropped.
    assert progress.words(12.2) == "1,200 entries, 1.0 MiB, 500/s"


def test_where_nobody_looks_nothing_is_shown() -> None:
    progress = ProgressLine(lambda: (0, 0))
    progress.is_wanted = False
    progress.start()
    said: list[str] = []
    progress.print_above(lambda: said.append("words"))
    progress.stop()
    assert said == ["words"]
