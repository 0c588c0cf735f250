"""Every `.ui` file belongs to a class, names its handlers and is translatable."""

from __future__ import annotations

import importlib
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from gi.repository import Gtk

import spacebeam.ui
from spacebeam.ui.template import template

ROOT = Path(spacebeam.ui.__file__).parent
EVERY = sorted(ROOT.rglob("*.ui"))
INTERFACES = [one for one in EVERY if ET.parse(one).find("template") is not None]
NAMES = [interface.stem for interface in INTERFACES]


class Lost(Gtk.Box):
    """A widget without an interface."""


def module_of(interface: Path) -> str:
    return ".".join(("spacebeam", "ui", *interface.relative_to(ROOT).with_suffix("").parts))


def widget_of(interface: Path) -> Any:
    """Return the class of the file's name, in which an acronym such as OAuth may be written so."""
    wanted = interface.stem.replace("_", "").casefold()
    found = vars(importlib.import_module(module_of(interface))).items()
    return next(one for name, one in found if name.casefold() == wanted)


@pytest.mark.parametrize("interface", INTERFACES, ids=NAMES)
def test_an_interface_belongs_to_the_class_of_its_name(interface: Path) -> None:
    widget = widget_of(interface)
    assert issubclass(widget, Gtk.Widget)
    assert widget.__gtype__.name == f"Spacebeam{widget.__name__}"
    (root,) = ET.parse(interface).iterfind("template")
    assert root.get("class") == widget.__gtype__.name


@pytest.mark.parametrize("interface", INTERFACES, ids=NAMES)
def test_every_handler_is_named_after_its_object_and_signal(interface: Path) -> None:
    handlers = [one.get("handler", "") for one in ET.parse(interface).iterfind(".//signal")]
    widget = widget_of(interface)
    for handler in handlers:
        assert re.fullmatch(r"_on_[a-z0-9_]+", handler)
        assert callable(getattr(widget, handler))


@pytest.mark.parametrize("interface", EVERY, ids=[one.stem for one in EVERY])
def test_every_visible_text_is_translatable(interface: Path) -> None:
    """A label or tooltip without `translatable` would stay English for ever.

    With “no”, that is meant: a path or an address is the same in every language.
    """
    read = ("label", "tooltip-text", "placeholder-text", "title")
    for one in ET.parse(interface).iterfind(".//property"):
        has_words = one.text != "Spacebeam" and any(map(str.isalpha, one.text or ""))
        if one.get("name") in read and has_words:
            assert one.get("translatable") in ("yes", "no"), one.text


def test_an_interface_without_a_widget_has_menus_only() -> None:
    others = [one for one in EVERY if one not in INTERFACES]
    assert {part.tag for one in others for part in ET.parse(one).getroot()} == {"menu"}


def test_a_missing_interface_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        template("nowhere.ui")(Lost)
