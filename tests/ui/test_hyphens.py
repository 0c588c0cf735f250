"""No hyphens are put into words that a line breaks."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from gi.repository import Gtk

from spacebeam.ui.hyphens import never_hyphenate
from spacebeam.ui.inspector.inspector import Inspector
from tests.support.waiting import eventually
from tests.ui.doing import shown
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.recordings import entry

UI = Path(__file__).parents[2] / "spacebeam/ui"
TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9ODc2NTQzMjE" * 8


def hyphenated(buffer: Gtk.TextBuffer) -> bool:
    """Return whether any character may be followed by a hyphen that is not in the text."""
    tag = buffer.get_tag_table().lookup("no-hyphens")
    place = buffer.get_start_iter()
    while not place.is_end():
        if tag is None or not place.has_tag(tag):
            return True
        place.forward_char()
    return False


@pytest.mark.parametrize("label", ["Text", "JSON", "Hex"])
async def test_a_long_token_in_the_inspector_has_no_hyphens(label: str) -> None:
    async with shown(Inspector(), 400) as inspector:
        page = InspectorPage(inspector)
        inspector.show_trees(False)
        inspector.show_entry(entry(f'{{"token": "{TOKEN}"}}'.encode()))
        page.choose(label)
        await eventually(lambda: page.size > len(TOKEN))
        assert not hyphenated(page.buffer)


async def test_inserted_text_has_none_either() -> None:
    buffer = Gtk.TextBuffer()
    never_hyphenate(buffer)
    buffer.set_text("ü" + TOKEN)
    buffer.insert(buffer.get_iter_at_offset(5), "\N{PILE OF POO}more\n")
    buffer.insert_at_cursor(TOKEN)
    assert not hyphenated(buffer)


@pytest.mark.parametrize("path", sorted(UI.rglob("*.ui")), ids=lambda path: path.name)
def test_no_label_that_breaks_words_has_hyphens(path: Path) -> None:
    for label in ET.parse(path).iterfind(".//object[@class='GtkLabel']"):
        if label.find("property[@name='wrap-mode']") is not None:
            attribute = label.find("attributes/attribute[@name='insert-hyphens']")
            assert attribute is not None, label.get("id")
            assert attribute.get("value") == "false"
