"""What the tree shows is read from a part of a file as it is from all of it, or not at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacebeam.exchange.opencollection.connection import connection_document
from spacebeam.exchange.opencollection.yaml_reading import YamlError, parse
from spacebeam.exchange.opencollection.yaml_writing import document
from spacebeam.library.connections.nodes import connection_node
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.library.connections.skimming import skimmed
from spacebeam.profiles.collection import SavedConnection

GOOD = """\
info:
  name: Feed
  type: websocket
  seq: 3

websocket:
  url: wss://h/x
  auth: inherit
"""
END = GOOD.removesuffix("  auth: inherit\n")


def nodes_agree(text: str) -> None:
    part = skimmed(text)
    if part is not None:
        try:
            whole: Any = parse(text)
        except YamlError:
            return  # it is found when the file is checked
        assert connection_node("x.yml", part) == connection_node("x.yml", whole)


@given(
    st.text(max_size=20),
    st.text(st.sampled_from("wss:/{}?&=# '\"x"), max_size=20),
    st.integers(0, len(GOOD)),
    st.text(st.sampled_from(" \n\t:#-'\"x|>"), max_size=5),
)
@settings(max_examples=500, deadline=None)
def test_a_part_says_what_the_whole_says(name: str, url: str, place: int, odd: str) -> None:
    name = name.encode("utf-8", "replace").decode()
    nodes_agree(document(connection_document(SavedConnection(name, url))))
    nodes_agree(GOOD[:place] + odd + GOOD[place:])


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("name: Feed", "name: Feed\n    goes on"),
        GOOD.replace("name: Feed", "name: 'Feed"),
        GOOD.replace("name: Feed", 'name: "F\\x65ed"'),
        GOOD.replace("name: Feed", "name: *feed"),
        GOOD.replace("name: Feed", "name: |\n    Feed"),
        GOOD.replace("name: Feed", "name: Feed # comment"),
        GOOD.replace("  name: Feed", " ># name: Feed"),
        GOOD.replace("  name: Feed", "     >\n  name: Feed"),
        GOOD.replace("websocket:\n  url", "websocket: {}\nother:\n  url"),
        GOOD.replace("url: ", "url:"),  # no field, as there is no space
        GOOD.replace("name: Feed", "name:Feed"),
        GOOD.replace("name: Feed", "name: Feed\n\n    and more"),
        GOOD.replace("name: Feed", "name: Feed\n  \n\n    and more"),
        f"{END}\n    more\n",
        GOOD.replace("\nwebsocket", "\n# comment" * 56 + "\nwebsocket").replace(
            "/x\n", "/x\n   y\n"
        ),
        f"{END}{'   ' * 9}\n{chr(10) * 60}    more\n",
        GOOD + "extensions:\n  spacebeam:\n    favorite: true\n",
        "{info: {name: Feed, type: websocket}}",
        "",
    ],
)
def test_another_form_is_left_to_the_parser(text: str) -> None:
    assert skimmed(text) is None


def test_the_usual_form_is_understood() -> None:
    for text in (
        GOOD,
        GOOD.replace("\n", "\r\n"),
        f"# mine\n{GOOD}",
        GOOD.replace("Feed", "'F #'"),
        GOOD.replace("\n", "\n\n"),
        END,
        END.rstrip("\n"),
    ):
        assert skimmed(text) is not None, text
        nodes_agree(text)


def test_a_file_that_is_broken_later_is_found_when_it_is_checked(folder: OpenFolder) -> None:
    (folder.root / "feed.yml").write_text(f"{GOOD}  bad: [\n")
    folder.load(checked=False)
    assert folder.children()[0].problem is None
    folder.load()
    assert folder.children()[0].problem is not None
    folder.load(checked=False)
    assert folder.children()[0].problem is not None
