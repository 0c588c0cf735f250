"""Parses a close code and a reason as they are typed."""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.protocol.close import MAX_REASON, CloseCode, is_known, is_legal
from spacebeam.wording.closing import code_meaning
from spacebeam.wording.i18n import _

LEGAL = tuple(code for code in CloseCode if is_legal(code))


@dataclass(frozen=True, slots=True)
class CloseForm:
    """The content of a close frame."""

    code: int  # NO_STATUS without `even_illegal` is an empty close frame
    reason: str
    even_illegal: bool = False


class CloseFormError(ValueError):
    """The form is invalid; `field` is “code” or “reason”."""

    def __init__(self, field: str, explanation: str) -> None:
        super().__init__(explanation)
        self.field = field


def parse_close(code: int | str | None, reason: str, *, even_illegal: bool = False) -> CloseForm:
    """Return a close; `code` is a number, typed text, or None for an empty frame.

    Raises CloseFormError.
    """
    if code is None:
        if reason:
            raise CloseFormError("reason", _("A close frame without a code cannot have a reason."))
        return CloseForm(CloseCode.NO_STATUS, "")
    number = _number(code)
    if not even_illegal and not is_legal(number):
        raise CloseFormError("code", _forbidden(number))
    size = len(reason.encode())
    if size > MAX_REASON:
        raise CloseFormError(
            "reason",
            _("The reason has {size} bytes; at most {limit} fit.").format(
                size=size, limit=MAX_REASON
            ),
        )
    return CloseForm(number, reason, even_illegal and not is_legal(number))


def _number(code: int | str) -> int:
    if isinstance(code, int):
        return code
    typed = code.strip()
    if not typed:
        raise CloseFormError("code", _("Type a code."))
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 5 or int(typed) > 0xFFFF:
        raise CloseFormError("code", _("A code is a number from 0 to 65535."))
    return int(typed)


def _forbidden(number: int) -> str:
    known = f" ({code_meaning(number)})" if is_known(number) else ""
    return _("RFC 6455 forbids {number}{known} in a close frame.").format(
        number=number, known=known
    )
