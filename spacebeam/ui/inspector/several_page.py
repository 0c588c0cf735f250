"""The inspector while several entries are selected."""

from __future__ import annotations

from collections.abc import Iterator

from gi.repository import Gtk

from spacebeam.decode.preview import size
from spacebeam.recording.errors import RecordingError
from spacebeam.search.selected import Chunk
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_SLICE_S = 0.003


@template("several_page.ui")
class SeveralPage(Gtk.Box):
    """Says how many entries are selected and how large they are, and offers what can be done."""

    __gtype_name__ = "SpacebeamSeveralPage"

    _count_label: Gtk.Label = Gtk.Template.Child()
    _size_label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._size = 0
        self._adding = SlicedTask(_SLICE_S, self._on_added)

    def show_selected(self, count: int, chunks: Iterator[Chunk]) -> None:
        """Show the number of entries, and the sum of their sizes once it is known."""
        self._count_label.set_text(_("{count:,} entries selected").format(count=count))
        self._size, words = 0, self._size_label.get_text()
        self._adding.start(self._added(chunks))
        if self._adding.is_busy and words == self._size_label.get_text():
            self._size_label.set_text("…")

    def clear(self) -> None:
        """Stop adding sizes."""
        self._adding.stop()

    def _added(self, chunks: Iterator[Chunk]) -> Iterator[None]:
        try:
            for chunk in chunks:
                self._size += chunk.size
                yield
        except RecordingError:
            self._size = -1

    def _on_added(self) -> None:
        self._size_label.set_text(
            _("Some entries cannot be read") if self._size < 0 else size(self._size)
        )
