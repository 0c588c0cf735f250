"""What is invalid in an address, as sentences; `scripts/translations.py` collects them."""

from __future__ import annotations

from spacebeam.protocol.endpoint import EndpointError
from spacebeam.protocol.host import HostError
from spacebeam.wording.i18n import _


def address_words(error: EndpointError | HostError) -> str:
    """Return why an address is invalid, and what to enter; not escaped."""
    return _(error.form).format(**{name: _value(name, one) for name, one in error.values.items()})


def address_advice(error: EndpointError) -> str:
    """Return where to look, or "" where the sentence says it."""
    if error.part == "address":
        return ""
    return _("Look at the {part}.").format(part=_part(error.part))


def _value(name: str, value: object) -> object:
    if isinstance(value, HostError):
        return address_words(value)
    return _part(str(value)) if name == "where" else value


def _part(part: str) -> str:
    parts = {
        "scheme": _("scheme"),
        "host": _("host"),
        "port": _("port"),
        "path": _("path"),
        "fragment": _("fragment"),
    }
    return parts.get(part, part)
