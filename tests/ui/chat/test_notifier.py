"""What a desktop notification says of a peer's message."""

from __future__ import annotations

from spacebeam.ui.chat.notifier import MAX_BODY, notification, safe


def test_a_peer_s_text_is_bounded_and_never_markup() -> None:
    shown = safe("<b>a</b> & \u202e\n" + "x" * 999, MAX_BODY)
    assert not set("<>&\n\u202e") & set(shown)
    assert len(shown) <= MAX_BODY + 9
    assert notification("Ada", "hello", 1) is not None
