"""Every page of the help: complete, short where it has to be, and without a dead link."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from spacebeam.help.page import CodeBlock, HelpTable, RunStyle, plain
from spacebeam.help.topics import TOPICS, page

_MAX_SUMMARY = 80  # characters


def test_every_file_is_a_topic() -> None:
    names = [one.name.removesuffix(".md") for one in (files("spacebeam.help") / "topics").iterdir()]
    assert sorted(names) == sorted(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_has_a_short_sentence_as_its_summary(topic: str) -> None:
    summary = page(topic).summary
    assert len(summary) <= _MAX_SUMMARY
    assert re.fullmatch(r"[A-Z][^.]*(?:\.beam [^.]*)?\.", summary)


@pytest.mark.parametrize("topic", TOPICS)
def test_no_link_is_dead(topic: str) -> None:
    dead = []
    for run in page(topic).runs:
        if run.target and not run.target.startswith("https://"):
            other, _hash, anchor = run.target.partition("#")
            is_known = not other or other in TOPICS
            if not is_known or (anchor and anchor not in page(other or topic).anchors):
                dead.append(run.target)
    assert dead == []


@pytest.mark.parametrize("topic", TOPICS)
def test_no_mark_of_markdown_is_left_in_the_text(topic: str) -> None:
    shown = [one.text for one in page(topic).runs if one.style is not RunStyle.CODE]
    assert [text for text in shown if re.search(r"[*`\[\]|]|<!--", text)] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_has_something_to_read(topic: str) -> None:
    blocks = page(topic).blocks
    assert all(one.rows and len(one.header) > 1 for one in blocks if isinstance(one, HelpTable))
    assert all(one.text.strip() for one in blocks if isinstance(one, CodeBlock))
    assert sum(len(plain((run,))) for run in page(topic).runs) > 500
