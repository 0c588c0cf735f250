"""Pages of the help are read to blocks, and anything that is not allowed is an error."""

from __future__ import annotations

import pytest

from spacebeam.help.page import (
    BulletList,
    CodeBlock,
    Heading,
    HelpPage,
    HelpTable,
    Paragraph,
    RichText,
    RunStyle,
    TextRun,
    plain,
    related_topics,
)
from spacebeam.help.parsing import HelpSyntaxError, parse_page

_HEAD = "# Title\n\nSummary.\n\n"


def page(body: str) -> HelpPage:
    return parse_page("topic", _HEAD + body)


def paragraph(text: str) -> RichText:
    (block,) = page(text).blocks
    assert isinstance(block, Paragraph)
    return block.text


def test_a_page_has_a_title_and_a_summary() -> None:
    found = page("One\ntwo.\n\n## A part\n\n### Of it\n")
    assert (found.topic, found.title, found.summary) == ("topic", "Title", "Summary.")
    assert found.blocks == (
        Paragraph((TextRun("One two."),)),
        Heading(2, (TextRun("A part"),), "a-part"),
        Heading(3, (TextRun("Of it"),), "of-it"),
    )


def test_text_has_styles_and_links() -> None:
    assert paragraph(
        "a `b*c` *d* **e** [f `g` h](other.md#i-j) [k](#l) [m](https://n.test/o.md)."
    ) == (
        TextRun("a "),
        TextRun("b*c", RunStyle.CODE),
        TextRun(" "),
        TextRun("d", RunStyle.EMPHASIS),
        TextRun(" "),
        TextRun("e", RunStyle.STRONG),
        TextRun(" "),
        TextRun("f ", target="other#i-j"),
        TextRun("g", RunStyle.CODE, "other#i-j"),
        TextRun(" h", target="other#i-j"),
        TextRun(" "),
        TextRun("k", target="#l"),
        TextRun(" "),
        TextRun("m", target="https://n.test/o.md"),
        TextRun("."),
    )


def test_code_with_a_backtick_is_between_two_of_them() -> None:
    assert paragraph("``a`b`` c") == (TextRun("a`b", RunStyle.CODE), TextRun(" c"))


def test_code_is_shown_as_it_is() -> None:
    assert page("    one\n\n      *two*\n\nText\n```json\n{\n\n}\n```\n").blocks == (
        CodeBlock("one\n\n  *two*"),
        Paragraph((TextRun("Text"),)),
        CodeBlock("{\n\n}", "json"),
    )


def test_a_list_has_items_of_several_lines() -> None:
    (block,) = page("- one\n  more\n- two\n").blocks
    assert isinstance(block, BulletList)
    assert [plain(item) for item in block.items] == ["one more", "two"]


def test_a_cell_can_have_a_bar() -> None:
    (block,) = page("| | b |\n|---|---|\n| `x\\|y` | |\n").blocks
    assert isinstance(block, HelpTable)
    assert block.header == ((), (TextRun("b"),))
    assert block.rows == (((TextRun("x|y", RunStyle.CODE),), ()),)


def test_links_to_the_same_page_and_to_addresses_are_no_related_topics() -> None:
    assert related_topics(page("[a](b.md#c) [d](#e) [f](https://g.test) [h](b.md) [i](j.md)")) == [
        "b",
        "j",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Title\n",
        "Summary.\n\n# Title\n",
        f"{_HEAD}# Another title\n",
        f"{_HEAD}#### Too deep\n",
        f"{_HEAD}## Twice\n\n## Twice\n",
        f"{_HEAD}## Heading\nText\n",
        f"{_HEAD}Text\n- item\n",
        f"{_HEAD}1. first\n2. second\n",
        f"{_HEAD}| a | b |\n",
        f"{_HEAD}| a | b |\n|---|---|\n| c |\n",
        f"{_HEAD}| a | b |\n|---|---|\n| c | d\n",
        f"{_HEAD}```\nwithout an end\n",
    ],
)
def test_what_is_not_allowed_is_an_error(text: str) -> None:
    with pytest.raises(HelpSyntaxError):
        parse_page("topic", text)
