"""The texts of the window's `.ui` files are marked, and shown in the person's language."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.translations import WINDOW
from spacebeam.wording.ui_texts import UiText, translated_ui, ui_texts

FILES = sorted(WINDOW.rglob("*.ui"))
SHOWN = {"label", "title", "subtitle", "description", "tooltip-text", "placeholder-text", "text"}
UI = """<interface>
  <object class="GtkButton" id="_connect">
    <property name="label" translatable="yes" comments="A verb">Connect</property>
    <property name="tooltip-text" translatable="yes">Names &amp; Text &lt;b&gt;</property>
    <property name="icon-name">Connect</property>
  </object>
</interface>
"""


def unmarked(path: Path) -> Iterator[str]:
    """Yield what a file shows without saying whether it is translated."""
    for one in ET.parse(path).iter():
        is_shown = one.tag == "item" or one.get("name") in SHOWN or one.tag == "response"
        text = (one.text or "").strip()
        if is_shown and re.search("[A-Za-z]", text) and one.get("translatable") is None:
            yield text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_text_that_is_shown_is_marked_and_found(path: Path) -> None:
    assert list(unmarked(path)) == []
    marked = [one.text for one in ET.parse(path).iter() if one.get("translatable") == "yes"]
    assert [one.text for one in ui_texts(path.read_text(encoding="utf-8"))] == marked


def test_texts_are_found_with_what_their_translator_is_told() -> None:
    assert list(ui_texts(UI)) == [UiText("Connect", "A verb"), UiText("Names & Text <b>")]


def test_without_a_translation_a_file_stays_as_it_is() -> None:
    assert translated_ui(UI.encode()) == UI.encode()


def test_a_file_stays_well_formed_in_another_language() -> None:
    program = (
        "import sys\n"
        "from spacebeam.wording.ui_texts import translated_ui\n"
        "sys.stdout.buffer.write(translated_ui(sys.stdin.buffer.read()))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "LANGUAGE": "de"},
        input=b"<all>" + b"".join(map(inner, FILES)) + UI.encode() + b"</all>",
        stdout=subprocess.PIPE,
        check=True,
    )
    shown = [one.text for one in ET.fromstring(ended.stdout).iter() if one.get("translatable")]
    assert "Verbinden" in shown
    assert "Names & Text <b>" in shown  # not in the catalog
    assert "Connect" not in shown


def inner(path: Path) -> bytes:
    """Return a file without its XML declaration."""
    return path.read_bytes().partition(b"?>")[2]
