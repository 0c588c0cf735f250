"""A page as one text: its marks, links and tables."""

from __future__ import annotations

from spacebeam.help.parsing import parse_page
from spacebeam.ui.help.page_text import TRY, Mark, PageText, page_text

_HEAD = "# Title\n\nSummary.\n\n"


def shown(body: str) -> PageText:
    return page_text(parse_page("topic", _HEAD + body))


def marked(found: PageText, mark: Mark) -> list[str]:
    """Return the texts with this mark."""
    return [found.text[start:end] for start, end in found.ranges.get(mark, [])]


def test_headings_have_anchors() -> None:
    found = shown("Text.\n\n## A *b*\n\n### C\n\nMore.\n")
    assert found.text == "Title\nSummary.\nText.\nA b\nC\nMore.\n"
    assert {name: found.text[at : at + 1] for name, at in found.anchors.items()} == {
        "a-b": "A",
        "c": "C",
    }
    assert marked(found, Mark.SECTION) == ["A b\n"]
    assert marked(found, Mark.PART) == ["C\n"]


def test_links_have_their_places() -> None:
    found = shown("See [this `one`](keys.md) and [that](#x).\n\n## X\n\n- [item](https://h.test)\n")
    links = [(found.text[one.start : one.end], one.target) for one in found.links]
    assert links == [("this ", "keys"), ("one", "keys"), ("that", "#x"), ("item", "https://h.test")]
    assert marked(found, Mark.CODE) == ["one"]


def test_a_short_first_column_is_beside_the_second_one() -> None:
    found = shown("| Key | What |\n|---|---|\n| `F1` | help |\n| `Ctrl+Q` | quit |\n")
    assert found.text.endswith("F1\thelp\nCtrl+Q\tquit\n")
    assert found.beside == len("Ctrl+Q")
    assert marked(found, Mark.FIRST) == ["F1\thelp\n"]


def test_other_tables_have_the_first_cell_above_the_others() -> None:
    found = shown("| a | b | c |\n|---|---|---|\n| one | two | three |\n| | four | five |\n")
    assert found.text.endswith("one\ntwo\nc: three\nfive\nfour\n")
    assert marked(found, Mark.TERM) == ["one\n", "five\n"]
    assert marked(found, Mark.LABEL) == ["c: "]


def test_a_filter_has_a_link_that_tries_it() -> None:
    found = shown("| Filter | Meaning | Finds |\n|---|---|---|\n| `a\\|b` | c | 1 |\n")
    assert found.text.endswith("a|b  Try\nc\nFinds: 1\n")
    assert [one.target for one in found.links] == [f"{TRY}a|b"]


def test_code_has_a_first_and_a_last_line() -> None:
    found = shown("    one\n\n    three\n")
    assert found.text.endswith("one\n\nthree\n")
    assert (marked(found, Mark.FIRST), marked(found, Mark.LAST)) == (["one\n"], ["three\n"])
    single = shown("    one\n")
    assert marked(single, Mark.FIRST) == marked(single, Mark.LAST) == ["one\n"]


def test_matches_are_found_in_either_case_and_as_they_are_written() -> None:
    found = shown("a.b A.B axb\n")
    assert [found.text[start:end] for start, end in found.matches("a.b")] == ["a.b", "A.B"]
    assert found.matches("") == []
