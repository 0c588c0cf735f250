"""Goes through the messages that were sent, as a shell does, while nothing else is typed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Message = str | bytes


class Recall:
    """The place in a history: of the message that is shown, or after the newest one."""

    def __init__(self) -> None:
        self.read: Callable[[], Sequence[Message]] = tuple  # returns the history, newest last
        self.begin: Callable[[], object] = tuple  # called before the newest message is shown
        self._messages: list[Message] = []
        self._place = 0  # of the message that is shown; their number if none is
        self._shown = ""  # as it was put into the text field

    def shows(self, typed: str) -> bool:
        """Return whether the text is empty or a message that was not edited."""
        return typed in ("", self._shown)

    def older(self, typed: str) -> Message | None:
        """Return the message before the one that is shown; None if there is none."""
        if not typed:  # begin at the newest
            self.begin()
            self._messages = list(self.read())
            self._place = len(self._messages)
        if self._place == 0:
            return None
        self._place -= 1
        return self._messages[self._place]

    def newer(self) -> Message | None:
        """Return the message after the one that is shown; "" after the newest, None after that."""
        if self._place >= len(self._messages):
            return None
        self._place += 1
        return self._messages[self._place] if self._place < len(self._messages) else ""

    def put(self, typed: str, message: Message) -> None:
        """Note how a message was put into the text field; older ones are older than this one."""
        self._shown = typed
        if self._messages[self._place : self._place + 1] != [message]:
            self._messages = list(self.read())
            found = message in self._messages
            self._place = self._messages.index(message) if found else len(self._messages)
