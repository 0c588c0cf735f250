"""A refusal's body as a person reads it: HTML without its markup."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from spacebeam.net.report import HttpExchange
from spacebeam.wording.i18n import _

# What is beyond is left out: a hostile page must not hold up the window.
_MAX_HTML = 32 * 1024  # characters
_MAX_TAGS = 1500
_MAX_ENCODING = 40  # characters
_DECODED = ("gzip", "x-gzip", "deflate")  # by net.http_answer, asked for or not
_IS_HTML = re.compile(r"\s*(<!--|<!doctype\s+html|<(html|head|body)\b)", re.IGNORECASE)
# Neither pattern goes past the next "<", so reading takes linear time.
_TAG = re.compile(r"<(/?([a-z][a-z0-9]*)|[/!?])[^<>]*>?|<+", re.IGNORECASE)
_HIDDEN = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ("script", "style", "template", "svg", "noscript")
}
_INLINE = re.compile(r"a|abbr|b|bdi|bdo|cite|code|em|font|i|kbd|mark|q|s|small|span|strong|u")


def body_text(exchange: HttpExchange) -> str:
    """Return the body with line feeds as its only line ends; not escaped."""
    encoding = _unknown_encoding(exchange)
    if exchange.body and encoding:
        return _("(encoded as {encoding})").format(encoding=encoding)
    body = exchange.body.replace("\r\n", "\n").replace("\r", "\n")
    is_html = "html" in (exchange.header("Content-Type") or "").lower() or _IS_HTML.match(body)
    return html_text(body) if is_html else body


def _unknown_encoding(exchange: HttpExchange) -> str:
    """Return the Content-Encoding of a body that could not be decoded."""
    encoding = (exchange.header("Content-Encoding") or "").strip().lower()[:_MAX_ENCODING]
    accepted = (exchange.request_header("Accept-Encoding") or "").lower().replace(",", " ").split()
    return "" if encoding in ("", "identity", *_DECODED, *accepted) else encoding


def html_text(source: str) -> str:
    """Return the text of HTML: a line for each block, without scripts, styles and comments."""
    lines = (" ".join(line.split()) for line in "".join(_parts(source)).split("\n"))
    shown: list[str] = []
    for line in lines:
        if line and line not in shown[-1:]:  # often the title and the heading are the same
            shown.append(line)
    return "\n".join(shown)


def _parts(source: str) -> Iterator[str]:
    place = tags = 0
    whole, source = source, source[:_MAX_HTML]
    while place < len(source) and tags < _MAX_TAGS:
        tags += 1
        start = source.find("<", place)
        if start < 0:
            start = len(source)
        yield html.unescape(" ".join(source[place:start].split("\n")))
        place = start
        if source.startswith("<!--", start):
            end = source.find("-->", start + 4)
            place = len(source) if end < 0 else end + 3
        elif tag := _TAG.match(source, start):
            place = tag.end()
            name = (tag[2] or "").lower()
            if not tag[1]:
                yield tag[0]  # “1 < 2” is no tag
            elif name in _HIDDEN and tag[1][0] != "/":
                closed = _HIDDEN[name].search(source, place)
                place = len(source) if closed is None else closed.start()
            elif not _INLINE.fullmatch(name):
                yield "\n"
    if place < len(whole):
        yield "\n…"
