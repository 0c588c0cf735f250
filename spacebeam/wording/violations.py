"""Messages that are not as a schema says, in words."""

from __future__ import annotations

from collections.abc import Sequence

from spacebeam.decode.json_schema import MAX_VIOLATIONS, Violation
from spacebeam.decode.visible import one_line
from spacebeam.wording.i18n import _, ngettext

_MAX_LISTED = 5


def violations_words(found: Sequence[Violation]) -> str:
    """Return where a message violates its schema, a place on each line."""
    count = f"{len(found):,}{'+' if len(found) >= MAX_VIOLATIONS else ''}"
    head = ngettext(
        "The message violates the schema in {count} place:",
        "The message violates the schema in {count} places:",
        len(found),
    ).format(count=count)
    return "\n".join((head, *(one_line(str(one)) for one in found[:_MAX_LISTED])))


def too_long_words() -> str:
    """Return that a message is not checked."""
    return _("Not checked against the schema: the message is longer than 256 KiB.")


def no_schema_words() -> str:
    """Return why the filter `is:invalid` finds nothing, and what to do."""
    return _("is:invalid needs a JSON Schema. Choose its file in the menu, at Decoding.")
