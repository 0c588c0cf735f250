"""Completes the commands and their files in the input line, with Tab."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from spacebeam.cli.interactive.commands import COMMANDS

_NAMES = tuple(dict.fromkeys(one.name for one in COMMANDS))
_BEFORE_FILE = ("/send ", "/binary @")


class TypedCompleter(Completer):
    """Completes the text before the cursor, if it begins a command or names a file."""

    def get_completions(self, document: Document, event: CompleteEvent) -> Iterable[Completion]:
        """Yield the completions of a command or of its file."""
        typed = document.text_before_cursor
        for before in _BEFORE_FILE:
            if typed.startswith(before):
                yield from _files(typed.removeprefix(before))
                return
        if typed.startswith("/"):
            for name in _NAMES:
                if name.startswith(typed):
                    yield Completion(f"{name} ", -len(typed), display=name)


def _files(typed: str) -> Iterator[Completion]:
    folder, beginning = os.path.split(typed)
    try:
        found = sorted(os.scandir(os.path.expanduser(folder) or "."), key=lambda one: one.name)
    except (OSError, ValueError):
        return
    for one in found:
        is_shown = beginning.startswith(".") or not one.name.startswith(".")
        if one.name.startswith(beginning) and is_shown and one.name.isprintable():
            name = f"{one.name}/" if one.is_dir() else one.name
            yield Completion(name, -len(beginning))
