"""A file that is sent as a message: as text or as binary."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property

from spacebeam.ui.composer.draft_error import DraftError
from spacebeam.wording.i18n import _

_CHUNK = 256 * 1024  # bytes; the decoder holds up other threads while it reads one


@dataclass(frozen=True)
class Attachment:
    """A file's name, safe to show, and contents. `bad_byte` takes a second for 64 MiB."""

    name: str
    contents: bytes

    @cached_property
    def bad_byte(self) -> int | None:
        """The offset of the first byte that is not UTF-8; None if all is text."""
        decoder = codecs.getincrementaldecoder("utf-8")()
        for start in range(0, len(self.contents) + 1, _CHUNK):
            pending = len(decoder.getstate()[0])  # bytes of a character that was cut
            chunk = self.contents[start : start + _CHUNK]
            try:
                decoder.decode(chunk, final=start + _CHUNK > len(self.contents))
            except UnicodeDecodeError as error:
                return start - pending + error.start
        return None

    @cached_property
    def reads_as_text(self) -> bool:
        """Whether it is proposed as text: UTF-8 without null bytes."""
        return bool(self.contents) and self.bad_byte is None and b"\0" not in self.contents

    def message(self, *, is_text: bool) -> str | bytes:
        """Return the message. Raises DraftError if it is to be text and is none."""
        if not is_text:
            return self.contents
        if self.bad_byte is not None:
            raise DraftError(self.not_text_words)
        return self.contents.decode()

    @property
    def not_text_words(self) -> str:
        """Why it cannot be sent as text."""
        where = (
            _("byte {offset:,}").format(offset=self.bad_byte)
            if self.bad_byte is not None
            else "nothing"
        )
        return _("“{name}” is not text in UTF-8: {where} is invalid. Send it as binary.").format(
            name=self.name, where=where
        )
