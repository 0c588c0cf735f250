"""The bytes of XML elements, for the formats that make values of them.

Attributes have the bytes of the start tag, and text those between the tags.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from spacebeam.decode.byte_ranges import Range
from spacebeam.decode.decoder import DecodeError

_START_TAG = re.compile(rb"""<[^"'>]*+(?:(?:"[^"]*+"|'[^']*+')[^"'>]*+)*+>""")


@dataclass(slots=True)
class Element:
    """Where an element is in a document."""

    name: str  # as it is written
    start: int
    inside: int  # offset after the start tag
    after: int = 0  # offset of the end tag, or of the end
    end: int = 0
    children: list[Element] = field(default_factory=list)

    @property
    def whole(self) -> Range:
        """The bytes of the element."""
        return self.start, self.end

    @property
    def tag(self) -> Range:
        """The bytes of the start tag."""
        return self.start, self.inside

    @property
    def content(self) -> Range:
        """The bytes between the tags."""
        return self.inside, self.after


def root_element(payload: bytes) -> Element:
    """Return the root element of a document that a decoder has read. Raises DecodeError."""
    parser = expat.ParserCreate("utf-8")
    top = Element("", 0, 0)
    opened = [top]

    def start(name: str, _attributes: object) -> None:
        begin = parser.CurrentByteIndex
        tag = _START_TAG.match(payload, begin)
        element = Element(name, begin, begin if tag is None else tag.end())
        opened[-1].children.append(element)
        opened.append(element)

    def end(_name: str) -> None:
        element, place = opened.pop(), parser.CurrentByteIndex
        element.after = element.end = element.inside
        if not payload.endswith(b"/>", 0, element.inside):
            element.after, element.end = place, payload.index(b">", place) + 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        parser.Parse(payload, True)
    except expat.ExpatError as error:
        raise DecodeError(expat.ErrorString(error.code), 0) from None
    return top.children[0]
