"""Fills in the first screen from a pasted command line or a list of headers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacebeam.exchange.command_lines.pasted_connection import (
    LeftOut,
    LeftOutKind,
    PasteError,
    PasteProblem,
)
from spacebeam.exchange.command_lines.reading import read
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.wording.pasted import left_out_summary, left_out_words, paste_problem_words

if TYPE_CHECKING:
    from spacebeam.ui.options.connection_options import ConnectionOptions
    from spacebeam.ui.pages.connection_page import ConnectionPage


def fill_in(page: ConnectionPage, options: ConnectionOptions, text: str, before: str = "") -> bool:
    """Fill in what a text says; return whether it is more than an address.

    The page gets its address, `options` all else. Headers without an address are for the one
    `before`.
    """
    try:
        pasted = read(text)
        if pasted is None:
            return False
        address = pasted.address or before
        if not _is_address(address) and not pasted.address:
            raise PasteError(PasteProblem.NO_ADDRESS)
    except PasteError as error:
        page.show_failure(*paste_problem_words(error.problem))
        return True
    left_out = pasted.left_out
    if pasted.messages:
        left_out = (*left_out, LeftOut(LeftOutKind.MESSAGE))
    page.fill_in(address, left_out_summary(left_out), left_out_words(left_out))
    options.store(address, pasted.profile)
    return True


def _is_address(text: str) -> bool:
    try:
        parse(text)
    except EndpointError:
        return False
    return True
