"""What an export or import did not carry over."""

from __future__ import annotations

from spacebeam.exchange.importers.importer import ImportFault
from spacebeam.exchange.losses import Loss
from spacebeam.wording.exchange import (
    fault_names,
    import_fault_words,
    loss_names,
    not_carried_words,
)


def test_every_loss_has_words() -> None:
    assert set(loss_names()) == {loss.value for loss in Loss}


def test_losses_are_one_sentence() -> None:
    words = not_carried_words({"events": 1, "marks": 0, "control-frames": 1200})
    assert words == "Not carried over: 1 event of the connection; 1,200 pings and pongs."
    assert not_carried_words({"marks": 0}) == ""


def test_every_fault_of_a_file_has_words_and_a_place() -> None:
    assert set(fault_names()) == {fault.value for fault in ImportFault}
    assert import_fault_words("cut-off", line=1200) == "It is cut off at line 1,200."
    assert import_fault_words("not-json", offset=7) == "At byte 7 it is not valid JSON."
