"""How many entries are kept, shown and held back; and in words."""

from __future__ import annotations

from typing import NamedTuple

from spacebeam.decode.preview import size


class Counts(NamedTuple):
    """How many entries are where."""

    passing: int  # that the filter lets through, as far as is known
    shown: int  # in the list, or in a moment: it is made little by little
    held_back: int  # by the pause
    looked_at: int
    is_all_looked_at: bool


def count_words(kept: int, kept_size: int, gone: int, shown: int, held_back: int) -> str:
    """“1,200 entries, 3.4 KiB”, with what of them is not in the list, and why.

    `gone` are those let go, `held_back` those that a pause holds back; `shown` are in the list.
    """
    if not kept:
        return ""
    parts = [f"{kept:,} {'entry' if kept == 1 else 'entries'}, {size(kept_size)}"]
    if gone:
        parts.append(f"{gone:,} let go")
    if shown + gone + held_back < kept:
        parts.append(f"{shown:,} shown")
    if held_back:
        parts.append(f"{held_back:,} held back")
    return " · ".join(parts)
