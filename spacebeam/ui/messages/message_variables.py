"""The variables of a tab in its composer: marked, proposed, and how many will be replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.connections.tab_connection import TabConnection
from spacebeam.ui.handlers import weak_handlers

if TYPE_CHECKING:
    from spacebeam.ui.variables.known import Known


@weak_handlers
class MessageVariables:
    """Follows what the tab knows."""

    def __init__(self, composer: Composer, connection: TabConnection) -> None:
        self._composer = composer
        self._connection = connection
        # Not at the start: the field is GtkSourceView's.
        from spacebeam.ui.variables.editor_variables import EditorVariables

        self._variables = EditorVariables(composer.editor, self._known, self._show_words)
        self._handler = connection.connect("variables-changed", self._on_variables_changed)

    def close(self) -> None:
        """Disconnect the signals."""
        self._connection.disconnect(self._handler)

    def _known(self) -> Known:
        return self._connection.variables.known

    def _show_words(self, words: str) -> None:
        label = self._composer.variables_label
        label.set_text(words)
        label.set_visible(bool(words))

    def _on_variables_changed(self, _connection: TabConnection) -> None:
        self._variables.refresh()
