"""Adding and removing terms of a filter, and terms that hide entries."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.json_tree import JsonTree
from spacebeam.protocol.batch import Kind
from spacebeam.recording.block import Block
from spacebeam.search.edits import has_term, json_term, like, quote, with_term, without_term
from spacebeam.search.filter import Term, Word
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from tests.support.filtering import batch

SENT = "is:sent"


@given(st.one_of(st.text(), st.sampled_from(("is:sent", "-a", "size>1", '"', "\\", "/", "json:a"))))
def test_a_quoted_text_is_parsed_back(word: str) -> None:
    found = parse(f"before {quote(word)} behind")
    assert found.terms == tuple(Term(Word(one)) for one in ("before", word, "behind"))


def test_a_plain_word_is_not_quoted() -> None:
    assert quote("foo:bar") == "foo:bar"


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("is:sent", True),
        ("a is:sent b", True),
        ("-is:sent", False),
        ('"is:sent"', False),
        ('"a is:sent', False),
        ("", False),
    ],
)
def test_a_term_of_a_filter_is_found(text: str, has: bool) -> None:
    assert has_term(text, SENT) is has


def test_a_quoted_term_is_found() -> None:
    assert has_term('"needle"', "needle")
    assert not has_term("needle", "")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", SENT),
        ("a ", "a is:sent"),
        ("is:sent a", "is:sent a"),
        ('"a b', 'is:sent "a b'),
        ("/a b", "is:sent /a b"),
    ],
)
def test_a_term_is_added(text: str, after: str) -> None:
    assert with_term(text, SENT) == after


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("is:sent", ""),
        ("a is:sent b", "a b"),
        ("a is:sent", "a"),
        ("is:sent  a is:sent b", "a b"),
        ("-is:sent a", "-is:sent a"),
        ('is:sent "a b', '"a b'),
    ],
)
def test_a_term_is_removed(text: str, after: str) -> None:
    assert without_term(text, SENT) == after


@given(st.text())
def test_a_term_can_be_added_to_and_removed_from_any_text(text: str) -> None:
    pressed = with_term(text, SENT)
    assert has_term(pressed, SENT)
    assert set(parse(pressed).terms) == {*parse(text).terms, *parse(SENT).terms}
    released = without_term(pressed, SENT)
    assert not has_term(released, SENT)
    assert set(parse(released).terms) == set(parse(text).terms) - set(parse(SENT).terms)


LONG = b"x" * 30 + b"y" * 40


@pytest.mark.parametrize(
    ("kind", "payload", "term"),
    [
        (Kind.PING, b"1", "is:ping"),
        (Kind.PONG, b"", "is:pong"),
        (Kind.CLOSE, b"", "is:close"),
        (Kind.EVENT, b"it began", "is:event"),
        (Kind.BINARY, b"\x00\x01", "is:binary"),
        (Kind.TEXT, b"", "size=0"),
        (Kind.TEXT, b'{"type":"heartbeat","n":1}', "json:type=heartbeat"),
        (Kind.TEXT, b'\n{"op":3,"channel":"a b"}', 'json:channel="a b"'),
        (Kind.TEXT, b'{"event":"10"}', 'json:event="10"'),
        (Kind.TEXT, b'{"method":"true"}', 'json:method="true"'),
        (Kind.TEXT, b'{"action":""}', 'json:action=""'),
        (Kind.TEXT, b'\xef\xbb\xbf{"type":"beat"}', "json:type=beat"),
        (
            Kind.TEXT,
            b'{"type":"deep","n":' + b"[" * 2000 + b"7" * 5000 + b"]" * 2000 + b"}",
            "json:type=deep",
        ),
        (Kind.TEXT, b'{"type":1}', "json:type=1"),
        (Kind.TEXT, b'{"op":-7,"type":true}', "json:op=-7"),
        (Kind.TEXT, b'{"type":1700000000}', '"{\\"type\\":1700000000}"'),
        (Kind.TEXT, b'{"type":1.5}', '"{\\"type\\":1.5}"'),
        (Kind.TEXT, b'["type"]', '"[\\"type\\"]"'),
        (Kind.TEXT, b'{"type":', '"{\\"type\\":"'),
        (Kind.TEXT, b"keep alive", '"keep alive"'),
        (Kind.TEXT, b"2", "/^2$/"),
        (Kind.TEXT, b"two\nlines", r"/^two\x{a}lines$/"),
        (Kind.TEXT, b"/a.b*[c] " + LONG, r"/^\/a\.b\*\[c\] xxxxxxxxxxxxxxx/"),
        (Kind.TEXT, "é".encode() * 80, f"/^{'é' * 24}/"),
    ],
)
def test_a_term_is_made_for_similar_entries(kind: Kind, payload: bytes, term: str) -> None:
    other = (Kind.TEXT, b"something else, 2 or more")
    block = Block(0, batch([(kind, payload), other]))
    assert like(block.entry(0)) == term
    assert parse(term).errors == ()
    assert list(Matcher(parse(term)).matches(block)) == [0]


@given(st.text(max_size=100))
def test_entries_like_any_text_can_be_found(text: str) -> None:
    block = Block(0, batch([(Kind.TEXT, text.encode())]))
    term = like(block.entry(0))
    assert "\n" not in term
    assert list(Matcher(parse(term)).matches(block)) == [0]


def test_entries_like_one_read_in_part_have_its_beginning() -> None:
    block = Block(0, batch([(Kind.TEXT, b'{"type":"a","data":"' + b"x" * 80 + b'"}')]))
    assert like(block.entry(0, 30)) == r'/^\{"type":"a","data":"xxxx/'


@pytest.mark.parametrize(
    ("document", "term"),
    [
        (rb'{"a":"x\ny"}', 'json:a="x\ny"'),
        (rb'{"a":"x\u0000y"}', "json:a"),
        (rb'{"a":"\ud800"}', "json:a"),
        (rb'{"\ud800k":"v"}', r'json:"\ud800k"=v'),
        (b"[" * 300 + b"1", f"json:{'[0]' * 300}=1"),
        (b"[" * 400 + b"1", ""),
    ],
)
def test_a_json_value_becomes_a_term_that_a_text_field_can_hold(document: bytes, term: str) -> None:
    tree = JsonTree(document)
    list(tree.read())
    assert json_term(tree, len(tree) - 1) == term
    assert not parse(term).errors


KEYS = st.one_of(
    st.text(max_size=4),
    st.sampled_from(
        ("", "a.b", 'q"uo', "back\\", "a b", "ä", "[0]", "a=b", "a>1", "it's", "`x`", "@")
    ),
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=6),
    st.sampled_from((2**53 + 1, -0.0, 1.0, "1", "1.0", "true", "null", "", "a\nb", "<3", "=x")),
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(DOCUMENTS, st.booleans())
def test_the_term_of_each_value_in_a_tree_matches_its_document(value: object, ascii: bool) -> None:
    document = json.dumps(value, ensure_ascii=ascii).encode()
    tree = JsonTree(document)
    list(tree.read())
    block = Block(0, batch([(Kind.TEXT, document)]))
    for number in range(len(tree)):
        found = parse(json_term(tree, number))
        assert not found.errors
        assert list(Matcher(found).matches(block)) == [0], found.text


@pytest.mark.parametrize(
    ("document", "term", "others"),
    [
        (b"[1.0]", "json:[0]=1.0", (b'["1"]', b"[true]", b"[2]")),
        (b'{"a":"1"}', 'json:a="1"', (b'{"a":1}', b'{"a":1.0}')),
        (b'{"a":null}', "json:a=null", (b"{}", b'{"a":""}', b'{"a":false}')),
        (b'{"a":9007199254740993}', "json:a=9007199254740993", (b'{"a":9007199254740992}',)),
        (b'{"a":true}', "json:a=true", (b'{"a":1}', b'{"a":[true]}')),
        (b'{"a.b":1}', 'json:"a.b"=1', (b'{"a":{"b":1}}',)),
    ],
)
def test_the_term_of_a_value_does_not_match_another_value(
    document: bytes, term: str, others: tuple[bytes, ...]
) -> None:
    tree = JsonTree(document)
    list(tree.read())
    assert json_term(tree, 1) == term
    block = Block(0, batch([(Kind.TEXT, one) for one in (document, *others)]))
    assert 0 in Matcher(parse(term)).matches(block)
    assert len(Matcher(parse(term)).matches(block)) == 1
