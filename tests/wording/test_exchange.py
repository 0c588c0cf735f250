"""What an export or import did not carry over."""

from __future__ import annotations

from spacebeam.exchange.losses import Loss
from spacebeam.wording.exchange import loss_names, not_carried_words


def test_every_loss_has_words() -> None:
    assert set(loss_names()) == {loss.value for loss in Loss}


def test_losses_are_one_sentence() -> None:
    words = not_carried_words({"events": 1, "marks": 0, "control-frames": 1200})
    assert words == "Not carried over: 1 event of the connection; 1,200 pings and pongs."
    assert not_carried_words({"marks": 0}) == ""
