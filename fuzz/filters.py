"""Fuzzing of filters, with any payload."""

from __future__ import annotations

from array import array
from contextlib import suppress
from itertools import pairwise

from fuzz.target import Target
from spacebeam.library import filters as library
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.search.edits import has_term, like, quote, with_term, without_term
from spacebeam.search.highlights import highlights
from spacebeam.search.matching.masks import both, inverted
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse


def check_filter(data: bytes) -> None:
    """Check a filter with a payload, which is what follows the first line.

    It is parsed, matches or hides, and its terms can be written again and edited.
    """
    written, _, payload = data.partition(b"\n")
    text = written.decode(errors="surrogateescape")
    found = parse(text)
    spans = [(one.start, one.end) for one in found.terms]
    spans = sorted([*spans, *((one.start, one.end) for one in found.errors)])
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    for term in found.terms:
        assert parse(term.written).terms == (term,)
    assert parse(quote(text)).ignores_case
    with_sent = with_term(text, "is:sent")
    assert has_term(with_sent, "is:sent")
    assert not has_term(without_term(with_sent, "is:sent"), "is:sent")
    _check_matches(text, payload)
    library.from_json({"used": [text], "saved": {text: text}, "hidden": {text: {text: True}}})


def _check_matches(text: str, payload: bytes) -> None:
    found, kinds = parse(text), (Kind.TEXT, Kind.BINARY, Kind.PING, Kind.EVENT)
    count, size = len(kinds), len(payload)
    starts = array("I", [place * size for place in range(count)])
    ends = array("I", [start + size for start in starts])
    block = Block(0, Batch(0.0, Direction.RECEIVED, payload * count, bytes(kinds), starts, ends))
    mask = Matcher(found).mask(block)
    shown, hidden = Matcher(parse(""), hidden=(found,)).masks(block, 0, count)
    if hidden is not None:
        assert hidden == mask
        assert not any(both(shown, hidden))
        assert shown == inverted(mask)
    shown, _hidden, stop = Matcher(found).quick_masks(block, 0, count)
    assert shown == mask[:stop]
    with suppress(UnicodeDecodeError):
        payload.decode()
        term = like(block.entry(0))
        assert not parse(term).errors
        assert Matcher(parse(term)).mask(block, 0, 1) == b"\x01", term
    shown_text = payload.decode(errors="replace")
    position = 0
    for start, end in highlights(found, shown_text):
        assert position <= start < end <= len(shown_text)
        position = end


_FILTERS = (
    b'-is:ping word "two words" /re+gex/i',
    b"case:yes Word \xc3\x89t\xc3\xa9",
    b"size>=1.5M after:12:30 before:2026-11-25T12:30:05.25 after:@1732500000",
    b'json:price>100 json:items[0].id!=7 json:name~Ann json:"a b".c="d"',
    b'json:a[?b>`1`].c<=-1e3 json:length(@)=2 json:@ json:""=null',
    b"json:a > 1,000",
)
_PAYLOADS = (b'{"type":"beat","a":[1,{"b":2}]}', b"", b"\xff\x00", b"[" * 2000, b"WORD \xc3\xa9")

FILTERS = {
    "filter": Target(
        check_filter,
        tuple(one + b"\n" + payload for one in _FILTERS for payload in _PAYLOADS),
    ),
}
