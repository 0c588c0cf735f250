"""What a person sees and does in the inspector."""

from __future__ import annotations

import re

from gi.repository import GObject, Gtk

from tests.support.waiting import eventually
from tests.ui.doing import descendants, key, text
from tests.ui.pageobjects.page import Page


class InspectorPage(Page[Gtk.Widget]):
    """The inspector, or a part of it."""

    @property
    def _view(self) -> Gtk.TextView:
        return next(one for one in descendants(self.widget, Gtk.TextView) if not one.get_editable())

    @property
    def _drop_down(self) -> Gtk.DropDown:
        return next(descendants(self.widget, Gtk.DropDown))

    @property
    def is_writing_note(self) -> bool:
        """Whether keys go into the field for the entry's note."""
        root = self.widget.get_root()
        focus = root.get_focus() if isinstance(root, Gtk.Window) else None
        return focus is not None and focus.is_ancestor(self.child("_note_row", Gtk.Widget))

    @property
    def buffer(self) -> Gtk.TextBuffer:
        """The text that is shown, with its colours."""
        return self._view.get_buffer()

    @property
    def text(self) -> str:
        return text(self.buffer)

    @property
    def size(self) -> int:
        """Number of characters that the text view has to lay out."""
        return int(self.buffer.get_char_count())

    @property
    def is_wrapped(self) -> bool:
        return self._view.get_wrap_mode() != Gtk.WrapMode.NONE

    @property
    def needs_no_sideways_scrolling(self) -> bool:
        adjustment = self._view.get_hadjustment()
        return adjustment is not None and adjustment.get_upper() <= adjustment.get_page_size()

    def copy(self, begin: int, end: int) -> None:
        """Select the text between two offsets, and press Ctrl+C."""
        self.select(begin, end)
        self._view.emit("copy-clipboard")

    def select(self, begin: int, end: int) -> None:
        """Select the text between two offsets, as with the pointer."""
        bounds = (self.buffer.get_iter_at_offset(place) for place in (begin, end))
        self.buffer.select_range(*bounds)

    def put_cursor(self, offset: int) -> None:
        """Click on a character."""
        self.buffer.place_cursor(self.buffer.get_iter_at_offset(offset))

    def do(self, action: str) -> None:
        """Choose an item of the text's menu, or press its key."""
        assert self._view.activate_action(f"inspector.{action}", None)

    async def offered_to_middle_click(self) -> str | None:
        """Return the text of the primary selection; None while there is none."""
        clipboard = self._view.get_primary_clipboard()
        has_text = clipboard.get_formats().contain_gtype(GObject.TYPE_STRING)
        return await clipboard.read_text_async(None) if has_text else None

    async def dragged(self, offset: int) -> str | None:
        """Return the text that is dragged from the character at this offset; None for nothing."""
        source = next(
            one for one in self._view.observe_controllers() if isinstance(one, Gtk.DragSource)
        )
        place = self._view.get_iter_location(self.buffer.get_iter_at_offset(offset))
        x, y = self._view.buffer_to_window_coords(
            Gtk.TextWindowType.WIDGET, place.x + place.width // 2, place.y + place.height // 2
        )
        provider = source.emit("prepare", x, y)
        if provider is None:
            return None
        clipboard = self._view.get_clipboard()
        clipboard.set_content(provider)
        return await clipboard.read_text_async(None)

    async def shows(self, expected: str) -> None:
        """Wait until this is the whole text."""
        await eventually(lambda: self.text == expected)

    async def wait_for(self, *expected: str) -> None:
        """Wait until labels have these texts."""
        await eventually(lambda: set(expected) <= set(self.words))

    @property
    def is_searched(self) -> bool:
        """Whether the search in the payload has ended."""
        return not any("so far" in one or "Looking for" in one for one in self.words)

    @property
    def match(self) -> int:
        """The current match, counted from 0; -1 for none."""
        found = (re.match(r"([0-9,]+) of .*(?: so far| in )", one) for one in self.words)
        return next((int(one[1].replace(",", "")) - 1 for one in found if one), -1)

    @property
    def page(self) -> int:
        """The number of the page as it is shown, counted from 1; 0 if there are no pages."""
        found = (re.match(r"Page ([0-9,]+)", one) for one in self.words)
        return next((int(one[1].replace(",", "")) for one in found if one), 0)

    # Formats

    @property
    def offered(self) -> list[str]:
        """The ways to read the payload."""
        model = self._drop_down.get_model()
        assert isinstance(model, Gtk.StringList)
        return [str(model.get_string(place)) for place in range(model.get_n_items())]

    @property
    def chosen(self) -> str:
        return self.offered[self._drop_down.get_selected()]

    def choose(self, label: str) -> None:
        self._drop_down.set_selected(self.offered.index(label))

    def toggle_tree(self) -> None:
        """Show JSON as text, or again as a tree."""
        self.press("Show JSON as a tree, or as text")

    # Colours

    def coloured(self, name: str) -> list[str]:
        """The texts that have a colour: of a style, of a “match” or of the “current-match”."""
        shown = self.text
        return [shown[start:end] for start, end in self.ranges(name)]

    def ranges(self, name: str) -> list[tuple[int, int]]:
        buffer = self.buffer
        tag = buffer.get_tag_table().lookup(name)
        assert tag is not None
        place, found = buffer.get_start_iter(), []
        while place.starts_tag(tag) or place.forward_to_tag_toggle(tag):
            if not place.starts_tag(tag):
                continue
            start = place.get_offset()
            place.forward_to_tag_toggle(tag)
            found.append((start, place.get_offset()))
        return found

    # Searching in the message

    @property
    def is_finding(self) -> bool:
        """Whether the field for words is on the screen, and keys go into it."""
        root = self.widget.get_root()
        focus = root.get_focus() if isinstance(root, Gtk.Window) else None
        return focus is not None and focus.is_ancestor(self._find_bar)

    @property
    def _find_bar(self) -> Gtk.Widget:
        return self.child("_find_bar", Gtk.Widget)

    def find(self, words: str) -> None:
        """Open the field and type words."""
        self.widget.activate_action("inspector.find", None)
        next(descendants(self._find_bar, Gtk.Entry)).set_text(words)

    def press_enter_in_find(self) -> None:
        next(descendants(self._find_bar, Gtk.Entry)).emit("activate")

    def press_key_in_find(self, pressed: int) -> bool:
        return key(self._find_bar, pressed, phase=Gtk.PropagationPhase.BUBBLE)

    # Places

    @property
    def scrolled(self) -> float:
        """How far the text is scrolled down, in pixels."""
        return self._adjustment.get_value()

    def sees(self, words: str) -> bool:
        """Whether the first place with these words is in sight."""
        place, seen = self.text.find(words), self._view.get_visible_rect()
        at = self._view.get_iter_location(self.buffer.get_iter_at_offset(max(place, 0)))
        return place >= 0 and seen.y <= at.y and at.y + at.height <= seen.y + seen.height

    @property
    def height(self) -> float:
        """The height of the text, as far as it is laid out."""
        return self._adjustment.get_upper()

    @property
    def scrolled_sideways(self) -> float:
        adjustment = self._view.get_hadjustment()
        return 0 if adjustment is None else adjustment.get_value()

    def scroll(self, pixels: float) -> None:
        self._adjustment.set_value(pixels)

    @property
    def is_at_end(self) -> bool:
        """Whether the last line can be seen."""
        view = self._view
        last, seen = view.get_iter_location(self.buffer.get_end_iter()), view.get_visible_rect()
        return bool(seen.y <= last.y and last.y + last.height <= seen.y + seen.height)

    @property
    def _adjustment(self) -> Gtk.Adjustment:
        adjustment = self._view.get_vadjustment()
        assert adjustment is not None
        return adjustment

    # The head

    @property
    def head(self) -> str:
        """The line with the direction, time, size and number."""
        return self.child("_title_label", Gtk.Label).get_text()

    @property
    def details(self) -> list[str]:
        """What the head's tooltip says, line by line."""
        return (self.child("_title_label", Gtk.Label).get_tooltip_text() or "").split("\n")

    # The note

    @property
    def shows_note(self) -> bool:
        """Whether the note's field is on the screen."""
        return self._note_entry.get_mapped()

    def erase_note(self) -> None:
        """Delete the text of the note."""
        self._note_entry.set_text("")

    @property
    def _note_entry(self) -> Gtk.Entry:
        *_others, last = descendants(self.widget, Gtk.Entry)
        return last

    @property
    def note(self) -> str:
        """The text in the note's field."""
        return self._note_entry.get_text()

    @property
    def note_cursor(self) -> int:
        """The position of the cursor in the note, in characters."""
        return self._note_entry.get_position()

    def move_note_cursor(self, position: int) -> None:
        self._note_entry.set_position(position)

    def type_before_note(self, text: str) -> None:
        """Type at the beginning of the note."""
        self._note_entry.get_buffer().insert_text(0, text, -1)

    def undo_in_note(self) -> None:
        """Press Ctrl+Z in the note."""
        delegate = self._note_entry.get_delegate()
        assert isinstance(delegate, Gtk.Text)
        delegate.activate_action("text.undo", None)

    @property
    def progress(self) -> float | None:
        """How far the progress bar is, from 0 to 1; None if there is none."""
        bars = [one for one in descendants(self.widget, Gtk.ProgressBar) if one.get_mapped()]
        return bars[0].get_fraction() if bars else None
