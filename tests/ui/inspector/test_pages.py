"""A rendering is divided into pages."""

from __future__ import annotations

import logging
from collections.abc import Generator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacebeam.decode.decoder import Rendering, Span, Style
from spacebeam.decode.hex import HexRendering
from spacebeam.decode.json_layout import JsonRendering
from spacebeam.decode.text import TextRendering
from spacebeam.ui.inspector.pages import (
    MAX_LINE,
    PAGE_CHARACTERS,
    PAGE_LINES,
    Page,
    PageReader,
    hidden_ranges,
    is_within,
)

KIB = 1024


class Spans:
    """A rendering of given spans; an exception among them is raised."""

    def __init__(self, *spans: Span | Exception) -> None:
        self._spans = spans
        self.offset = 0

    def __iter__(self) -> Spans:
        return self

    def __next__(self) -> Span:
        if self.offset == len(self._spans):
            raise StopIteration
        span = self._spans[self.offset]
        if isinstance(span, Exception):
            raise span
        self.offset += 1
        return span


def read(reader: PageReader, number: int) -> Page:
    pages: list[Page] = []

    def steps() -> Generator[None, None, None]:
        pages.append((yield from reader.read(number)))

    for _step in steps():
        pass
    return pages[0]


def read_all(rendering: Rendering) -> tuple[PageReader, list[Page]]:
    reader = PageReader(rendering)
    pages: list[Page] = []
    while reader.count is None:
        pages.append(read(reader, len(pages)))
    assert reader.count == len(pages)
    return reader, pages


@settings(deadline=None, max_examples=30)
@given(st.lists(st.text(alphabet="ab\n", max_size=5000), max_size=6), st.integers(1, 20))
def test_no_text_is_lost_and_lines_and_pages_have_a_limit(texts: list[str], times: int) -> None:
    reader, pages = read_all(Spans(*(Span(text[:4096]) for text in texts * times)))
    assert "".join(page.rendered for page in pages) == "".join(
        text[:4096] for text in texts * times
    )
    for page in pages:
        assert len(page.text) <= PAGE_CHARACTERS + MAX_LINE + 1
        assert page.text.count("\n") <= PAGE_LINES
        assert max(map(len, page.text.split("\n"))) <= MAX_LINE
        assert page.is_last or page.text.endswith("\n")
        assert page.text or page.number == 0
    # Pages can be read again in any order.
    assert [read(reader, page.number) for page in reversed(pages)] == pages[::-1]


@pytest.mark.parametrize(
    "rendering",
    [
        TextRendering(b"line\n" * 100_000),
        TextRendering(b"x" * 500 * KIB),
        JsonRendering(b"[" * 300 * KIB),
        JsonRendering(b'{"a":[1,2,{"b":"c"}]}' * 10_000),
        HexRendering(bytes(64 * KIB)),
    ],
)
def test_every_page_can_be_read_again(rendering: Rendering) -> None:
    reader, pages = read_all(rendering)
    assert len(pages) > 2
    offsets = [reader.offset(number) for number in range(len(pages))]
    assert offsets == sorted(offsets)
    for page in pages[::-1]:
        assert read(reader, page.number) == page


def test_a_line_of_the_maximum_length_is_not_broken() -> None:
    line = "x" * MAX_LINE
    _reader, (page,) = read_all(Spans(Span(line), Span("\n"), Span(line)))
    assert page.text == f"{line}\n{line}"
    assert page.breaks == []


def test_no_empty_page_follows_text_that_ends_with_a_page() -> None:
    _reader, pages = read_all(Spans(Span("\n" * PAGE_LINES), Span(""), Span("")))
    assert [page.is_last for page in pages] == [True]


def test_neighbours_of_one_style_are_one_run() -> None:
    spans = Span("a", Style.KEY), Span("b", Style.KEY), Span("c"), Span("d", Style.KEY)
    _reader, (page,) = read_all(Spans(*spans))
    runs = page.runs
    assert list(zip(runs.starts, runs.ends, runs.styles, strict=True)) == [
        (0, 2, Style.KEY),
        (3, 4, Style.KEY),
    ]


def test_offsets_are_converted_around_the_breaks_of_long_lines() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(3 * MAX_LINE))
    _reader, (page,) = read_all(Spans(Span(text)))
    assert len(page.breaks) == 2
    assert page.rendered == text
    for offset, character in enumerate(text):
        assert page.text[page.to_shown(offset)] == character
        assert page.to_rendered(page.to_shown(offset)) == offset


def test_hidden_ranges_cover_all_that_is_not_payload() -> None:
    _reader, (page,) = read_all(HexRendering(b"x" * 20))
    hidden = hidden_ranges(page)
    seen = [page.rendered[i] for i in range(len(page.rendered)) if not is_within(i, *hidden)]
    assert "".join(seen) == "x" * 20


def test_hidden_white_space_is_read_in_steps() -> None:
    payload = b"[" + b" " * 8 * KIB * KIB + b"1]"
    reader = PageReader(JsonRendering(payload))
    assert sum(1 for _step in reader.read(0)) >= 128
    assert read(reader, 0).text == "[\n  1\n]"


def test_the_text_before_a_decoder_failure_is_shown(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR):
        _reader, (page,) = read_all(Spans(Span("before"), ValueError("the payload")))
    assert page.text.startswith("before\n")
    assert page.is_last
    assert "ValueError" in caplog.text
    assert "the payload" not in caplog.text
