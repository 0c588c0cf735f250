"""A server's answer as text: its bytes may be in any encoding, and nothing of them is an error."""

from __future__ import annotations

import codecs
import re

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.ASCII | re.IGNORECASE)
_META_RANGE = 1024  # characters in which HTML has to name its charset
# Codecs of Python that are no charsets; the first two take quadratic time.
_OTHER_CODECS = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape"))


def head_text(line: bytes) -> str:
    """Return a status line or header: UTF-8, else Latin-1."""
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def body_text(body: bytes, content_type: str | None = None) -> str:
    """Return a body in the charset that it names, else in UTF-8, else in Windows-1252.

    Web servers mean that by Latin-1: it has printable characters in place of control characters.

    The body may be cut inside a character.
    """
    charset = _charset(content_type or "") or _charset(body[:_META_RANGE].decode("latin-1"))
    for name in (charset, "utf-8"):
        if name:
            try:
                text = codecs.getincrementaldecoder(name)("strict").decode(body)
            except UnicodeError:
                continue
            # What is missing at the end is the rest of a character only where others are whole.
            if not text.isascii() or body.isascii():
                return text
    return body.decode(charset or "cp1252", "replace")


def _charset(text: str) -> str:
    """Return the Python codec of the charset that a text names; empty without a known one."""
    found = _CHARSET.search(text)
    if found is None:
        return ""
    try:
        codec = codecs.lookup(found[1])
        b"a".decode(codec.name, "replace")  # refuses codecs such as base64, which make no text
    except (LookupError, ValueError):
        return ""
    return "" if codec.name.replace("-", "_") in _OTHER_CODECS else codec.name
