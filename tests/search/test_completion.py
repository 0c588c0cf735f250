"""Names of conditions are proposed for the word before the cursor."""

from __future__ import annotations

import pytest

from spacebeam.search.completion import proposals, word_start
from spacebeam.search.filter import Quality
from spacebeam.search.parser import parse


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("is", [f"is:{one}" for one in Quality]),
        ("is:p", ["is:ping", "is:pong"]),
        ("lat", ["latency>", "latency<"]),
        ("-pai", ["pair:"]),
        ("error js", ["json:"]),
        ("-js", ["json:"]),
        ("si", ["size>", "size<"]),
        ("ca", ["case:yes"]),
        ("-ca", []),
        ("is:ping", []),
        ("j", []),
        ("", []),
        ("needle", []),
        ('"two js', []),
        ("/js", []),
    ],
)
def test_the_word_at_the_end_is_completed(text: str, terms: list[str]) -> None:
    assert [one.term for one in proposals(text, len(text))] == terms


def test_a_word_before_others_is_completed_but_not_in_its_middle() -> None:
    assert [one.term for one in proposals("be size>3", 2)] == ["before:"]
    assert proposals("before", 2) == []
    assert word_start("a -be size>3", 5) == 3


@pytest.mark.parametrize("beginning", ["is", "si", "la", "pa", "af", "be", "js", "ca"])
def test_a_proposal_begins_a_valid_condition(beginning: str) -> None:
    for one in proposals(beginning, 2):
        samples = (f"{one.term}{value}" for value in ("", "12:30", "3", "3ms", "price"))
        assert any(not parse(sample).errors for sample in samples)


def test_names_of_questions_are_completed() -> None:
    names = ["query GetBook", "getBalance", "Place Order", "query GetBook", "#1"]
    terms = [one.term for one in proposals("is:sent pair:ge", 15, names)]
    assert terms == ["pair:GetBook", "pair:getBalance"]
    assert [one.term for one in proposals("-pair:", 6, names)] == [
        'pair:"#1"',
        "pair:GetBook",
        "pair:Order",
        "pair:getBalance",
    ]
    assert proposals("pair:getbook", 12, names) == []
