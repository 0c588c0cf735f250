"""Parsing a filter: terms, and errors with their position."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.search.filter import (
    Case,
    ClockTime,
    Comparison,
    Decode,
    HasQuality,
    Json,
    JsonTest,
    Latency,
    Pair,
    Pattern,
    Quality,
    Size,
    Term,
    TimeRange,
    Word,
)
from spacebeam.search.highlights import highlights
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from tests.support.filtering import texts

EQUALS, CONTAINS = JsonTest.EQUALS, JsonTest.CONTAINS


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("word", Term(Word("word"))),
        ('a"b', Term(Word('a"b'))),
        ("foo:bar", Term(Word("foo:bar"))),
        ("https://example.org", Term(Word("https://example.org"))),
        ("-", Term(Word("-"))),
        ("--", Term(Word("-"), is_negated=True)),
        ("size", Term(Word("size"))),
        ("size:1", Term(Word("size:1"))),
        ('"two words"', Term(Word("two words"))),
        (r'"say \"hi\" \\ \n"', Term(Word(r'say "hi" \ \n'))),
        ('""', Term(Word(""))),
        ('-"-a"', Term(Word("-a"), is_negated=True)),
        ("/a b/", Term(Pattern("a b"))),
        (r"/a\/b\\/i", Term(Pattern(r"a\/b\\", ignores_case=True))),
        ("-/a/", Term(Pattern("a"), is_negated=True)),
        ("is:sent", Term(HasQuality(Quality.SENT))),
        ("-is:ping", Term(HasQuality(Quality.PING), is_negated=True)),
        ("is:starred", Term(HasQuality(Quality.STARRED))),
        ("is:unanswered", Term(HasQuality(Quality.UNANSWERED))),
        ("-is:invalid", Term(HasQuality(Quality.INVALID), is_negated=True)),
        ("latency>200ms", Term(Latency(Comparison.MORE, 0.2))),
        ("latency<=1.5s", Term(Latency(Comparison.AT_MOST, 1.5))),
        ("latency=3us", Term(Latency(Comparison.EQUAL, 3e-6))),
        ("-latency<2m", Term(Latency(Comparison.LESS, 120), is_negated=True)),
        ("latency", Term(Word("latency"))),
        ("pair:getBook", Term(Pair("getBook"))),
        ('pair:"get book"', Term(Pair("get book"))),
        ("pair:#17", Term(Pair("", 16))),
        ('pair:"#17"', Term(Pair("#17"))),
        ("pair:#0", Term(Pair("#0"))),
        ("size>10k", Term(Size(Comparison.MORE, 10240))),
        ("size>=1.5M", Term(Size(Comparison.AT_LEAST, 1536 * 1024))),
        ("size<1G", Term(Size(Comparison.LESS, 1024**3))),
        ("size<=7", Term(Size(Comparison.AT_MOST, 7))),
        ("size>10kB", Term(Size(Comparison.MORE, 10240))),
        ("size>1MiB", Term(Size(Comparison.MORE, 1024**2))),
        ("size>7b", Term(Size(Comparison.MORE, 7))),
        ("size=0", Term(Size(Comparison.EQUAL, 0))),
        ("after:12:30", Term(TimeRange(True, ClockTime(time(12, 30))))),
        ("before:9:05:07.25", Term(TimeRange(False, ClockTime(time(9, 5, 7, 250_000))))),
        (
            "after:2026-11-25T12:30:05",
            Term(TimeRange(True, ClockTime(time(12, 30, 5), date(2026, 11, 25)))),
        ),
        ("before:2026-11-25", Term(TimeRange(False, ClockTime(time(), date(2026, 11, 25))))),
        ("after:@1732500000.123", Term(TimeRange(True, ClockTime(unix=1732500000.123)))),
        ("case:yes", Term(Case(True))),
        ("case:no", Term(Case(False))),
        ("decode:json-lines", Term(Decode("JSON Lines"))),
        ("decode:MessagePack", Term(Decode("MessagePack"))),
        ("Case:yes", Term(Word("Case:yes"))),
        ("json:a.b[0]", Term(Json("a.b[0]"))),
        ("json:price=10", Term(Json("price", EQUALS, "10"))),
        ("-json:a=b", Term(Json("a", EQUALS, "b"), is_negated=True)),
        ('json:a="b c"', Term(Json("a", EQUALS, "b c", is_quoted=True))),
        ("json:a>10", Term(Json("a", JsonTest.MORE, "10"))),
        ("json:a>=10", Term(Json("a", JsonTest.AT_LEAST, "10"))),
        ("json:a[0].b<-1.5", Term(Json("a[0].b", JsonTest.LESS, "-1.5"))),
        ("json:a<=b", Term(Json("a", JsonTest.AT_MOST, "b"))),
        ("json:a!=b", Term(Json("a", JsonTest.DIFFERS, "b"))),
        ('json:a>"<"', Term(Json("a", JsonTest.MORE, "<", is_quoted=True))),
        ("json:a~>b", Term(Json("a", CONTAINS, ">b"))),
        ("json:length(a)>2", Term(Json("length(a)", JsonTest.MORE, "2"))),
        ('json:"a>b"', Term(Json('"a>b"'))),
        ("json:a[?b>`1`]", Term(Json("a[?b>`1`]"))),
        ('json:a=""', Term(Json("a", EQUALS, "", is_quoted=True))),
        ('json:a~"\\"x"', Term(Json("a", CONTAINS, '"x', is_quoted=True))),
        ("json:a~b=c", Term(Json("a", CONTAINS, "b=c"))),
        ('json:"a b".c=1', Term(Json('"a b".c', EQUALS, "1"))),
        ('json:"a=b"', Term(Json('"a=b"'))),
        ("json:items[*].id=4", Term(Json("items[*].id", EQUALS, "4"))),
        ("json:a[?b=='x y'].c~d", Term(Json("a[?b=='x y'].c", CONTAINS, "d"))),
    ],
)
def test_a_term_is_parsed(text: str, term: Term) -> None:
    found = parse(f"  {text}\tnext")
    assert found.errors == ()
    assert found.terms == (term, Term(Word("next")))
    assert (str(found.terms[0]), found.terms[0].start) == (text, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("is:nonsense", "one of sent, received, text"),
        ("is:", "write one of"),
        ("case:", "yes or no"),
        ("case:Yes", "yes or no"),
        ("decode:", "write one of avro, "),
        ("decode:nothing", "write one of avro, "),
        ("size>abc", "size>10k"),
        ("size<", "size<10k"),
        ("size>10kk", "size>10k"),
        ("json:a==1", "single ="),
        ("json:a=>1", "Write >= to compare numbers"),
        ("json:a=<-1", "Write <= to compare numbers"),
        ("json:a<>1", "Compare with =, !="),
        ("json:a!==1", "Compare with =, !="),
        ("json:a>", '""'),
        ("json:>1", "json:price=10"),
        ("json:a!b", "JMESPath"),
        ("json:a>1,000", "without separators, as in >1000"),
        ("json:a!=12_000.5", "without separators, as in !=12000.5"),
        ("after:25:99", "after:12:30:05"),
        ("before:", "before:12:30:05"),
        ("after:2026-02-30T10:00", "after:"),
        ("after:T10:00", "after:"),
        ("after:@", "after:"),
        ("/[/", "missing ]"),
        ("/a/x", "only i"),
        ("/api/users", '"/…"'),
        ("//", "between the slashes"),
        ("/(?=a)/", "Lookahead"),
        (r"/\1/", "invalid escape sequence"),
        ("json:", "json:price=10"),
        ("json:=1", "json:price=10"),
        ("json:a=", '""'),
        ("json:a-b", '"quotation-marks"'),
        ("json:a.0", "items[0]"),
        ("json:a.", "incomplete"),
        ("json:a[", "incomplete"),
        ("json:a]", "JMESPath"),
        ('"a"b', "Add a space after the closing quotation mark"),
        ('json:a="b"c', "Add a space after the closing quotation mark"),
    ],
)
def test_an_error_has_a_position_and_advice(text: str, words: str) -> None:
    found = parse(f"one -{text} two")
    assert found.terms == (Term(Word("one")), Term(Word("two")))
    [error] = found.errors
    assert (error.start, error.end) == (4, 5 + len(text))
    assert words in error.message


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("json:price > 100", "json:price>…"),
        ("json:price >=100", "json:price>=100…"),
        ("size <1k", "size<1k…"),
        ("json:a = b", "json:a=…"),
    ],
)
def test_a_comparison_with_spaces_is_an_error(text: str, advice: str) -> None:
    assert parse(text).errors[0].message == f"Write the comparison without spaces, as in {advice}"


@pytest.mark.parametrize("text", ["> 1", "a > b", 'json:a ">"', "json:a>1 >", "-json:a -=>"])
def test_other_words_may_begin_like_a_comparison(text: str) -> None:
    assert not parse(text).errors


@pytest.mark.parametrize("term", ["case:yes", "decode:json"])
def test_what_is_about_the_other_conditions_cannot_be_negated(term: str) -> None:
    found = parse(f"a -{term}")
    assert found.terms == (Term(Word("a")),)
    assert found.errors[0].message == f"Write {term}, without a minus"


@pytest.mark.parametrize(
    ("text", "ignores_case"),
    [("", True), ("a", True), ("a case:yes", False), ("case:yes a case:no", True)],
)
def test_the_last_case_of_a_filter_counts(text: str, ignores_case: bool) -> None:
    assert parse(text).ignores_case is ignores_case


@pytest.mark.parametrize(
    "text", ['"a b', '"a\\"', "/a b", "/a\\/", 'json:a="b c', "json:'a b", "/"]
)
def test_an_incomplete_term_extends_to_the_end(text: str) -> None:
    found = parse(f"one {text}")
    assert found.terms == (Term(Word("one")),)
    [error] = found.errors
    assert (error.start, error.end) == (4, 4 + len(text))
    assert "Missing" in error.message


PIECES = st.sampled_from(
    (
        *(
            "is:",
            "sent",
            "case:",
            "yes",
            "size>",
            "1k",
            "after:",
            "@",
            "12:30",
            "json:",
            "a",
            "[",
            "]",
            "[*]",
            ".",
        ),
        *(
            "=",
            "~",
            "-",
            '"',
            "\\",
            "/",
            "i",
            " ",
            "(",
            "?",
            "*",
            "`",
            "'",
            "{",
            "9" * 30,
            "\ud800",
        ),
    )
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_is_parsed(text: str) -> None:
    found = parse(text)
    spans = [(one.start, one.end) for one in found.terms]
    spans += [(one.start, one.end) for one in found.errors]
    position = 0
    for start, end in sorted(spans):
        assert position <= start < end
        assert text[position:start].isspace() or not text[position:start]
        position = end
    assert text[position:].isspace() or not text[position:]
    for term in found.terms:
        assert text[term.start : term.end] == str(term)
        assert parse(str(term)).terms == (term,)
    for error in found.errors:
        assert error.message
    block = texts(b'{"a":[1,"sent"]}', b"", text.encode(errors="surrogatepass"))
    assert set(Matcher(found).matches(block)) <= {0, 1, 2}
    assert all(0 <= start < end <= 6 for start, end in highlights(found, "sent a"))
