"""The window of a person whose language is German: all that is shown is German."""

from __future__ import annotations

from collections.abc import Iterator

from babel.messages.pofile import read_po

from scripts.translations import TEMPLATE
from tests.journeys.keyboard import press
from tests.journeys.program import serving, started
from tests.journeys.screen import BUTTON, TEXT, Widget, until


def english() -> frozenset[str]:
    """Return the texts that are other ones in German."""
    with TEMPLATE.with_name("de.po").open("rb") as file:
        catalog = read_po(file, locale="de")
    texts = {one.id: one.string for one in catalog if isinstance(one.id, str)}
    german = set(texts.values())
    return frozenset(text for text, other in texts.items() if text != other) - german


def untranslated(window: Widget) -> Iterator[str]:
    """Yield the English texts among the names and descriptions in a window."""
    known = english()
    for one in window.everything():
        yield from {one.name.replace("_", ""), one.description, one.said} & known - {""}


def test_the_main_screens_are_german() -> None:
    with serving() as (url, _server), started({"LANGUAGE": "de"}) as program:
        window = program.window()
        window.find(TEXT, "Adresse").write(f"{url}/echo")
        assert not list(untranslated(window))
        window.find(BUTTON, "Optionen").press()
        options = program.window(1)
        options.reads("Verbinden")
        assert not list(untranslated(options))
        press("Escape")
        until(lambda: len(program.windows()) == 1, "closed options")
        window.find(BUTTON, "Verbinden").press()
        window.reads("Verbunden")
        window.find(TEXT, "Nachricht").write("Hallo")
        window.find(BUTTON, "Senden").press()
        until(lambda: window.says("Hallo") == 2, "the echo")
        assert not list(untranslated(window))
        window.find(BUTTON, "Trennen").press()
        window.reads("Getrennt (1000, normales Ende).")
        assert not list(untranslated(window))
