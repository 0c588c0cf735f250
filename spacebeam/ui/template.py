"""Loads a widget's `.ui` file from beside its `.py`: no resource compiler, no build step."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import TypeVar

from gi.repository import Gtk

Widget = TypeVar("Widget", bound=type[Gtk.Widget])


def template(name: str) -> Callable[[Widget], Widget]:
    """Decorates a widget class with the template in the file `name` of its own package."""

    def decorate(widget: Widget) -> Widget:
        package = widget.__module__.rpartition(".")[0]
        text = resources.files(package).joinpath(name).read_bytes()
        return Gtk.Template(string=text)(widget)

    return decorate
