"""Collects texts for translation, and compiles the translations: `make translations`.

The texts are those of spacebeam/wording, of the window (.py and .ui), and the titles of its
shortcuts. po/spacebeam.pot has all of them, po/<language>.po their translations; what gettext reads
is spacebeam/wording/locale/<language>/LC_MESSAGES/spacebeam.mo.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from spacebeam.help.shortcuts import SHORTCUTS
from spacebeam.wording.ui_texts import ui_texts

PROJECT = Path(__file__).resolve().parent.parent
WORDING = PROJECT / "spacebeam" / "wording"
WINDOW = PROJECT / "spacebeam" / "ui"
PROTOCOL, PROFILES = PROJECT / "spacebeam" / "protocol", PROJECT / "spacebeam" / "profiles"
TEMPLATE = PROJECT / "po" / "spacebeam.pot"
_NO_DATE = datetime.fromtimestamp(0, UTC)  # the same texts give the same file
_Text = str | tuple[str, ...]  # singular and plural
_HEADER = "# Translations of Spacebeam; see scripts/translations.py.\n#"


def template() -> Catalog:
    """Return all texts, sorted by where they are."""
    catalog = Catalog(project="Spacebeam", header_comment=_HEADER, fuzzy=False)
    for place, text, comments, context in sorted(_texts(), key=lambda one: one[0]):
        catalog.add(text, locations=[place], auto_comments=comments, context=context)
    return catalog


def _texts() -> Iterator[tuple[tuple[str, int], _Text, list[str], str | None]]:
    """Yield each text with its file and place there, what its translator is told, its context."""
    for folder in (WORDING, WINDOW):
        found = extract_from_dir(folder, method_map=[("**.py", "python")])
        for name, line, text, comments, context in found:
            yield (_place(folder / name), line), text, comments, context
    for folder in (PROTOCOL, PROFILES):  # `wording/addresses.py` translates them
        keywords = {"EndpointError": (2,), "HostError": None}
        found = extract_from_dir(folder, method_map=[("**.py", "python")], keywords=keywords)
        for name, line, text, comments, context in found:
            yield (_place(folder / name), line), text, comments, context
    for path in WINDOW.rglob("*.ui"):
        for number, one in enumerate(ui_texts(path.read_text(encoding="utf-8"))):
            yield (_place(path), number), one.text, [one.comment] if one.comment else [], None
    groups = ((name, *(title for _action, _key, title in SHORTCUTS[name])) for name in SHORTCUTS)
    for number, title in enumerate(chain.from_iterable(groups)):
        yield ("spacebeam/help/shortcuts.py", number), title, [], None


def _place(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def translated(path: Path) -> Catalog:
    """Return a translation, brought up to date with the texts."""
    with path.open("rb") as file:
        catalog = read_po(file, locale=path.stem)
    catalog.update(template(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def as_text(catalog: Catalog) -> str:
    """Return a catalog as a .po file, without lines and dates that change by themselves."""
    made = io.BytesIO()
    write_po(made, catalog, width=100, include_lineno=False, omit_header=False)
    lines = made.getvalue().decode().splitlines(keepends=True)
    dates = ('"POT-Creation-Date:', '"PO-Revision-Date:', '"Generated-By:')
    return "".join(line for line in lines if not line.startswith(dates))


def compiled(catalog: Catalog) -> bytes:
    """Return a catalog as a .mo file."""
    text = read_po(io.BytesIO(as_text(catalog).encode()), locale=catalog.locale)
    text.creation_date = text.revision_date = _NO_DATE
    made = io.BytesIO()
    write_mo(made, text)
    return made.getvalue()


def translations() -> dict[Path, Path]:
    """Return the .po files with the .mo files that belong to them."""
    return {
        path: WORDING / "locale" / path.stem / "LC_MESSAGES" / "spacebeam.mo"
        for path in sorted(TEMPLATE.parent.glob("*.po"))
    }


def main() -> int:
    """Write the template, the updated translations and what is compiled from them."""
    TEMPLATE.write_text(as_text(template()), encoding="utf-8")
    missing = 0
    for path, target in translations().items():
        path.write_text(as_text(translated(path)), encoding="utf-8")
        catalog = translated(path)  # as the test reads it
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(compiled(catalog))
        missing += sum(1 for one in catalog if one.id and not one.string)
    if missing:
        print(f"{missing} texts are not translated.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
