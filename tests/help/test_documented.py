"""The pages about options, decoders, formats and keys have what the code has, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from xml.etree import ElementTree

import pytest

from spacebeam.cli.command_line import COMMANDS, program
from spacebeam.decode.registry import REGISTRY
from spacebeam.exchange.exporters.registry import FORMATS
from spacebeam.help.page import Block, Heading, HelpTable, RunStyle, plain
from spacebeam.help.shortcuts import SHORTCUTS, key_label
from spacebeam.help.topics import page
from spacebeam.profiles.profile import DEFAULTS
from spacebeam.scenario.writing import SCENARIO

_OPTION_GROUPS = ("Protocol", "Request", "OAuth 2", "Network and TLS", "Connection", "Schemas")
_ROWS = re.compile("Adw|Spacebeam.*Row|Gtk")
# Groups of fields with templates of their own.
_GROUPS = {
    "SpacebeamProtocolGroup": "protocol_group.ui",
    "SpacebeamAwsGroup": "aws_group.ui",
    "SpacebeamOAuthGroup": "oauth_group.ui",
    "SpacebeamOAuthDetailsGroup": "oauth_details_group.ui",
}
# Widgets of the options' pages that are no field.
_NO_FIELDS = ("AdwPreferencesGroup", "AdwPreferencesPage")


def sections(topic: str) -> dict[str, list[Block]]:
    """Return the blocks below each heading of a page."""
    found: dict[str, list[Block]] = {"": []}
    name = ""
    for block in page(topic).blocks:
        if isinstance(block, Heading):
            name = plain(block.text)
            found[name] = []
        else:
            found[name].append(block)
    return found


def tables(topic: str) -> dict[str, HelpTable]:
    """Return the table below each heading of a page."""
    return {
        name: block
        for name, blocks in sections(topic).items()
        for block in blocks
        if isinstance(block, HelpTable)
    }


def cells(topic: str, column: int) -> list[str]:
    """Return a column's texts in all tables of a page, without empty ones."""
    rows = (row for table in tables(topic).values() for row in table.rows)
    return [text for row in rows if (text := plain(row[column]))]


def fields_of_the_window() -> dict[str, list[str]]:
    """Return the titles of the fields on each page of the options."""
    found: dict[str, list[str]] = {}
    folder = files("spacebeam.ui.options")
    for path in (one for one in folder.iterdir() if one.name.endswith("_page.ui")):
        template = ElementTree.fromstring(path.read_text()).find("template")
        assert template is not None
        title = _title(template)
        assert title is not None
        found[title] = [
            words
            for widget in _widgets(template)
            if widget.get("class") not in _NO_FIELDS and (words := _title(widget))
        ]
    return found


def _widgets(template: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Yield the widgets of a template, and those of groups that have templates of their own."""
    for widget in template.iter("object"):
        yield widget
        file = _GROUPS.get(widget.get("class") or "")
        if file is not None:
            text = (files("spacebeam.ui.options") / file).read_text()
            yield from ElementTree.fromstring(text).iter("object")


def _title(widget: ElementTree.Element) -> str | None:
    return next(
        (one.text for one in widget.findall("property") if one.get("name") == "title"), None
    )


def options_of_the_terminal() -> set[str]:
    """Return the options of `connect` that are about the connection."""
    group = program()
    with group.make_context("spacebeam", [], resilient_parsing=True) as context:
        command = group.get_command(context, "connect")
    groups = [one for one in command.option_groups if one.title in _OPTION_GROUPS]  # type: ignore[union-attr]
    assert len(groups) == len(_OPTION_GROUPS)
    return {name for one in groups for option in one.options for name in option.opts}


def test_every_field_of_the_window_is_explained_on_its_page() -> None:
    said = {
        name: [text for row in table.rows if (text := plain(row[0]))]
        for name, table in tables("options").items()
    }
    fields = fields_of_the_window()
    assert {name: sorted(titles) for name, titles in said.items()} == {
        name: sorted(titles) for name, titles in fields.items()
    }
    assert sum(map(len, fields.values())) >= len(DEFAULTS) - 2


def test_every_option_of_a_connection_is_explained() -> None:
    said = {
        run.text
        for table in tables("options").values()
        for row in table.rows
        for run in row[2]
        if run.style is RunStyle.CODE
    }
    every = options_of_the_terminal()
    assert said - every == {"--decode"}  # of a conversation
    aliases = {"--ping-interval"}
    assert every - said == aliases


def test_every_decoder_has_a_section() -> None:
    found = [one for one in sections("decoders") if one not in ("", "Schemas")]
    assert found == [one.name for one in REGISTRY.decoders]


def test_every_format_of_an_export_is_explained() -> None:
    assert [plain(row[0]) for row in tables("formats")["Export"].rows] == [*FORMATS, SCENARIO.name]


def test_the_page_of_keys_has_every_shortcut() -> None:
    shown = {
        name: [tuple(map(plain, row)) for row in table.rows]
        for name, table in tables("keys").items()
    }
    assert shown == {
        group: [(key_label(key), title) for _action, key, title in shortcuts]
        for group, shortcuts in SHORTCUTS.items()
    }


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("<Control>m", "Ctrl+M"),
        ("<Control><Shift>Return", "Ctrl+Shift+Enter"),
        ("<Control>question", "Ctrl+?"),
        ("F3", "F3"),
        ("Delete", "Delete"),
    ],
)
def test_a_key_is_written_for_people(key: str, label: str) -> None:
    assert key_label(key) == label


@pytest.mark.parametrize("topic", ["search", "recordings", "terminal", "start"])
def test_commands_that_a_page_names_exist(topic: str) -> None:
    named = {
        match
        for run in page(topic).runs
        if run.style is RunStyle.CODE
        for match in re.findall(r"^spacebeam ([a-z][a-z-]*)", run.text)
    }
    assert named <= {*COMMANDS}
