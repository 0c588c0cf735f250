"""What a pasted command could not say is described."""

from __future__ import annotations

import pytest

from spacebeam.exchange.command_lines.pasted_connection import LeftOut, LeftOutKind, PasteProblem
from spacebeam.wording.pasted import left_out_summary, left_out_words, paste_problem_words


def test_what_was_left_out_is_one_line_and_its_reasons_are_sentences() -> None:
    left_out = (
        LeftOut(LeftOutKind.OWN_HEADER, "Upgrade"),
        LeftOut(LeftOutKind.OWN_HEADER, "Connection"),
        LeftOut(LeftOutKind.FILE, "--config"),
    )
    assert left_out_summary(left_out) == "Left out: 1 file, 2 headers of the handshake."
    assert left_out_words(left_out) == (
        "Files are not read: --config.\n"
        "Headers that the handshake makes itself: Upgrade, Connection."
    )
    assert left_out_summary(()) == ""


@pytest.mark.parametrize("kind", LeftOutKind)
def test_every_kind_has_words(kind: LeftOutKind) -> None:
    assert left_out_words((LeftOut(kind, "X"),)).endswith(".")
    assert left_out_summary((LeftOut(kind, "X"),)).startswith("Left out: ")


def test_many_names_are_not_listed_to_the_end() -> None:
    names = [LeftOut(LeftOutKind.OPTION, f"--o{number}") for number in range(50)]
    assert left_out_words(names).endswith("--o11, ….")


@pytest.mark.parametrize("problem", PasteProblem)
def test_every_problem_says_what_to_do(problem: PasteProblem) -> None:
    assert all(words.endswith(".") for words in paste_problem_words(problem))
