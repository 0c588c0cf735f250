"""Answers find their questions, whatever the order and however many there are."""

from __future__ import annotations

from spacebeam.decode.decoder import Message
from spacebeam.decode.pairing import Pairing


def asking(key: str, name: str = "") -> Message:
    return Message("request", name=name, asks=key)


def answering(key: str, *, is_last: bool = True, is_error: bool = False) -> Message:
    return Message("response", answers=key, is_last=is_last, is_error=is_error)


def test_answers_come_in_any_order() -> None:
    pairing = Pairing()
    for number, key in enumerate("abc"):
        assert pairing.add(number, float(number), "sent", asking(key, f"method {key}")) is None
    found = [
        pairing.add(10 + place, 10.0, "received", answering(key)) for place, key in enumerate("cab")
    ]
    assert [one and (one.number, one.question.number, one.latency) for one in found] == [
        (10, 2, 8.0),
        (11, 0, 10.0),
        (12, 1, 9.0),
    ]
    assert found[0] is not None
    assert found[0].question.name == "method c"
    assert pairing.open == []


def test_both_sides_may_use_the_same_key() -> None:
    pairing = Pairing()
    pairing.add(0, 0.0, "sent", asking("1", "mine"))
    pairing.add(1, 0.0, "received", asking("1", "theirs"))
    theirs = pairing.add(2, 0.5, "sent", answering("1"))
    mine = pairing.add(3, 0.5, "received", answering("1"))
    assert theirs is not None
    assert mine is not None
    assert (theirs.question.name, mine.question.name) == ("theirs", "mine")


def test_a_stream_has_one_question() -> None:
    pairing = Pairing()
    pairing.add(0, 0.0, "sent", asking("s"))
    parts = [
        pairing.add(n, float(n), "received", answering("s", is_last=n == 3)) for n in (1, 2, 3)
    ]
    assert [one and one.is_first for one in parts] == [True, False, False]
    assert [one.number for one in pairing.open] == []
    assert pairing.add(4, 4.0, "received", answering("s")) is None


def test_a_key_that_is_used_again_means_the_newest_question() -> None:
    pairing = Pairing()
    pairing.add(0, 0.0, "sent", asking("1", "first"))
    pairing.add(1, 1.0, "sent", asking("1", "second"))
    answer = pairing.add(2, 2.0, "received", answering("1", is_error=True))
    assert answer is not None
    assert (answer.question.name, answer.is_error) == ("second", True)


def test_an_answer_in_the_questions_direction_is_none() -> None:
    pairing = Pairing()
    pairing.add(0, 0.0, "sent", asking("1"))
    assert pairing.add(1, 0.0, "sent", answering("1")) is None
    assert [one.number for one in pairing.open] == [0]


def test_the_oldest_open_questions_are_forgotten() -> None:
    pairing = Pairing(max_open=2)
    for number in range(3):
        pairing.add(number, 0.0, "sent", asking(str(number)))
    assert [one.number for one in pairing.open] == [1, 2]
    assert pairing.add(3, 1.0, "received", answering("0")) is None


def test_a_clock_that_went_back_gives_no_negative_latency() -> None:
    pairing = Pairing()
    pairing.add(0, 5.0, "sent", asking("1"))
    answer = pairing.add(1, 4.0, "received", answering("1"))
    assert answer is not None
    assert answer.latency == 0
