"""The history of sent messages is gone through like a shell's."""

from __future__ import annotations

from spacebeam.ui.composer.recall import Message, Recall


def recall(*messages: Message) -> Recall:
    made = Recall()
    made.read = lambda: messages
    return made


def test_messages_come_from_the_newest_to_the_oldest_and_back() -> None:
    history = recall("one", b"two", "three")
    assert history.older("") == "three"
    assert history.older("three") == b"two"
    assert history.older("74 77 6f") == "one"
    assert history.older("one") is None
    assert history.newer() == b"two"
    assert history.newer() == "three"
    assert history.newer() == ""
    assert history.newer() is None


def test_an_emptied_text_begins_at_the_newest_again() -> None:
    history = recall("one", "two")
    assert history.older("") == "two"
    assert history.older("two") == "one"
    assert history.older("") == "two"


def test_an_edited_message_is_left_alone() -> None:
    history = recall("one")
    assert history.shows("")
    assert not history.shows("one")
    history.put("one", "one")
    assert history.shows("one")
    assert not history.shows("one!")


def test_older_is_older_than_a_message_that_was_put_there_in_another_way() -> None:
    history = recall("one", "two", "three")
    history.put("two", "two")
    assert history.older("two") == "one"
    history.put("unknown", "unknown")
    assert history.older("unknown") == "three"


def test_there_may_be_no_history() -> None:
    assert Recall().older("") is None
    assert Recall().newer() is None
